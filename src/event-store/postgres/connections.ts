import { setImmediate as nextTurn } from 'node:timers/promises';
import type pg from 'pg';
import { WakeSignal } from '../wake-signal.js';
import { createReadersQueue, createReadQueue, type ReadQueue } from '../read-queue.js';
import type { Position } from '../position.js';
import type { StoreClock } from '../store-clock.js';
import type { WrittenAppend } from './append-call.js';
import { AppendConnection } from './append-connection.js';
import { AppendQueue } from './append-queue.js';
import { GroupCommit } from './group-commit.js';
import { Listener } from './listener.js';
import { Notifier } from './notifier.js';
import type { PostgresOptions } from './options.js';
import type { Queryable } from './reader.js';
import { within } from '../../closing.js';
import { openPool } from '../../postgres/pool.js';
import type { SessionLimits } from '../../postgres/session.js';

/** How long what was accepted is waited for before its connection is let go of, in milliseconds. */
const IDLE_MS = 2_000;

/** As {@link openPool}, with an end to those who wait for its connections. */
function openQueue(connectionString: string, limits: SessionLimits, name: string, most: number, queue: ReadQueue) {
  const { pool, end } = openPool(connectionString, limits, name, most);
  const queries: Queryable = { query: (config) => queue(() => (pool as Queryable).query(config)) };
  return { queries, end };
}

/** Everything of the adapter that holds a connection, apart from each other: nobody waits for another's. */
export interface Connections {
  readonly queue: AppendQueue;
  readonly commits: GroupCommit;
  readonly followers: pg.Pool;
  /** Of those who decide. */
  readonly queries: Queryable;
  /** Of those who only look: whatever they do, the others go on. */
  readonly readers: Queryable;
  readonly listener: Listener;
  readonly wakeSignal: WakeSignal;
  /** Where the log is at least, as far as this process knows. */
  readonly reached: () => Position;
  /** What was accepted is finished, or given 2 s, then all connections are let go. */
  close(): Promise<void>;
}

/** What connections tell. */
export interface ConnectionEvents {
  readonly reconnected: () => void;
  /** A batch was committed; its callers have their answers. Never throws. */
  readonly written: (written: readonly WrittenAppend[]) => void;
}

/** Opens none yet: each connects when it is first used. */
export function prepareConnections(
  options: Required<PostgresOptions>,
  clock: StoreClock,
  heard: ConnectionEvents,
): Connections {
  const { connectionString, connectMs, lockMs, readMs, appendMs } = options;
  const reading = { connectMs, lockMs, statementMs: readMs };
  const appends = new AppendConnection(
    connectionString,
    { connectMs, lockMs, statementMs: appendMs },
    clock,
    heard.reconnected,
  );
  const followers = openPool(connectionString, reading, 'followers', options.followerConnections);
  const [deciding, looking] = [options.queryConnections, options.readerConnections];
  const { queueLength, queueMs, readersWaiting, readerWaitMs } = options;
  const turns = createReadQueue({ atOnce: deciding, waiting: queueLength, waitMs: queueMs });
  const queries = openQueue(connectionString, reading, 'queries', deciding, turns);
  const readersTurns = createReadersQueue({ atOnce: looking, waiting: readersWaiting, waitMs: readerWaitMs });
  const readers = openQueue(connectionString, reading, 'readers', looking, readersTurns);
  const wakeSignal = new WakeSignal();
  const listener = new Listener(connectionString, reading, wakeSignal);
  const notifier = new Notifier(connectionString, reading);
  const queue = new AppendQueue(options);
  // The answers of a batch, what is kept of it and what follows it have a turn each: of a large event each takes long.
  const tell = async (written: readonly WrittenAppend[]): Promise<void> => {
    await nextTurn();
    heard.written(written);
    await nextTurn();
    wakeSignal.notify();
  };
  const commits = new GroupCommit(queue, appends, {
    ...options,
    onAppended: (top, written) => {
      notifier.appended(top);
      void tell(written);
    },
  });
  const close = async (): Promise<void> => {
    await within(commits.idle(), IDLE_MS);
    listener.close();
    notifier.close();
    await Promise.all([appends.close(), followers.end(), queries.end(), readers.end()]);
  };
  return {
    queue,
    commits,
    followers: followers.pool,
    queries: queries.queries,
    readers: readers.queries,
    listener,
    wakeSignal,
    reached: () => appends.reached,
    close,
  };
}
