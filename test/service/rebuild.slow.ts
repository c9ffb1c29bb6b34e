import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { eventually } from '../support/eventually.js';
import { caller } from '../support/ledger/ledger.js';
import { withClient } from '../support/store/postgres.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';

const { name } = executionStatus;
/** Two events each, and so two batches of a rebuild. */
const COUNT = 10_000;
let server: TestServer;
let program: Program;
let call: ReturnType<typeof caller>;

const start = (): Program => startProgram({ DATABASE_URL: server.url('postgres'), LOG_LEVEL: 'error' });
const serve = async (): Promise<void> => {
  program = start();
  call = caller(await program.url);
};
const end = async (signal: NodeJS.Signals): Promise<void> => {
  program.child.kill(signal);
  await program.end;
};
const sql = <R>(text: string, ...values: unknown[]): Promise<R[]> =>
  withClient(server.url('postgres'), async (client) => (await client.query(text, values)).rows as R[]);
const shown = async () => (await call('GET', `/projections/${name}`)).body;
const until = (holds: (view: Awaited<ReturnType<typeof shown>>) => boolean) => eventually(shown, holds);
/** What readers of the list are shown: how many executions, and how far it is. */
async function listed(): Promise<{ count: number; position: bigint }> {
  let [count, cursor] = [0, ''];
  for (;;) {
    const { body } = await call('GET', `/executions?limit=500${cursor}`);
    count += body.executions.length;
    if (body.next_cursor === undefined) return { count, position: BigInt(body.as_of.position) };
    cursor = `&cursor=${body.next_cursor}`;
  }
}

beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  await serve();
  const reports = Array.from({ length: COUNT }, (_, n) => ({ execution_id: `x-${n}`, status: 'running' }));
  expect((await call('POST', '/reports', reports)).status).toBe(200);
  await until(({ checkpoint }) => checkpoint === String(2 * COUNT));
}, 60_000);
afterAll(async () => {
  await end('SIGTERM');
  await server.stop();
}, 30_000);

it('a server killed in the middle of a rebuild goes on where it was when it is started again, and serves meanwhile', async () => {
  const { version } = await shown();
  expect((await call('POST', `/projections/${name}/rebuild`, { events_per_second: 1_000 })).status).toBe(202);
  const { rebuild } = await until((view) => view.rebuild?.events > 0); // and then rests, as slow as it is to go
  expect(rebuild).toMatchObject({ state: 'running', phase: 'loading' });
  const loaded = rebuild.events;
  expect(loaded).toBeLessThan(2_500); // a second's worth at a time, not a burst and a long rest
  await end('SIGKILL');
  await sql('update ledger.rebuilds set events_per_second = 3000');
  await serve();
  const before = await listed();
  expect(before.count).toBe(COUNT);
  const { body } = await call('POST', '/workflow/executions/events', { execution_id: 'late', status: 'running' });
  const going = await until((view) => view.rebuild.by !== undefined && view.rebuild.events > loaded);
  expect(going).toMatchObject({ version, rebuild: { version: rebuild.version, state: 'running' } });
  expect((await call('GET', `/executions?q=late&wait_for=${body.position}`)).body.executions).toHaveLength(1);
  const done = await until((view) => view.rebuild.state === 'swapped');
  // What was loaded before is not loaded again; what came since is on top.
  expect(done.rebuild.events).toBe(2 * COUNT + 2);
  expect(done).toMatchObject({ version: rebuild.version, rebuild: { rows: COUNT + 1, drift: { rows: 0 } } });
  const after = await listed();
  expect([after.count, after.position >= before.position]).toEqual([COUNT + 1, true]);
}, 90_000);

it('a server newer than the table serves the old one, has it made anew, and swaps', async () => {
  const { version } = await shown();
  await end('SIGTERM');
  await sql('update ledger.checkpoints set fold_version = fold_version - 1 where projection = $1', name);
  await serve();
  expect((await listed()).count).toBe(COUNT + 1);
  const done = await until((view) => view.version > version && view.rebuild.state !== 'verifying');
  expect(done.rebuild).toMatchObject({ state: 'swapped', drift: { rows: 0 } });
  const { body } = await call('POST', '/workflow/executions/events', { execution_id: 'new', status: 'running' });
  expect((await call('GET', `/executions?q=new&wait_for=${body.position}`)).body.executions).toHaveLength(1);
}, 90_000);

it('a server older than the table does not start, and says so in one line', async () => {
  await end('SIGTERM');
  await sql('update ledger.checkpoints set fold_version = fold_version + 1 where projection = $1 and live', name);
  const { code, said } = await start().end;
  expect(code).toBe(1);
  expect(said.trim()).toMatch(
    /^[^\n]*The read model execution-status is of version \d+, newer than this program's \d+\. Start the newer program\.$/,
  );
  await sql('update ledger.checkpoints set fold_version = fold_version - 1 where projection = $1 and live', name);
  await serve();
}, 60_000);
