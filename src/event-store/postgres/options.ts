import { performance } from 'node:perf_hooks';
import type { QueueLimits } from './append-queue.js';
import { PAGE_BYTES } from '../event-store.js';

/** How the PostgreSQL adapter is set up; times in ms. */
export interface PostgresOptions extends Partial<QueueLimits> {
  readonly connectionString: string;
  /** Refuse a server that may lose acknowledged events in a crash (fsync or synchronous_commit off). Default true. */
  readonly requireDurability?: boolean;
  /** Of one attempt to connect. Default 2,000. */
  readonly connectMs?: number;
  /** Of one call of `ledger.append`, its wait for the lock included: the server ends it then. Default 8,000. */
  readonly appendMs?: number;
  /** Of the wait for the append lock, after which the call is tried again. Default 5,000. */
  readonly lockMs?: number;
  /** How long appends are tried again when the database or the connection fails. Default 10,000. */
  readonly patienceMs?: number;
  /** Of an append's wait in the queue, and of a read's on which something is decided. Default 15,000. */
  readonly queueMs?: number;
  /** Of one read. Default 30,000. */
  readonly readMs?: number;
  /** How often a subscriber looks without having been told. Default 250. */
  readonly pollMs?: number;
  /** Connections for followers (`readAll`, `subscribe`), and for what else decisions are made on. Defaults 4 and 4. */
  readonly followerConnections?: number;
  readonly queryConnections?: number;
  /** Connections for those who only look (`reads`). Default 6. */
  readonly readerConnections?: number;
  /** How many of their reads wait at most, and for how long. Defaults 1,000 and 5,000. */
  readonly readersWaiting?: number;
  readonly readerWaitMs?: number;
  /** Events per page of `subscribe`. Default 1,000. */
  readonly pageSize?: number;
  /** Of payload in such a page, beyond which it holds no further event. Default 512 KiB. */
  readonly pageBytes?: number;
  /** A monotonic clock, for limits only. */
  readonly now?: () => number;
  /** This machine's clock, in milliseconds since 1970; the database's corrects it. */
  readonly ownClock?: () => number;
}

const DEFAULTS = {
  requireDurability: true,
  connectMs: 2_000,
  appendMs: 8_000,
  lockMs: 5_000,
  patienceMs: 10_000,
  queueMs: 15_000,
  readMs: 30_000,
  pollMs: 250,
  followerConnections: 4,
  queryConnections: 4,
  readerConnections: 6,
  readersWaiting: 1_000,
  readerWaitMs: 5_000,
  pageSize: 1_000,
  pageBytes: PAGE_BYTES,
  queueLength: 20_000,
  queueBytes: 64 * 1024 * 1024,
  batchLength: 512,
  batchBytes: 512 * 1024,
  now: (): number => performance.now(),
  ownClock: (): number => performance.timeOrigin + performance.now(),
} as const satisfies Omit<Required<PostgresOptions>, 'connectionString'>;

export const withDefaults = (options: PostgresOptions): Required<PostgresOptions> => ({ ...DEFAULTS, ...options });
