import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { prepareDatabase } from '../../src/composition/prepare-database.js';
import { commandLine } from '../support/process/command-line.js';
import { withClient } from '../support/store/postgres.js';
import { startServer, type TestServer } from '../support/store/server.js';
import { eventually } from '../support/eventually.js';

const EXECUTIONS = 40_000;
const EVENTS = 3 * EXECUTIONS;

/** A log as reports would have left it: more than is worth a thread's while. */
const FILL = `
  insert into ledger.events (position, recorded_at, revision, stream, event_id, type, data, metadata)
  select p, timestamptz '2026-01-01' + p * interval '1 ms', rev, 'execution-' || md5((p % ${EXECUTIONS})::text), p::text,
         (array['ExecutionRegistered', 'ExecutionStarted', 'ExecutionSucceeded'])[rev + 1],
         (array['{"target":"t"}', '{"attempt":1}', '{"attempt":1,"authority":"worker"}'])[rev + 1],
         '{"reporter":{"actor":"w","authority":"worker"}}'
    from (select p, ((p - 1) / ${EXECUTIONS})::int as rev from generate_series(1, ${EVENTS}) p) log`;

let server: TestServer;
const url = (): string => server.url('postgres');
const sql = (text: string) => withClient(url(), async (client) => (await client.query(text)).rows);
const run = (...args: string[]) => commandLine({ DATABASE_URL: url() }, 'projections', ...args);
const reading = () => sql(`select pid from pg_stat_activity where application_name like '%streams'`);
const record = async () =>
  (await sql(`select state, paused, events::int from ledger.rebuilds where projection = 'execution-status'`))[0];

beforeAll(async () => {
  server = await startServer([]);
  await prepareDatabase({ url: url() });
  await sql(FILL);
}, 120_000);
afterAll(() => server.stop());

it('a large log is loaded by threads; stopped in the middle, all of them stop, and nothing is loaded twice', async () => {
  const interrupted = run('rebuild', 'execution-status');
  await eventually(reading, (sessions) => sessions.length >= 2);
  await sql('update ledger.rebuilds set events_per_second = 20000'); // heeded on the way
  await eventually(record, ({ events }) => events > 0);
  interrupted.child.kill('SIGINT');
  expect(await interrupted.end).toMatchObject({ code: 130, err: expect.stringContaining('go on with:') });
  await eventually(reading, (sessions) => sessions.length === 0);
  const stopped = (await record())!;
  expect(stopped).toMatchObject({ state: 'running', paused: true });
  expect(stopped.events).toBeGreaterThan(0);
  expect(stopped.events).toBeLessThan(EVENTS);

  const done = await run('rebuild', 'execution-status', '--events-per-second', '1000000').end;
  expect(done).toMatchObject({ code: 0, err: expect.stringMatching(/120,000 of 120,000 events/) });
  expect(await record()).toMatchObject({ state: 'swapped', events: EVENTS });
  const [rows] = await sql(`select count(*)::int as count, count(distinct execution_id)::int as executions,
      sum(revision)::int as revisions from ledger.execution_status where status = 'succeeded' and sealed`);
  expect(rows).toEqual({ count: EXECUTIONS, executions: EXECUTIONS, revisions: 2 * EXECUTIONS });
}, 120_000);
