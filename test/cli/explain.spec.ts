import { expect, it } from '@jest/globals';
import { usingLedger } from '../support/ledger/ledger.js';
import { toldBy } from '../support/process/told.js';

const ledger = usingLedger();
const post = (path: string, body: unknown, headers = {}) => ledger.call('POST', path, body, headers);
const say = (execution_id: string, status: string, more: object = {}) =>
  post('/workflow/executions/events', { execution_id, status, ...more });
const explain = (...args: string[]) => toldBy('explain', ...args, '--url', ledger.url);

it('tells who said what, on whose clock, and what was refused against what', async () => {
  await say('scan', 'running', { occurred_at: '2026-01-02T03:04:05Z' });
  await say('scan', 'timeout', { inferred: true, error: 'no word for an hour' });
  await post('/executions/scan/resume', { reason: 'again' }, { 'x-actor-id': 'Ada' });
  await say('scan', 'succeeded');
  await say('scan~2', 'failed', { error: 'disk full' });
  const { exit, out } = await explain('scan');
  expect(exit).toBe(0);
  const lines = out.split('\n');
  expect(lines[0]).toMatch(/^scan is failed, in attempt 2, on the word of a worker; last heard of \d+ (ms|s) ago\.$/);
  expect(lines[1]).toBe('It can be resumed, which opens or continues an attempt: execution-ledger resume scan');
  expect(out).toMatch(
    /because of this:\n {2}revision \d: failed, attempt 2, said anonymous \(worker, by events\): disk full\n {4}\S+Z by the ledger's clock\n/,
  );
  expect(out).toMatch(
    /running, attempt 1, said .*\n {4}\S+Z by the ledger's clock; 2026-01-02T03:04:05.000Z by the clock of who said it/,
  );
  expect(out).toMatch(/timeout, attempt 1, said anonymous \(watchdog, by events\): no word for an hour/);
  expect(out).toMatch(/running, attempt 2, said anonymous for Ada \(operator, by resume\): again/);
  expect(out).toMatch(
    /refused, oldest first:\n {2}succeeded, said anonymous \(worker, by events\): refused as fenced against running, attempt 2, at revision \d: it spoke for another attempt than the current one\n/,
  );
});

it('of a sealed one says that nothing changes it; programs get what it is built from', async () => {
  await say('done', 'succeeded');
  await say('done', 'running');
  expect((await explain('done')).out).toContain('It is sealed: no report and no command changes it any more.');
  const { execution, changes, refused } = JSON.parse((await explain('done', '--json')).out);
  expect([execution.status, changes.at(-1).type, refused[0].verdict]).toEqual([
    'succeeded',
    'ExecutionSucceeded',
    'regression',
  ]);
});

it('says that a resumed attempt waits for its worker, and leaves out all but the last twenty changes', async () => {
  for (let n = 1; n <= 12; n++) {
    await say(`often~${n}`, 'failed', { error: `try ${n}` });
    await post('/executions/often/resume', {});
  }
  const { out } = await explain('often');
  expect(out).toContain('no worker has reported as often~13 yet.');
  expect(out).toMatch(/\(\d earlier ones are left out\)/);
});

it('no text of a producer acts on the terminal', async () => {
  const EVIL = 'a\x1b[2J\x1b[31m\r\u202eb';
  await say('evil', 'running', { message: EVIL });
  await say('evil', 'failed', { error: EVIL });
  await say('evil', 'succeeded', { result: EVIL });
  await say('evil', EVIL);
  await post('/executions/evil/resume', { reason: EVIL }, { 'x-actor-id': 'a' });
  const { out } = await explain('evil');
  expect(out).toContain('a\\u001b[2J\\u001b[31m\\u000d\\u202eb');
  expect(out).not.toMatch(/[\x1b\r\u202e]/);
});

it('an execution that nobody knows ends with 1', async () => {
  expect(await explain('nobody')).toMatchObject({ exit: 1, out: '' });
});
