import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { projectionLockKey } from '../../src/projection-tables/locks.js';
import { eventually } from '../support/eventually.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

let database: TestDatabase;
let started: TestLedger[];
const start = async (env: Record<string, string> = {}): Promise<TestLedger> => {
  const ledger = await startTestLedger(env, database);
  started.push(ledger);
  return ledger;
};

beforeEach(async () => {
  database = await createTestDatabase();
  started = [];
}, 30_000);
afterEach(async () => {
  await Promise.all(started.map((ledger) => ledger.close()));
  await database.drop();
}, 30_000);

const sql = <R extends object>(text: string, ...values: unknown[]): Promise<R[]> =>
  withClient(database.connectionString, async (client) => (await client.query(text, values)).rows as R[]);
const COUNT = `select count(*)::int as all, count(distinct stream)::int as streams from ledger.events
  where type = 'ExecutionTimedOut'`;
const timedOut = async (): Promise<{ all: number; streams: number }> =>
  (await sql<{ all: number; streams: number }>(COUNT))[0]!;
const leader = async (): Promise<number | undefined> =>
  (
    await sql<{ pid: number }>(
      `select pid from pg_locks where locktype = 'advisory' and granted and objid = $1
          and database = (select oid from pg_database where datname = current_database())`,
      projectionLockKey('deadlines'),
    )
  )[0]?.pid;
const register = async ({ call }: TestLedger, count: number, more: object): Promise<void> => {
  const reports = Array.from({ length: count }, (_, n) => n);
  await Promise.all(reports.map(() => call('POST', '/executions', more)));
};
const verdicts = async ({ call }: TestLedger): Promise<number> => {
  const { text } = await call('GET', '//metrics');
  return [...text.matchAll(/^ledger_verdicts_total\{source="time_out".*\} (\d+)$/gm)]
    .map(([, count]) => Number(count))
    .reduce((a, b) => a + b, 0);
};

it('a restart misses none: what came due while nobody was there is timed out by who comes', async () => {
  const first = await start({ PROJECTOR: 'off' });
  await register(first, 50, { timeout_ms: 1 });
  await first.close();
  expect(await timedOut()).toEqual({ all: 0, streams: 0 });
  await start();
  await eventually(timedOut, ({ streams }) => streams >= 50);
  expect(await timedOut()).toEqual({ all: 50, streams: 50 });
}, 30_000);

it('two servers time each out once; when the one that leads loses its connection, the other goes on', async () => {
  const both = [await start(), await start()] as const;
  await register(both[0], 300, { timeout_ms: 300 });
  await register(both[1], 300, { timeout_ms: 600 });
  const before = await eventually(leader, (pid) => pid !== undefined);
  await eventually(timedOut, ({ all }) => all >= 100);
  await sql('select pg_terminate_backend($1::integer)', before);
  await eventually(timedOut, ({ streams }) => streams >= 600);
  expect(await timedOut()).toEqual({ all: 600, streams: 600 });
  expect(await leader()).not.toBe(before);
}, 30_000);

it('a server that does not project times nothing out', async () => {
  const [silent, leading] = [await start({ PROJECTOR: 'off' }), await start()];
  await register(silent, 20, { timeout_ms: 1 });
  await eventually(timedOut, ({ all }) => all >= 20);
  expect(await verdicts(silent)).toBe(0);
  expect(await verdicts(leading)).toBe(20);
}, 30_000);

it('what was timed out is asked for once, however long its row says otherwise', async () => {
  const ledger = await start();
  await register(ledger, 200, { deadline: new Date(Date.now() + 8_000).toISOString() });
  const { body } = await ledger.call('GET', '/events?limit=1&after=199');
  expect((await ledger.call('GET', `/executions?limit=1&wait_for=${body.head_position}`)).status).toBe(200);
  await ledger.call('POST', '/projections/execution-status/pause');
  await eventually(timedOut, ({ all }) => all >= 200);
  const rows = `select count(*)::int as count from ledger.execution_status where due_at is not null`;
  const looksUntil = Date.now() + 1_500;
  while (Date.now() < looksUntil) expect(await sql(rows)).toEqual([{ count: 200 }]);
  expect(await verdicts(ledger)).toBe(200);
  await ledger.call('POST', '/projections/execution-status/resume');
  await eventually(
    () => sql<{ count: number }>(rows),
    ([row]) => row!.count === 0,
  );
  expect(await timedOut()).toEqual({ all: 200, streams: 200 });
}, 30_000);

it('a table that an older program made is waited for, and what is due is timed out when it is there', async () => {
  await (await start()).close();
  await sql(`update ledger.checkpoints set fold_version = 1 where projection = 'execution-status'`);
  const ledger = await start();
  await register(ledger, 5, { timeout_ms: 1 });
  await eventually(leader, (pid) => pid !== undefined);
  await sql(`update ledger.checkpoints set fold_version = 2 where projection = 'execution-status'`);
  await ledger.call('POST', '/projections/execution-status/resume');
  await eventually(timedOut, ({ all }) => all >= 5);
  expect(await timedOut()).toEqual({ all: 5, streams: 5 });
}, 30_000);

it('stops at once, with more due than it could do in that time', async () => {
  const quiet = await start({ PROJECTOR: 'off' });
  for (let n = 0; n < 4; n++) await register(quiet, 300, { timeout_ms: 1 });
  const ledger = await start();
  await eventually(timedOut, ({ all }) => all > 0);
  await ledger.close();
  const done = (await timedOut()).all;
  expect(done).toBeLessThan(1_200);
  await start();
  await eventually(timedOut, ({ streams }) => streams >= 1_200);
  expect(await timedOut()).toEqual({ all: 1_200, streams: 1_200 });
}, 60_000);
