import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram } from '../support/process/program.js';
import { eventually } from '../support/eventually.js';

const DEMO = fileURLToPath(new URL('../../dist/src/cli/demo.js', import.meta.url));

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'interrupted-'));
  await chmod(base, 0o755);
});
afterEach(() => rm(base, { recursive: true }));

/** Everything that it says, and its end. */
const heard = (child: ChildProcess) => {
  const said = { text: '' };
  for (const output of [child.stdout!, child.stderr!])
    output.on('data', (piece: Buffer) => (said.text += piece.toString()));
  const end = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { said, end };
};
/** The processes of the database whose data lies below `folder`. */
const databases = async (folder: string): Promise<string[]> => {
  const ps = spawn('ps', ['-eo', 'args'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { said, end } = heard(ps);
  await end;
  return said.text.split('\n').filter((line) => line.includes(`postgres -D ${folder}`));
};
const demo = () => fork(DEMO, [], { env: { ...process.env, TMPDIR: base }, silent: true });

it('one Ctrl-C that comes twice, from the terminal and from npm, is one wish: the database is shut down', async () => {
  const { child, url, end } = startProgram({ DATABASE_URL: '', LEDGER_DATA_DIR: join(base, 'data') });
  await url;
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await end).toMatchObject({ code: 0, said: expect.stringMatching(/The ledger has stopped\.\n$/) });
  expect(await databases(base)).toEqual([]);
}, 60_000);

it('Ctrl-C of a start that is not done shuts the database down and says so', async () => {
  const { child, end } = startProgram({ DATABASE_URL: '', LEDGER_DATA_DIR: join(base, 'data') });
  await eventually(
    () => databases(base),
    (found) => found.length > 0,
  );
  child.kill('SIGINT');
  expect(await end).toMatchObject({ code: 0, said: expect.stringMatching(/^Stopped before the ledger served\.\n$/) });
  expect(await databases(base)).toEqual([]);
}, 60_000);

it.each([/Starting a ledger/, /1st order/])(
  'Ctrl-C of the demo once it says %s leaves neither folder nor ledger',
  async (when) => {
    const child = demo();
    const { said, end } = heard(child);
    await eventually(
      async () => (await readdir(base)).length > 0 && when.test(said.text),
      (yes) => yes,
    );
    child.kill('SIGINT');
    expect(await end).toBe(130);
    expect(said.text).toMatch(/\nStopped: the ledger of the demo is stopped and deleted\.\n$/);
    expect(await readdir(base)).toEqual([]);
    expect(await databases(base)).toEqual([]);
  },
  60_000,
);

it('the demo has a ledger of its own, fits a terminal of 80 columns, and leaves nothing behind', async () => {
  const child = demo();
  const { said, end } = heard(child);
  expect(await end).toBe(0);
  expect(said.text).toContain('Starting a ledger for the demo alone');
  expect(said.text.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  expect(await readdir(base)).toEqual([]);
  expect(await databases(base)).toEqual([]);
}, 60_000);
