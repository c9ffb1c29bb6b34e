import { expect, it } from '@jest/globals';
import { startTestLedger, usingLedger } from '../support/ledger/ledger.js';
import { createTestDatabase } from '../support/store/postgres.js';
import { freePort } from '../support/store/server.js';
import { toldBy, until } from '../support/process/told.js';

const ledger = usingLedger();
const say = (execution_id: string, status: string, more: object = {}) =>
  ledger.call('POST', '/workflow/executions/events', { execution_id, status, ...more });
it.each([
  ['succeeded', 0],
  ['failed', 5],
  ['timeout', 6],
  ['cancelled', 7],
])('ends by itself when somebody says it is %s, with code %d', async (status, exit) => {
  await say(status, 'running', { message: 'hello' });
  const watched = toldBy('watch', status, '--url', ledger.url);
  await until('is running');
  await say(status, 'running', { message: 'still at it' });
  await until('still at it');
  await say(status, status, { error: status === 'succeeded' ? undefined : 'over' });
  const { out, ...ended } = await watched;
  expect(ended).toMatchObject({ exit, err: '' });
  const lines = out.trimEnd().split('\n');
  expect(lines[0]).toContain(`  ${status} is running, attempt 1: hello`);
  expect(lines[1]).toContain('ExecutionProgressed, attempt 1, said anonymous (worker, by events): still at it');
  expect(lines.at(-1)).toContain(`  ${status} is ${status}, attempt 1, as the worker says`);
});

it('of what is over already it ends at once; programs get the execution', async () => {
  await say('over', 'failed', { error: 'disk full' });
  const { exit, out } = await toldBy('watch', 'over', '--json', '--url', ledger.url);
  expect([exit, JSON.parse(out).error]).toEqual([5, 'disk full']);
});

it('gives programs each event and in the end the execution', async () => {
  await say('json', 'running');
  const watched = toldBy('watch', 'json', '--json', '--url', ledger.url);
  setTimeout(() => void say('json', 'succeeded', { result: 1 }), 300);
  const lines = (await watched).out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type, status }) => type ?? status)).toEqual(['ExecutionSucceeded', 'succeeded']);
});

it('nobody knows: ends with 1', async () => {
  expect(await toldBy('watch', 'nobody', '--url', ledger.url)).toMatchObject({ exit: 1, out: '' });
});

it('no text of a producer acts on the terminal', async () => {
  await say('evil', 'running', { message: 'a\x1b[2J\r' });
  const watched = toldBy('watch', 'evil', '--url', ledger.url);
  await until('is running');
  await say('evil', 'failed', { error: 'b\x1b[2J\r' });
  const { out } = await watched;
  expect(out).toContain('b\\u001b[2J\\u000d');
  expect(out).not.toMatch(/[\x1b\r]/);
});

it('goes on where it was when the ledger went away and came back', async () => {
  const database = await createTestDatabase();
  const PORT = String(await freePort());
  const first = await startTestLedger({ PORT }, database);
  await first.call('POST', '/workflow/executions/events', { execution_id: 'x', status: 'running' });
  const watched = toldBy('watch', 'x', '--url', first.url);
  await until('is running');
  await first.close();
  const second = await startTestLedger({ PORT }, database);
  await second.call('POST', '/workflow/executions/events', { execution_id: 'x', status: 'succeeded' });
  const { exit, out } = await watched.finally(() => second.close());
  await database.drop();
  expect(exit).toBe(0);
  expect(out).toContain('ExecutionSucceeded');
}, 60_000);
