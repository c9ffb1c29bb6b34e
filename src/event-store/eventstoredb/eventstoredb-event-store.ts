import { within } from '../../closing.js';
import type { AppendOutcome } from '../append-outcome.js';
import { checkAppend } from '../check-append.js';
import type { Append, EventStore, LogReads, ReadStreamOptions, StoredEvent } from '../event-store.js';
import { StoreError } from '../../errors.js';
import type { Position } from '../position.js';
import { createReadersQueue, type ReadQueue } from '../read-queue.js';
import { InFlightAppends } from './in-flight-appends.js';
import { StoreClock } from '../store-clock.js';
import { appendOne, findEvent, type AppendContext } from './appender.js';
import { BatchAppends } from './batch-appends.js';
import { Connection } from './connection.js';
import { StreamHeads } from './stream-heads.js';
import { withDefaults, type EventStoreDbOptions } from './options.js';
import { LogHead } from './log-head.js';
import { MetadataWatch } from './metadata-watch.js';
import { readAll, recordedAt } from './log-reader.js';
import { ScannedLog } from './scanned-log.js';
import { propose } from './event-mapping.js';
import { StreamLocks } from './stream-locks.js';
import { lastRevision, readStream } from './stream-reader.js';
import { followLog } from './subscription.js';
import { WholeStreams } from './whole-streams.js';

/** How long what was accepted may take once the store closes, in milliseconds; then its calls are ended. */
const CLOSE_MS = 2_000;

/**
 * The event store in EventStoreDB or KurrentDB, one node or a cluster. Connects when it is used.
 * @throws Error when the URL is none the client knows; the message does not repeat it
 */
export function createEventStoreDbEventStore(given: EventStoreDbOptions): EventStore {
  const settings = withDefaults(given);
  const listeners = new Set<() => void>();
  const closed = new AbortController();
  const heads = new StreamHeads();
  const looked = new ScannedLog();
  const lost = (error: unknown): void => {
    heads.forget(); // another leader may know another end of a stream
    looked.doubt();
    void anyNode.renew(error).catch(() => undefined);
    listeners.forEach((tell) => tell());
  };
  const leader = Connection.toLeader(settings.url, lost);
  const anyNode = Connection.toAnyNode(settings.url);
  const batch = new BatchAppends(leader, settings.answerMs, settings.now);
  const clock = new StoreClock(() => Date.parse(settings.clock()));
  const watch = new MetadataWatch(leader, heads, settings, closed.signal);
  const whole = new WholeStreams(leader, heads, watch, settings);
  const to: AppendContext = { leader, batch, heads, whole, clock, locks: new StreamLocks(), settings };
  const accepted = new InFlightAppends(settings.queueLength, settings.queueBytes);

  const closing = (): StoreError => new StoreError('unavailable', 'The event store is closing');
  const unlessClosed = <T>(use: () => Promise<T>): Promise<T> =>
    closed.signal.aborted ? Promise.reject(closing()) : use();

  async function append(one: Append): Promise<AppendOutcome> {
    if (closed.signal.aborted) throw closing();
    const refusal = checkAppend(one);
    if (refusal) throw refusal;
    const { events, bytes } = propose(one.events);
    return accepted.during(bytes, () => appendOne(to, one, events));
  }

  async function read(stream: string, options: ReadStreamOptions): Promise<StoredEvent[]> {
    const events = await readStream(leader, stream, options, settings.readMs);
    if (options.direction !== 'backwards') heads.learn(stream, events);
    return events;
  }

  const head = new LogHead(leader, looked, settings);
  const log = {
    looked,
    recordedAt: (position: Position) => unlessClosed(() => recordedAt(leader, looked, position, settings.readMs)),
  };

  /** Whatever is asked for once is asked of the leader: another node may answer from the past, and nobody could tell. */
  const readsThrough = (turn: ReadQueue, follow: Connection): LogReads => ({
    densePositions: false,
    readStream: (stream, options = {}) => unlessClosed(() => turn(() => read(stream, options))),
    readAll: (after, limit, bytes = Infinity) =>
      unlessClosed(() => turn(() => readAll(leader, looked, after, { limit, bytes }, settings.readMs))),
    subscribe: (after, signal) => followLog(follow, log, after, AbortSignal.any([signal, closed.signal]), settings),
    findEvent: (stream, eventId) => unlessClosed(() => turn(() => findEvent(to, stream, eventId))),
    head: () => unlessClosed(() => turn(() => head.exact())),
    soFar: {
      head: (atLeast) => unlessClosed(() => turn(() => head.soFar(atLeast))),
      oldestAfter: (position) => unlessClosed(() => turn(() => head.oldestAfter(position))),
    },
  });
  const { readsAtOnce: atOnce, readersWaiting: waiting, readerWaitMs: waitMs } = settings;

  return {
    ...readsThrough((use) => use(), anyNode),
    lastRevision: (stream) => unlessClosed(() => lastRevision(leader, stream, settings.readMs)),
    recordedAt: log.recordedAt,
    clock,
    reads: readsThrough(createReadersQueue({ atOnce, waiting, waitMs }), leader),
    append,
    appendMany: (appends) => Promise.all(appends.map((one) => append(one).catch((error: unknown) => error as Error))),
    onReconnect: (tell) => {
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
    close: async () => {
      if (closed.signal.aborted) return;
      closed.abort();
      await within(accepted.done(), CLOSE_MS);
      await Promise.all([leader.close(), anyNode.close()]);
    },
  };
}
