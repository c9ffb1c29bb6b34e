import type { EventMetadata, Instant } from '../domain/events.js';
import type { Json } from '../domain/json.js';
import type { StreamName } from '../domain/stream.js';
import type { AppendOutcome } from './append-outcome.js';
import type { ExpectedRevision } from './expected-revision.js';
import type { Position } from './position.js';
import type { StoreClock } from './store-clock.js';

/** An event to append. `eventId`: 1–200 characters of any kind, unique within its stream for the stream's life. */
export interface NewEvent {
  readonly eventId: string;
  readonly type: string;
  readonly data: Json;
  readonly metadata: EventMetadata;
}

/** An event as the store gives it back, before anybody asked whether it is one of ours (see codec.ts). */
export interface StoredEvent extends NewEvent {
  readonly stream: StreamName;
  readonly revision: number;
  readonly position: Position;
  readonly recordedAt: Instant;
}

/**
 * A condition on another stream than the one appended to, or on the same:
 * its head is `revision` (−1: it does not exist), and no event of it has the id `absentId`.
 */
export interface Guard {
  readonly stream: StreamName;
  readonly revision: number;
  readonly absentId?: string;
}

/**
 * One conditional append: all of its events or none.
 * Judged in this order: the guard (its `absentId` stands in its stream → `already_there`; its revision is not the head →
 * `conflict`), an own event's id that stands in the stream → `already_there`, the expected revision → `conflict`;
 * else appended, or `confirmed` when `events` is empty.
 */
export interface Append {
  readonly stream: StreamName;
  readonly events: readonly NewEvent[];
  readonly expectedRevision: ExpectedRevision;
  readonly guard?: Guard | undefined;
  /** Who asks for it: where appends wait, these names take turns. */
  readonly by?: string | undefined;
}

export interface ReadStreamOptions {
  readonly direction?: 'forwards' | 'backwards';
  /** Inclusive; default: the first event forwards, the head backwards. */
  readonly fromRevision?: number;
  readonly limit?: number;
}

/** A part of the log by streams, in the order of their encoded names: those behind `after`, up to and including `to`. */
export interface StreamRange {
  readonly after: StreamName;
  readonly to: StreamName;
  /** Events up to this position. */
  readonly upTo: Position;
}

/** A page of the log, with the size of its payloads in characters, or of all of its text. */
export interface LogPage {
  readonly events: readonly StoredEvent[];
  readonly size: number;
}

/** The log stream by stream: whoever folds whole streams remembers one at a time. */
export interface StreamScan {
  /** Cuts a range into at most so many, of about as many events each. */
  split(range: StreamRange, partitions: number): Promise<StreamRange[]>;
  /**
   * The events of a range, stream after stream, in pages of any length; one snapshot for as long as it is read.
   * Throws when `signal` aborts.
   */
  read(range: StreamRange, signal: AbortSignal): AsyncIterable<LogPage>;
}

/**
 * How far a log goes that others write to as well, told at once however much they wrote: what is searched for among their
 * events goes on being searched for.
 */
export interface UnreadTail {
  /** The head; while it is searched for, the last event found so far. Given `atLeast`, as {@link EventStore.head}. */
  head(atLeast?: Position): Promise<Position>;
  /** When the first event behind `position` was recorded, if there is one; while it is searched for, a moment before that. */
  oldestAfter(position: Position): Promise<Instant | undefined>;
}

/** Of payload in a page of the log, beyond which it holds no further event: a thousand of the largest would be 16 GiB. */
export const PAGE_BYTES = 512 * 1024;

/**
 * The port every adapter implements whole (docs/architecture.md, The floors). Thrown errors are {@link StoreError}s: a lost
 * race is never among them. What is no {@link StoreError} is a mistake of the program, of one call alone, and says nothing of
 * the store.
 */
export interface EventStore {
  append(append: Append): Promise<AppendOutcome>;
  /** Independent appends, one outcome each, in order; they share commits but not fates: a failed one is an Error in its place. */
  appendMany(appends: readonly Append[]): Promise<(AppendOutcome | Error)[]>;
  /**
   * A page of one stream, of at most `limit` events (default 1,000) and no more payload than {@link PAGE_BYTES} and one event.
   * Empty behind the stream's end, and for a stream that does not exist. Whoever wants more goes on from the last event
   * (see stream-pages.ts).
   */
  readStream(stream: StreamName, options?: ReadStreamOptions): Promise<StoredEvent[]>;
  /** The revision of a stream's last event, {@link NO_STREAM} where there is none. Those asked for at once are read together. */
  lastRevision(stream: StreamName): Promise<number>;
  /**
   * The log of everything in commit order, `after` exclusive, every acknowledged append included. No reader ever skips an
   * event. Given `bytes`, no more payload
   * than that and one event; then a page of fewer than `limit` is not the last.
   */
  readAll(after: Position, limit: number, bytes?: number): Promise<StoredEvent[]>;
  /**
   * Pages of the log from `after` (exclusive) on, never empty, for ever; ends when `signal` aborts.
   * A page holds at most 8 MiB of payload and one event. May lag behind the other reads. Reconnects by itself; throws where the log is another one by then. The consumer's pace is its back-pressure.
   */
  subscribe(after: Position, signal: AbortSignal): AsyncIterable<StoredEvent[]>;
  /** Absent where the store has no such order; what it gives can then be had from `readAll` alone. */
  readonly streamScan?: StreamScan;
  findEvent(stream: StreamName, eventId: string): Promise<StoredEvent | undefined>;
  /**
   * The position of the last event of the log, {@link START} when it is empty. Given `atLeast`, any position that the log is
   * known to have reached will do, if it is not below that.
   */
  head(atLeast?: Position): Promise<Position>;
  /** Present where others write to the log, and to find the head may take long. */
  readonly soFar?: UnreadTail;
  /** When the event was recorded that stands at this very position; undefined where none does. */
  recordedAt(position: Position): Promise<Instant | undefined>;
  /**
   * The same log, for those who only look at it. They take nothing that deciding needs: they wait for each other, so many
   * and so long, and are told `overloaded` beyond that.
   */
  readonly reads: LogReads;
  /** Called whenever what was read before may no longer be trusted (a connection was lost). Returns the way to stop. */
  onReconnect(listener: () => void): () => void;
  /**
   * Whether one writer draws the positions: 1, 2, 3 … without gaps, so that their differences count events, and `recordedAt`
   * never runs backwards along them, but for one case (see store-clock.ts). Elsewhere it does not within a stream.
   */
  readonly densePositions: boolean;
  /** The clock of `recordedAt`, as far as this process knows it: what is compared with a stamp is read off it. */
  readonly clock: StoreClock;
  /** What was accepted is finished, then everything is let go; later calls fail as unavailable. */
  close(): Promise<void>;
}

/** What looks at the log and writes nothing. */
export type LogReads = Pick<
  EventStore,
  'readStream' | 'readAll' | 'subscribe' | 'findEvent' | 'head' | 'soFar' | 'densePositions'
>;

/** The dependency-injection tokens of the port, and of its {@link EventStore.reads}. */
export const EVENT_STORE = Symbol('EventStore');
export const LOG_READS = Symbol('LogReads');
