import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../support/process/command-line.js';
import { caller } from '../support/ledger/ledger.js';
import { eventually } from '../support/eventually.js';
import { startProgram, type Program } from '../support/process/program.js';

let base: string;
let env: Record<string, string>;
const programs: Program[] = [];

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'ledger-cli-'));
  await chmod(base, 0o755);
  env = { DATABASE_URL: '', LEDGER_DATA_DIR: join(base, 'data') };
});
afterAll(async () => {
  for (const { child } of programs) if (child.exitCode === null) child.kill('SIGTERM');
  await Promise.all(programs.map(({ end }) => end));
  await rm(base, { recursive: true });
}, 30_000);

const serve = async (more: Record<string, string> = {}): Promise<Program> => {
  const program = startProgram({ ...env, ...more, LOG_LEVEL: 'error' });
  programs.push(program);
  await program.url;
  return program;
};
const runs = () =>
  stat(join(base, 'data/postgres/data/postmaster.pid')).then(
    () => true,
    () => false,
  );
const cli = (...args: string[]) => commandLine(env, 'projections', ...args).end;

it('on an embedded database it starts what does not run, leaves what does, and makes none', async () => {
  expect(await cli('list')).toMatchObject({ code: 1, err: expect.stringContaining("there is no ledger's database") });
  await expect(stat(join(base, 'data'))).rejects.toThrow('ENOENT');
  const program = await serve();
  const call = caller(await program.url);
  await call('POST', '/workflow/executions/events', { execution_id: 'x', status: 'running' });
  await call('GET', '/executions?wait_for=2&limit=1');
  expect(await cli('verify', 'execution-status')).toMatchObject({
    code: 0,
    out: 'execution-status is verified: 1 rows compared, no drift\n',
  });
  expect((await call('GET', '//health/ready')).status).toBe(200);
  program.child.kill('SIGTERM');
  expect(await program.end).toMatchObject({ code: 0 });
  expect(await runs()).toBe(false);
  expect(await cli('rebuild', 'execution-status')).toMatchObject({
    code: 0,
    out: 'execution-status is rebuilt: version 3, 1 rows compared, no drift\n',
  });
  expect(await runs()).toBe(false);
}, 90_000);

it('verifies tables that nobody projects, as far as they stand', async () => {
  const program = await serve({ PROJECTOR: 'off' });
  await caller(await program.url)('POST', '/workflow/executions/events', { execution_id: 'y', status: 'running' });
  program.child.kill('SIGTERM');
  await program.end;
  expect(await cli('verify', 'execution-status', 'status-counts')).toMatchObject({
    code: 0,
    out: 'execution-status is verified: 1 rows compared, no drift\nstatus-counts is verified: 2 rows compared, no drift\n',
  });
}, 60_000);

it.each(['projections list', 'operations', 'keys list'])(
  'Ctrl-C of %s while the database starts for it shuts that down, and says so',
  async (command) => {
    const { child, end } = commandLine({ ...env, API_KEYS: 'all:a-key-of-20-characters' }, ...command.split(' '));
    await eventually(runs, (yes) => yes);
    child.kill('SIGINT');
    expect(await end).toEqual({ code: 130, out: '', err: 'execution-ledger: stopped\n' });
    expect(await runs()).toBe(false);
  },
  60_000,
);
