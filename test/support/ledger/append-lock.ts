import pg from 'pg';
import { appendCall } from '../../../src/event-store/postgres/append-call.js';
import { encodeAppend } from '../../../src/event-store/postgres/queued-append.js';
import type { StreamName } from '../../../src/domain/stream.js';
import { moment } from './handling.js';
import { withClient } from '../store/postgres.js';

const KEY = `'ledger.events'::regclass::oid::integer, 1`;
const WAITING = `select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted
  and classid = 'ledger.events'::regclass and objid = 1
  and database = (select oid from pg_database where datname = current_database())`;

/** The lock that every append takes, held on a connection of its own: whoever appends meanwhile lines up behind it, in order. */
export interface AppendLock {
  /** Until so many stand in that line. The test's own time limit is the bound. */
  waiting(count: number): Promise<void>;
  /** Appends while nobody else can, wherever the stream stands; others see it once the lock is let go. */
  append(stream: StreamName, type: string, data: object): Promise<void>;
  release(): Promise<void>;
}

/** Stands in the line itself until it is there. */
export async function lockAppends(connectionString: string): Promise<AppendLock> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query('begin');
  await client.query(`select pg_advisory_xact_lock(${KEY})`);
  let appended = 0;
  return {
    waiting: (count) =>
      withClient(connectionString, async (looking) => {
        while ((await looking.query<{ count: number }>(WAITING)).rows[0]!.count < count) await moment();
      }),
    append: async (stream, type, data) => {
      const event = {
        eventId: `${stream}-${process.pid}-${performance.now()}-${++appended}`,
        type,
        data,
        metadata: {},
      };
      const append = encodeAppend({ stream, events: [event], expectedRevision: 'any' }, Infinity, () => undefined);
      await client.query(appendCall([append]));
    },
    release: async () => {
      await client.query('commit');
      await client.end();
    },
  };
}

/**
 * Asks, and comes first so often: each time what was asked is about to be appended, the stream has moved on before it is its
 * turn. Nobody else may be appending.
 */
export async function overtake<T>(
  connectionString: string,
  stream: StreamName,
  times: number,
  ask: () => Promise<T>,
): Promise<T> {
  let held = await lockAppends(connectionString);
  const answer = ask();
  for (let n = 0; n < times; n++) {
    await held.waiting(1);
    const next = lockAppends(connectionString);
    await held.waiting(2);
    await held.append(stream, 'ExecutionProgressed', { attempt: 1, message: `before you, ${n}` });
    await held.release();
    held = await next;
  }
  await held.release();
  return answer;
}
