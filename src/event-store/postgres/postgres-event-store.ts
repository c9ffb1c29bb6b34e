import DataLoader from 'dataloader';
import { forEverybody } from '../../caller.js';
import type { StreamName } from '../../domain/stream.js';
import type { AppendOutcome } from '../append-outcome.js';
import type { Append, EventStore, LogReads } from '../event-store.js';
import { StoreError } from '../../errors.js';
import { StoreClock } from '../store-clock.js';
import { createStreamOrder } from './stream-scan.js';
import { prepareConnections, type ConnectionEvents } from './connections.js';
import { LogTail } from './log-tail.js';
import { withDefaults, type PostgresOptions } from './options.js';
import { encodeAppend } from './queued-append.js';
import {
  findEvent,
  pageOf,
  readAll,
  readHead,
  readLastRevisions,
  readPage,
  readStream,
  recordedAt,
  type Queryable,
} from './reader.js';
import { checkDatabase } from './start-checks.js';
import { followLog } from './subscription.js';

/** Of how many streams one query reads where they end. */
const STREAMS_AT_ONCE = 256;

/**
 * The event store in PostgreSQL. The schema is there already (see migrate.ts).
 * @throws StoreError `unavailable` when the server is not fit for it; the message says what to do.
 */
export async function openPostgresEventStore(given: PostgresOptions): Promise<EventStore> {
  const { connectionString, requireDurability, connectMs, lockMs, readMs } = withDefaults(given);
  const limits = { connectMs, lockMs, statementMs: readMs };
  const store = createPostgresEventStore(given);
  await checkDatabase(connectionString, limits, requireDurability, store.clock);
  return store;
}

/** As {@link openPostgresEventStore}, without looking at the server first: connects when it is used. */
export function createPostgresEventStore(given: PostgresOptions): EventStore {
  const options = withDefaults(given);
  const listeners = new Set<() => void>();
  const closed = new AbortController();
  const clock = new StoreClock(options.ownClock);
  const heard: ConnectionEvents = {
    reconnected: () => {
      tail.forget();
      listeners.forEach((tell) => tell());
    },
    written: (written) => {
      const { append, outcome } = written[0]!;
      try {
        tail.written(outcome.position - BigInt(append.events.length), () => pageOf(written));
      } catch {
        tail.forget(); // its callers have their answers, and the batch is not sent again: readers read it
      }
    },
  };
  const { queue, commits, followers, queries, readers, listener, wakeSignal, reached, close } = prepareConnections(
    options,
    clock,
    heard,
  );
  const tail = new LogTail((after) => readPage(followers, after, options.pageSize, options.pageBytes), {
    events: 4 * options.pageSize,
    size: options.pageBytes,
  });
  const unlessClosed = <T>(use: () => Promise<T>): Promise<T> =>
    closed.signal.aborted ? Promise.reject(closing()) : use();

  /** Settles with the outcome, or the error that stands in its place. */
  const enqueue = (append: Append): Promise<AppendOutcome | Error> =>
    new Promise((answer) => {
      try {
        if (closed.signal.aborted) throw closing();
        queue.put(encodeAppend(append, options.now() + options.queueMs, answer));
        commits.wake();
      } catch (error) {
        answer(error as Error);
      }
    });

  // A report's receipt needs one: 64 reports would make as many calls, each at nearly the price of one for all of them.
  const lastRevisions = new DataLoader<StreamName, number>(
    (streams) => forEverybody(() => readLastRevisions(queries, streams)),
    { cache: false, maxBatchSize: STREAMS_AT_ONCE, batchScheduleFn: setImmediate },
  );

  /** The log through these connections: those for single streams and the head, and those for pages of all. */
  const readsThrough = (streams: Queryable, log: Queryable): LogReads => ({
    densePositions: true,
    readStream: (stream, choice = {}) => unlessClosed(() => readStream(streams, stream, choice)),
    readAll: (after, limit, bytes) =>
      unlessClosed(async () => {
        const next = limit === 1 ? tail.next(after) : undefined;
        return next ? [next] : readAll(log, after, limit, bytes);
      }),
    subscribe: (after, signal) => {
      listener.start();
      return followLog(tail, wakeSignal, after, AbortSignal.any([signal, closed.signal]), options.pollMs);
    },
    findEvent: (stream, eventId) => unlessClosed(() => findEvent(streams, stream, eventId)),
    head: (atLeast) =>
      unlessClosed(async () => (atLeast !== undefined && atLeast <= reached() ? reached() : readHead(streams))),
  });

  return {
    ...readsThrough(queries, followers),
    lastRevision: (stream) => unlessClosed(() => lastRevisions.load(stream)),
    recordedAt: (position) => unlessClosed(() => recordedAt(queries, position)),
    clock,
    reads: readsThrough(readers, readers),
    append: (append) => enqueue(append).then(outcomeOrThrow),
    appendMany: (appends) => Promise.all(appends.map(enqueue)),
    streamScan: createStreamOrder(options),
    onReconnect: (tell) => {
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
    close: async () => {
      if (closed.signal.aborted) return;
      closed.abort();
      await close();
    },
  };
}

const closing = (): StoreError => new StoreError('unavailable', 'The event store is closing');

function outcomeOrThrow(outcome: AppendOutcome | Error): AppendOutcome {
  if (outcome instanceof Error) throw outcome;
  return outcome;
}
