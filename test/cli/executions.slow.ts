import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { commandLine } from '../support/process/command-line.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
}, 60_000);
afterAll(() => ledger.close(), 60_000);

const run = (...args: string[]) => commandLine({ LEDGER_URL: ledger.url }, ...args);

it('a program waits for an execution by its exit code, and steers it', async () => {
  expect(await run('report', 'x', 'running', '--create').end).toMatchObject({ code: 0 });
  const watched = run('watch', 'x');
  await watched.said(/x is running/);
  expect(await run('cancel', 'x', '--reason', 'over').end).toMatchObject({ code: 0, err: '' });
  expect(await watched.end).toMatchObject({ code: 7, err: '' });
  const { code, err } = await run('resume', 'x').end;
  expect([code, err]).toEqual([
    1,
    'execution-ledger: resume was refused as not_resumable: the execution is cancelled in attempt 1\n',
  ]);
  expect(await run('show').end).toMatchObject({ code: 2 });
}, 120_000);
