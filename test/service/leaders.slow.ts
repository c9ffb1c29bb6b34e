import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { eventually } from '../support/eventually.js';
import { caller } from '../support/ledger/ledger.js';
import { startLoad, type Load } from '../support/ledger/load.js';
import { withClient } from '../support/store/postgres.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';

/** Within which another process projects, once the one that did cannot. */
const TAKEOVER_MS = 2_000;

let server: TestServer;
let programs: Program[];
let load: Load | undefined;

beforeEach(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  programs = [];
}, 30_000);
afterEach(async () => {
  await load?.stop();
  for (const { child } of programs) child.kill('SIGKILL');
  await Promise.all(programs.map(({ end }) => end));
  await server.stop();
}, 30_000);

async function serve(): Promise<{ program: Program; call: ReturnType<typeof caller> }> {
  const program = startProgram({ DATABASE_URL: server.url('postgres'), LOG_LEVEL: 'error' });
  programs.push(program);
  return { program, call: caller(await program.url) };
}
type View = { name: string; state: string; leader?: { pid: number }; verify?: { state: string; drift: object } };
const views = async (call: ReturnType<typeof caller>): Promise<View[]> =>
  (await call('GET', '/projections')).body.projections;
const leaders = async (call: ReturnType<typeof caller>): Promise<(number | undefined)[]> =>
  (await views(call)).map(({ leader }) => leader?.pid);
const led = (pids: readonly (number | undefined)[]) => pids.every((pid) => pid !== undefined);

/** Two servers, the first of which leads everything, with producers at the second. */
async function twoServers() {
  const one = await serve();
  const first = await eventually(() => leaders(one.call), led);
  const other = await serve();
  load = startLoad(other.call, 8);
  await load.more('acknowledged', 100);
  expect(await leaders(other.call)).toEqual(first);
  return { one, other, first: first as number[] };
}

/** From now until another leads each projection, and what is reported now can be read. */
async function takeover(call: ReturnType<typeof caller>, first: readonly number[]): Promise<number> {
  const at = performance.now();
  await eventually(
    () => leaders(call),
    (pids) => led(pids) && pids.every((pid, n) => pid !== first[n]),
  );
  const { body } = await call('POST', '/workflow/executions/events', { execution_id: 'after', status: 'running' });
  expect((await call('GET', `/executions?q=after&wait_for=${body.position}`)).body.executions).toHaveLength(1);
  return performance.now() - at;
}

/** Nothing was projected twice or left out: every table is what the log comes to. */
async function expectRight(call: ReturnType<typeof caller>): Promise<void> {
  await load!.stop();
  for (const { name } of PROJECTIONS) {
    await call('POST', `/projections/${name}/verify`);
    const { verify } = await eventually(
      async () => (await views(call)).find((view) => view.name === name)!,
      (view) => view.verify?.state === 'verified',
    );
    expect(verify!.drift).toMatchObject({ rows: 0 });
  }
}

it('a server that leads and is killed is succeeded in time', async () => {
  const { one, other, first } = await twoServers();
  one.program.child.kill('SIGKILL');
  expect(await takeover(other.call, first)).toBeLessThan(TAKEOVER_MS);
  await expectRight(other.call);
}, 60_000);

it('a server that leads and is stopped, loses its sessions and is revived projects nothing twice', async () => {
  const { one, other, first } = await twoServers();
  one.program.child.kill('SIGSTOP');
  await withClient(server.url('postgres'), (client) =>
    client.query('select pg_terminate_backend(pid) from unnest($1::integer[]) pid', [first]),
  );
  expect(await takeover(other.call, first)).toBeLessThan(TAKEOVER_MS);
  await load!.more('acknowledged', 100);
  one.program.child.kill('SIGCONT');
  await eventually(
    () => one.call('GET', '//health/ready'),
    ({ status }) => status === 200,
  );
  await load!.more('acknowledged', 100);
  expect(await leaders(one.call)).toEqual(await leaders(other.call));
  await expectRight(one.call);
}, 60_000);
