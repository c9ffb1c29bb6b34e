import { randomUUID } from 'node:crypto';
import { Records } from './records.js';

/** What somebody wants written. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface StoredEvent extends ProposedEvent {
  /** Byte offset in the log; the server gives it as commit and as prepare position. */
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  /** 100-nanosecond ticks since the Unix epoch. */
  readonly created: bigint;
}

/** One record of the log; those without an event (epochs, appends of nothing) take room and a boundary, no more. */
export interface LogRecord {
  readonly position: bigint;
  readonly end: bigint;
  readonly event?: StoredEvent;
}

/** The revision of a tombstone, which is also what `$tb` of a softly deleted stream says. */
export const DELETED = 9223372036854775807n;
/** The last revision of a stream that has none. */
export const NO_STREAM = -1n;

/** Bytes of a record besides names and bodies: lengths, flags, ids, times. */
const overhead = 88;
const epochBytes = 180;
/** Bytes of an event of another application: small ones, of which there are most. */
const elsewhereBytes = 256;
const ticksPerMs = 10_000n;
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

export const noBytes = new Uint8Array();
export const jsonEvent = (type: string, data: string): ProposedEvent => ({
  id: randomUUID(),
  type,
  isJson: true,
  data: bytes(data),
  metadata: noBytes,
});

const orderPlaced = jsonEvent('OrderPlaced', '{}');

/** One of a million: what is not asked for is not made. */
class ElsewhereEvent implements StoredEvent {
  constructor(
    readonly stream: string,
    readonly created: bigint,
    readonly position: bigint,
    private readonly offset: number,
  ) {}
  readonly type = orderPlaced.type;
  readonly isJson = orderPlaced.isJson;
  readonly data = orderPlaced.data;
  readonly metadata = orderPlaced.metadata;

  get id(): string {
    return `00000000-0000-4000-8000-${this.position.toString(16).padStart(12, '0')}`;
  }

  get revision(): bigint {
    return BigInt(this.offset);
  }
}

/** The transaction file that all nodes of a cluster share: records in order, addressed by byte offset. */
export class Log {
  readonly #records = new Records();
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #flushed = new Set<() => void>();

  constructor(private readonly now: () => number) {
    this.#seed();
  }

  /** Where the next record will begin: the writer's checkpoint. */
  get end(): bigint {
    return this.#records.end;
  }

  get size(): number {
    return this.#records.size;
  }

  at(index: number): LogRecord | undefined {
    return this.#records.at(index);
  }

  /** The index of the record that begins at a position; the end counts as a boundary too. */
  indexAt(position: bigint): number | undefined {
    return this.#records.indexAt(position);
  }

  events(stream: string): readonly StoredEvent[] {
    return this.#streams.get(stream) ?? [];
  }

  lastRevision(stream: string): bigint {
    return this.events(stream).at(-1)?.revision ?? NO_STREAM;
  }

  /** Writes events one after another, and {@link mark}s the log when there are none; answers the last position. */
  write(stream: string, first: bigint, events: readonly ProposedEvent[]): bigint {
    if (events.length === 0) return this.mark(overhead + stream.length).position;
    const written = events.map((event, offset) => this.#put(stream, first + BigInt(offset), event));
    return written[written.length - 1]!.position;
  }

  /** A record without an event: the log moves on, nobody reads it. */
  mark(size: number): LogRecord {
    return this.#append({ position: this.end, end: this.end + BigInt(size) });
  }

  /** Events of other applications, which nobody reads but in `$all`: each is made when it is looked at. */
  writeElsewhere(count: number): void {
    const [created, size] = [BigInt(this.now()) * ticksPerMs, BigInt(elsewhereBytes)];
    const stream = `elsewhere-${this.end}`;
    const record = (offset: number, position: bigint): LogRecord => {
      return { position, end: position + size, event: new ElsewhereEvent(stream, created, position, offset) };
    };
    this.#records.pushRun({ count, size, record });
  }

  /** Tells the nodes that there is more to index, once per append: an append is seen whole or not at all. */
  flush(): void {
    for (const tell of this.#flushed) tell();
  }

  onFlush(tell: () => void): void {
    this.#flushed.add(tell);
  }

  #put(stream: string, revision: bigint, event: ProposedEvent): StoredEvent {
    const size = overhead + bytes(stream).length + bytes(event.type).length + event.data.length + event.metadata.length;
    const position = this.end;
    const created = BigInt(this.now()) * ticksPerMs;
    const stored: StoredEvent = { ...event, position, stream, revision, created };
    this.#append({ position, end: position + BigInt(size), event: stored });
    const events = this.#streams.get(stream);
    if (events) events.push(stored);
    else this.#streams.set(stream, [stored]);
    return stored;
  }

  #append(record: LogRecord): LogRecord {
    this.#records.push(record);
    return record;
  }

  /** What a new database holds before anybody appends, so that nobody takes `$all` for their own events. */
  #seed(): void {
    this.mark(epochBytes);
    this.write('$epoch-information', 0n, [jsonEvent('$epoch-information', '{"epochNumber":0}')]);
    this.write('$$$stats-127.0.0.1:2113', 0n, [jsonEvent('$metadata', '{"$maxAge":86400}')]);
    this.write('$user-admin', 0n, [jsonEvent('$UserCreated', '{"loginName":"admin"}')]);
    this.write('$users', 0n, [{ ...jsonEvent('$User', 'admin'), isJson: false }]);
  }
}
