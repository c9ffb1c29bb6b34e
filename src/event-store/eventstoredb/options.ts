import { performance } from 'node:perf_hooks';
import type { Instant } from '../../domain/events.js';
import { PAGE_BYTES } from '../event-store.js';

/** How the EventStoreDB adapter is set up; times in ms. */
export interface EventStoreDbOptions {
  /** `esdb://[user:password@]host[:port][,host…][?tls=…&nodePreference=…]`, as the client documents it. */
  readonly url: string;
  /** The moment that an append is recorded at. */
  readonly clock: () => Instant;
  /** Of the wait for the answer to one append, after which its outcome is unknown. Default 4,000. */
  readonly answerMs?: number;
  /** How long an append is tried again while the store or the connection fails. Default 10,000. */
  readonly patienceMs?: number;
  /** Of one read, its connection included. Default 30,000. */
  readonly readMs?: number;
  /** Of the look at the log's head, and at one stream's. Default 5,000. */
  readonly headMs?: number;
  /**
   * How many reads of those who only look (`reads`) are under way, how many wait, and for how long. A server takes 100 calls
   * at once on a connection: those who decide find room beside them. Defaults 32, 1,000 and 5,000.
   */
  readonly readsAtOnce?: number;
  readonly readersWaiting?: number;
  readonly readerWaitMs?: number;
  /**
   * How long a stream that an append has begun is appended to without a look at what was kept about it before it was there.
   * Default 1,000: nothing ages out earlier.
   */
  readonly youngMs?: number;
  /** How many appends, and how many bytes of them, wait for an answer at most. Defaults 20,000 and 64 MiB. */
  readonly queueLength?: number;
  readonly queueBytes?: number;
  /** Events, and bytes of their payloads, per page of `subscribe`. Defaults 1,000 and 8 MiB. */
  readonly pageSize?: number;
  readonly pageBytes?: number;
  /** The longest wait before a lost subscription is opened again. Default 5,000. */
  readonly backOffMs?: number;
  /** A monotonic clock, for limits only. */
  readonly now?: () => number;
}

const DEFAULTS = {
  answerMs: 4_000,
  patienceMs: 10_000,
  readMs: 30_000,
  headMs: 5_000,
  readsAtOnce: 32,
  readersWaiting: 1_000,
  readerWaitMs: 5_000,
  youngMs: 1_000,
  queueLength: 20_000,
  queueBytes: 64 * 1024 * 1024,
  pageSize: 1_000,
  pageBytes: PAGE_BYTES,
  backOffMs: 5_000,
  now: (): number => performance.now(),
} as const satisfies Omit<Required<EventStoreDbOptions>, 'url' | 'clock'>;

export type Settings = Required<EventStoreDbOptions>;

export const withDefaults = (options: EventStoreDbOptions): Settings => ({ ...DEFAULTS, ...options });
