import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createReadQueue } from '../../src/event-store/read-queue.js';
import { openReadPool, type ReadPool } from '../../src/projection-tables/read-pool.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

const CONNECTIONS = 2;
let database: TestDatabase;
let pool: ReadPool;
beforeAll(async () => {
  database = await createTestDatabase();
  const queue = createReadQueue({ atOnce: CONNECTIONS, waiting: 100, waitMs: 10_000 });
  pool = openReadPool(database.connectionString, 'read-pool', CONNECTIONS, queue);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const pidOf = async (session: pg.ClientBase): Promise<number> =>
  (await session.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
/** The processes of the server that the pool is connected to. */
const connected = async (): Promise<number[]> => {
  const text = `select pid from pg_stat_activity where application_name = 'execution-ledger read-pool'
     and datname = current_database()`;
  const rows = await withClient(database.connectionString, async (client) => (await client.query(text)).rows);
  return rows.map(({ pid }: { pid: number }) => pid);
};

describe('a session of the pool', () => {
  it('is one connection for all of what runs in it, and there are no more of them than the pool has', async () => {
    const pids = await Promise.all(
      Array.from({ length: 20 }, () =>
        pool.inSession(async (session) => {
          const pid = await pidOf(session);
          expect(await pidOf(session)).toBe(pid);
          return pid;
        }),
      ),
    );
    expect(new Set(pids).size).toBeLessThanOrEqual(CONNECTIONS);
  });

  it('is not used again where what ran in it failed: a transaction may be open, a lock held', async () => {
    let failed = 0;
    await expect(
      pool.inSession(async (session) => {
        failed = await pidOf(session);
        await session.query('begin');
        await session.query('select 1/0');
      }),
    ).rejects.toMatchObject({ message: expect.stringContaining('division by zero') });
    const next = await Promise.all([pool.inSession(pidOf), pool.inSession(pidOf)]);
    expect(next).not.toContain(failed);
  });

  it.each([
    ['between two statements', false],
    ['in a statement', true],
  ])('that dies %s is an outage of the store, and the next one works', async (_when, working) => {
    const died = pool.inSession(async (session) => {
      const pid = await pidOf(session);
      const sleeping = working ? session.query('select pg_sleep(60)') : undefined;
      sleeping?.catch(() => undefined);
      await withClient(database.connectionString, (client) => client.query('select pg_terminate_backend($1)', [pid]));
      await eventually(connected, (pids) => !pids.includes(pid));
      return sleeping ?? pidOf(session);
    });
    await expect(died).rejects.toMatchObject({ name: 'StoreError', kind: 'unavailable' });
    expect(await pool.inSession(pidOf)).toBeGreaterThan(0);
  });
});
