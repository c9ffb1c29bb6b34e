import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { ProcessExit } from '../../support/process/wrapped.js';
import { usingWrapping } from '../../support/process/wrapping.js';

const RACERS = 20;
const at = usingWrapping();

/** Has many processes start the same thing at once; how they ended, and how often it was started. */
async function race(args: readonly string[], script = ''): Promise<{ ended: ProcessExit[]; starts: string[] }> {
  const file = join(await mkdtemp(join(tmpdir(), 'race-')), 'starts');
  await writeFile(file, '');
  const started = `echo $EXECUTION_REPORT_AS >> ${file}; ${script}`;
  const ended = await Promise.all(Array.from({ length: RACERS }, () => at.run([...args, '--', 'sh', '-c', started])));
  return { ended, starts: (await readFile(file, 'utf8')).split('\n').slice(0, -1) };
}

it('of 20 processes that start the same id once, one does, and the others end with 0 and say why', async () => {
  const { ended, starts } = await race(['--id', 'nightly', '--once']);
  expect(starts).toEqual(['nightly~1']);
  expect(ended.map(({ code }) => code)).toEqual(ended.map(() => 0));
  const lines = ended.map(({ err }) => err.toString()).filter((line) => line !== '');
  expect(lines).toHaveLength(RACERS - 1);
  for (const line of lines)
    expect(line).toMatch(/^execution-ledger: nightly: not started: the ledger has it as \w+, in attempt 1\n$/);
  expect(await at.show('nightly')).toMatchObject({ status: 'succeeded', attempt: 1 });
}, 120_000);

it('one that failed is started again by one of those that resume it, as its next attempt', async () => {
  expect((await at.run(['--id', 'flaky', '--once', '--', 'sh', '-c', 'exit 3'])).code).toBe(3);
  const refused = await at.run(['--id', 'flaky', '--once', '--', 'echo', 'started']);
  expect([refused.code, refused.out.toString()]).toEqual([0, '']);
  expect(refused.err.toString()).toMatch(/the ledger has it as failed, in attempt 1; --resume starts it again/);
  const { ended, starts } = await race(['--id', 'flaky', '--once', '--resume'], 'exit 4');
  // A late one may find that the second attempt has failed, too: it starts the third.
  expect(starts.length).toBeGreaterThan(0);
  expect(starts).toEqual(starts.map((_, n) => `flaky~${n + 2}`));
  expect(ended.filter(({ code }) => code === 4)).toHaveLength(starts.length);
  expect(ended.filter(({ code }) => code === 0)).toHaveLength(RACERS - starts.length);
  expect(await at.show('flaky')).toMatchObject({ status: 'failed', attempt: starts.length + 1, error_status_code: 4 });
}, 120_000);

it('an id that is over is not run again, unless it failed and is resumed; without --once that is a failure', async () => {
  expect((await at.run(['--id', 'over', '--resume', '--', 'true'])).code).toBe(0);
  for (const more of [[], ['--resume']]) {
    const { code, out } = await at.run(['--id', 'over', ...more, '--', 'echo', 'started']);
    expect([code, out.toString()]).toEqual([125, '']);
  }
}, 60_000);

it('whoever registers an execution leaves its start to a run with its id, and a resume the start of the next attempt', async () => {
  await at.call('POST', '/executions', { execution_id: 'submitted', input: { rows: 7 } });
  expect((await at.run(['--id', 'submitted', '--', 'false'])).code).toBe(1);
  await at.call('POST', '/executions/submitted/resume');
  const { code, out } = await at.run(['--id', 'submitted', '--', 'sh', '-c', 'echo $EXECUTION_REPORT_AS']);
  expect([code, out.toString()]).toEqual([0, 'submitted~2\n']);
  expect(await at.show('submitted')).toMatchObject({ status: 'succeeded', attempt: 2, input: { rows: 7 } });
}, 60_000);

it('one whose resume something before the ledger does not let through is not started: another may have won it', async () => {
  await at.run(['--id', 'guarded', '--', 'false']);
  const guard = createServer((request, response) => {
    if (request.url!.endsWith('/resume')) return void response.writeHead(404).end('no route');
    const { url, method, headers } = request;
    const onward = ask(`${at.url}${url}`, { method, headers }, (answer) => {
      answer.pipe(response.writeHead(answer.statusCode!, answer.headers));
    });
    request.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(guard, 'listening');
  const LEDGER_URL = `http://127.0.0.1:${(guard.address() as AddressInfo).port}`;
  for (const more of [[], ['--once']]) {
    const args = ['--id', 'guarded', ...more, '--resume', '--', 'echo', 'started'];
    const { code, out, err } = await at.run(args, { LEDGER_URL });
    expect([code, out.toString()]).toEqual([125, '']);
    expect(err.toString()).toBe('execution-ledger: guarded: not started: HTTP 404 was answered to the resume\n');
  }
  guard.close();
  guard.closeAllConnections();
}, 60_000);
