import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { usingWrapping } from '../../support/process/wrapping.js';

const [ALL, REPORTS] = ['all-of-it-0123456789', 'reports-0123456789abc'];
const at = usingWrapping({ API_KEYS: `all:${ALL},reports:${REPORTS}:report` });
const show = async (id: string) =>
  (await at.call('GET', `/executions/${id}`, undefined, { authorization: `Bearer ${ALL}` })).body;

it('a key that may only report has a program reported, and starts none where the ledger would have to decide', async () => {
  const env = { LEDGER_KEY: REPORTS };
  const { code, err } = await at.run(['--id', 'told', '--', 'sh', '-c', 'exit 3'], env);
  expect(code).toBe(3);
  expect(err.toString()).toMatch(/^execution-ledger: told: .*scope/);
  expect(await show('told')).toMatchObject({ status: 'failed', error_status_code: 3, target: 'sh' });
  const once = await at.run(['--id', 'asked', '--once', '--', 'echo', 'started'], env);
  expect([once.code, once.out.toString()]).toEqual([125, '']);
}, 30_000);

it('the key of a file is the key of what is run, and a wrong one stops no program', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'key-')), 'key');
  await writeFile(file, `${ALL}\n`);
  const script = 'echo $LEDGER_KEY $LEDGER_KEY_FILE';
  const { code, out } = await at.run(['--id', 'filed', '--', 'sh', '-c', script], { LEDGER_KEY_FILE: file });
  expect([code, out.toString()]).toEqual([0, `${ALL}\n`]);
  expect((await show('filed')).status).toBe('succeeded');
  const wrong = await at.run(['--', 'echo', 'ran'], { LEDGER_KEY: 'another-0123456789abc' });
  expect([wrong.code, wrong.out.toString()]).toEqual([0, 'ran\n']);
  expect(wrong.err.toString()).toMatch(/runs without the ledger/);
}, 30_000);

it('a command line that is wrong starts nothing, and says what is', async () => {
  for (const args of [['--timeout', '5'], ['--label', 'x'], ['--id', 'a~2'], ['--nonesuch'], ['--url', 'ftp://x']]) {
    const { code, out, err } = await at.run([...args, '--', 'echo', 'started'], { LEDGER_KEY: ALL });
    expect([args, code, out.toString()]).toEqual([args, 2, '']);
    expect(err.toString()).not.toBe('');
  }
  expect((await at.run([])).code).toBe(2);
}, 60_000);

it('shows how it is used', async () => {
  const { code, out } = await at.run(['--help']);
  expect(code).toBe(0);
  for (const option of ['--once', '--resume', '--require-ledger', '--grace', '-- ./backup.sh'])
    expect(out.toString()).toContain(option);
  expect(out.toString()).not.toMatch(/^.{101}/m);
}, 30_000);
