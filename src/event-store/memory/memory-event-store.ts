import { parseJson } from '../../encoding/json.js';
import type { EventMetadata, Instant } from '../../domain/events.js';
import { NO_STREAM, type StreamName } from '../../domain/stream.js';
import type { AppendOutcome } from '../append-outcome.js';
import { WakeSignal } from '../wake-signal.js';
import { stampAfter, StoreClock } from '../store-clock.js';
import { checkAppend } from '../check-append.js';
import {
  PAGE_BYTES,
  type Append,
  type EventStore,
  type LogReads,
  type ReadStreamOptions,
  type StoredEvent,
} from '../event-store.js';
import { StoreError } from '../../errors.js';
import { eventText } from '../event-text.js';
import { matchesExpected } from '../expected-revision.js';
import { START, type Position } from '../position.js';

/** An event with its payloads as text: what a reader gets is nobody else's object. */
type StoredRecord = Omit<StoredEvent, 'data' | 'metadata'> & { readonly text: { data: string; metadata: string } };

const PAGE = 1_000;
const POLL_MS = 1_000;

const eventOf = ({ text, ...event }: StoredRecord): StoredEvent => ({
  ...event,
  data: parseJson(text.data),
  metadata: parseJson(text.metadata) as EventMetadata,
});

const there = ({ stream, revision, position }: StoredRecord): AppendOutcome => ({
  outcome: 'already_there',
  stream,
  revision,
  position,
});

/** The log in this process's memory: for tests and trials, gone with the process. */
class Log {
  readonly all: StoredRecord[] = [];
  private readonly streams = new Map<StreamName, { events: StoredRecord[]; byId: Map<string, StoredRecord> }>();

  constructor(
    private readonly now: () => Instant,
    private readonly clock: StoreClock,
    private readonly wakeSignal: WakeSignal,
  ) {}

  stream(name: StreamName): readonly StoredRecord[] {
    return this.streams.get(name)?.events ?? [];
  }

  find(stream: StreamName, eventId: string): StoredRecord | undefined {
    return this.streams.get(stream)?.byId.get(eventId);
  }

  append(append: Append): AppendOutcome {
    const { stream, events, expectedRevision, guard } = append;
    const bound = guard?.absentId === undefined ? undefined : this.find(guard.stream, guard.absentId);
    if (bound) return there(bound);
    const guarded = guard ? this.stream(guard.stream).length - 1 : NO_STREAM;
    if (guard && guard.revision !== guarded) return { outcome: 'conflict', stream: guard.stream, actual: guarded };
    const known = events.map(({ eventId }) => this.find(stream, eventId)).find(Boolean);
    if (known) return there(known);
    const actual = this.stream(stream).length - 1;
    if (!matchesExpected(expectedRevision, actual)) return { outcome: 'conflict', stream, actual };
    return events.length === 0 ? { outcome: 'confirmed' } : this.write(append);
  }

  private write({ stream, events }: Append): AppendOutcome {
    const texts = events.map(eventText); // may refuse: before the first is written
    const entry = this.streams.get(stream) ?? { events: [], byId: new Map<string, StoredRecord>() };
    this.streams.set(stream, entry);
    const { at: recordedAt, aheadMs } = stampAfter(this.all.at(-1)?.recordedAt, this.now());
    if (aheadMs > 0) this.clock.notFollowed(aheadMs);
    for (const [i, { eventId, type }] of events.entries()) {
      const position = BigInt(this.all.length + 1);
      const kept = { eventId, type, stream, revision: entry.events.length, position, recordedAt, text: texts[i]! };
      this.all.push(kept);
      entry.events.push(kept);
      entry.byId.set(eventId, kept);
    }
    this.wakeSignal.notify();
    return { outcome: 'appended', revision: entry.events.length - 1, position: BigInt(this.all.length), recordedAt };
  }
}

function page(
  events: readonly StoredRecord[],
  { direction = 'forwards', fromRevision, limit = PAGE }: ReadStreamOptions,
): StoredEvent[] {
  const head = events.length - 1;
  const from = Math.min(fromRevision ?? (direction === 'forwards' ? 0 : head), head + 1);
  const kept =
    direction === 'forwards'
      ? events.slice(from, from + limit)
      : events.slice(Math.max(Math.min(from, head) + 1 - limit, 0), from + 1).reverse();
  return fitting(kept, PAGE_BYTES).map(eventOf);
}

/** Those that come before so many characters of payload, and the one that reaches them. */
function fitting(events: readonly StoredRecord[], bytes: number): StoredRecord[] {
  let size = 0;
  return events.filter(({ text }) => {
    const fits = size < bytes;
    size += text.data.length + text.metadata.length;
    return fits;
  });
}

/** The event store in memory. `clock` gives the instant that an append is recorded at. */
export function createMemoryEventStore(now: () => Instant): EventStore {
  const clock = new StoreClock(() => Date.parse(now()));
  const wakeSignal = new WakeSignal();
  const log = new Log(now, clock, wakeSignal);
  const closed = new AbortController();
  const closing = (): StoreError => new StoreError('unavailable', 'The event store is closing');

  /** Every call answers later, as a real store does: nobody comes to rely on an answer within the same turn. */
  async function later<T>(use: () => T): Promise<T> {
    if (closed.signal.aborted) throw closing();
    await undefined;
    return use();
  }
  const append = (one: Append): Promise<AppendOutcome> =>
    later(() => {
      const refusal = checkAppend(one);
      if (refusal) throw refusal;
      return log.append(one);
    });

  const read = (after: Position, limit: number, bytes = Infinity): StoredEvent[] =>
    fitting(log.all.slice(Number(after), Number(after) + limit), bytes).map(eventOf);

  async function* subscribe(after: Position, signal: AbortSignal): AsyncIterable<StoredEvent[]> {
    const ended = AbortSignal.any([signal, closed.signal]);
    while (!ended.aborted) {
      const since = wakeSignal.version();
      const events = read(after, PAGE, PAGE_BYTES);
      after = events.at(-1)?.position ?? after;
      if (events.length > 0) yield events;
      else await wakeSignal.wait(since, POLL_MS, ended);
    }
  }

  const reads: LogReads = {
    densePositions: true,
    readStream: (stream, options = {}) => later(() => page(log.stream(stream), options)),
    readAll: (after, limit, bytes) => later(() => read(after, limit, bytes)),
    subscribe,
    findEvent: (stream, eventId) => later(() => log.find(stream, eventId)).then((kept) => kept && eventOf(kept)),
    head: () => later(() => log.all.at(-1)?.position ?? START),
  };
  return {
    ...reads,
    lastRevision: (stream) => later(() => log.stream(stream).at(-1)?.revision ?? NO_STREAM),
    recordedAt: (position) => later(() => log.all[Number(position) - 1]?.recordedAt),
    clock,
    reads,
    append,
    appendMany: (appends) => Promise.all(appends.map((one) => append(one).catch((error: unknown) => error as Error))),
    onReconnect: () => () => undefined,
    close: async () => closed.abort(),
  };
}
