import { afterEach, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestLedger, type Answer, type TestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';
import { idle, moment } from '../support/ledger/handling.js';

let database: TestDatabase;
let ledger: TestLedger;

beforeEach(async () => {
  database = await createTestDatabase();
  ledger = await startTestLedger({}, database);
}, 30_000);
afterEach(async () => {
  await ledger.close();
  await database.drop();
});

const report = (execution_id: string, status: string) =>
  ledger.call('POST', '/workflow/executions/events', { execution_id, status });
const sql = async (text: string): Promise<Record<string, string>[]> =>
  withClient(database.connectionString, async (client) => (await client.query<Record<string, string>>(text)).rows);
const ofTheLedger = `select application_name as name, wait_event_type as waits from pg_stat_activity
  where datname = current_database() and application_name like 'execution-ledger %'`;

it('answers what was accepted, turns away what comes later, and lets go of everything', async () => {
  const holder = new pg.Client(database);
  await holder.connect();
  await holder.query(`select pg_advisory_lock('ledger.events'::regclass::oid::integer, 1)`); // nobody can append
  let arrived = 0;
  ledger.ledger.app.getHttpServer().on('request', () => arrived++);
  const accepted = Array.from({ length: 20 }, (_, n) => report(`x${n}`, 'running'));
  while (arrived < 20 || !(await sql(ofTheLedger)).some(({ waits }) => waits === 'Lock')) await moment();
  const closing = ledger.ledger.close();
  await idle();
  const late = await report('late', 'running').then(
    ({ status }) => status,
    () => 'refused' as const,
  );
  expect([503, 'refused']).toContain(late);
  await holder.end();
  const answers = await Promise.all(accepted);
  expect(answers.map(({ status, body }) => [status, body.verdict])).toEqual(Array(20).fill([200, 'applied']));
  await closing;
  const [{ count }] = (await sql(`select count(distinct stream) as count from ledger.events`)) as [{ count: string }];
  expect(Number(count)).toBe(20);
  while ((await sql(ofTheLedger)).length > 0) await moment();
}, 20_000);

it.each<[string, string, (answer: Answer) => void]>([
  [
    'for an end',
    '/executions/one?until=terminal&wait_ms=30000',
    ({ status, body }) => expect([status, body.status]).toEqual([200, 'running']),
  ],
  [
    'for more of a history',
    '/executions/one/events?from_revision=2&wait_ms=30000',
    ({ status, body }) => expect([status, body.events]).toEqual([200, []]),
  ],
  [
    'for the log',
    '/events?after=2&wait_ms=30000',
    ({ status, body }) => expect([status, body.events]).toEqual([200, []]),
  ],
])(
  'a read held %s is answered with what stands',
  async (_what, path, right) => {
    await report('one', 'running');
    const held = ledger.call('GET', path);
    while (!(await sql(ofTheLedger)).some(({ name }) => name?.endsWith('listener'))) await moment();
    const at = performance.now();
    await ledger.ledger.close();
    right(await held);
    expect(performance.now() - at).toBeLessThan(5_000);
  },
  20_000,
);

it('a read that waits for the projection is told that it has not come that far', async () => {
  const behind = await startTestLedger({ PROJECTOR: 'off' }, await createTestDatabase());
  const { body } = await behind.call('POST', '/workflow/executions/events', { execution_id: 'one', status: 'running' });
  const held = behind.call('GET', `/executions?wait_for=${body.position}&wait_ms=30000`);
  const waits = `select from pg_stat_activity where datname = current_database() and application_name like '%waiters'`;
  const { connectionString, drop } = behind.database;
  while ((await withClient(connectionString, (client) => client.query(waits))).rowCount === 0) await moment();
  const at = performance.now();
  await behind.close();
  expect(await held).toMatchObject({ status: 503, body: { type: '/problems/not_yet_projected' } });
  expect(performance.now() - at).toBeLessThan(5_000);
  await drop();
}, 40_000);
