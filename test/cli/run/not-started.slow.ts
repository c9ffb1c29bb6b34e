import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { usingWrapping } from '../../support/process/wrapping.js';

const KEY = 'all-of-it-0123456789';
const at = usingWrapping({ API_KEYS: `all:${KEY}` });
const freshState = () => mkdtemp(join(tmpdir(), 'state-'));

/** The files below a folder, and everything that stands in them. */
async function left(folder: string): Promise<{ files: string[]; text: string }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const texts = files.map((file) => (file.isFile() ? readFile(join(file.parentPath, file.name), 'utf8') : ''));
  return { files: files.map(({ name }) => name), text: (await Promise.all(texts)).join('\n') };
}

it.each([['--once'], ['--resume'], ['--require-ledger']])(
  'with %s a command whose wrapper is ended before the ledger answered is not started, and nothing is reported of it',
  async (option) => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const state = await freshState();
    const { child, ended } = at.start(['--id', 'early', option, '--', 'echo', 'ran'], {
      LEDGER_URL: url,
      LEDGER_STATE_DIR: state,
    });
    await once(silent, 'connection');
    child.kill('SIGTERM');
    silent.close();
    const { code, out, err } = await ended;
    expect([code, out.toString()]).toEqual([143, '']);
    expect(err.toString()).toBe('execution-ledger: early: not started: SIGTERM came before the ledger answered\n');
    expect(await left(state)).toEqual({ files: [], text: '' });
  },
  30_000,
);

it.each([['--once'], ['--resume']])(
  'with %s and a key that the ledger does not know a command is not started, for nobody decided',
  async (option) => {
    const env = { LEDGER_KEY: 'another-0123456789abc', LEDGER_STATE_DIR: await freshState() };
    const { code, out, err } = await at.run(['--id', 'unknown', option, '--', 'echo', 'ran'], env);
    expect([code, out.toString()]).toEqual([125, '']);
    expect(err.toString()).toMatch(/^execution-ledger: unknown: not started: /);
  },
  30_000,
);

it('a command that is not started leaves no file behind, whether somebody else runs it or it is told wrongly', async () => {
  const state = await freshState();
  const env = { LEDGER_KEY: KEY, LEDGER_STATE_DIR: state };
  expect((await at.run(['--id', 'done', '--once', '--', 'true'], env)).code).toBe(0);
  expect((await at.run(['--id', 'done', '--once', '--', 'true'], env)).err.toString()).toMatch(/not started/);
  expect((await at.run(['--id', 'x'.repeat(10_000), '--', 'true'], env)).code).toBe(2);
  expect((await left(state)).files).toEqual([]);
}, 30_000);
