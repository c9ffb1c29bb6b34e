import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { textOf } from '../support/process/checkout.js';
import { usingLedger } from '../support/ledger/ledger.js';
import { openOperator, type Operator } from '../support/process/operator.js';

// A program for each example: a busy machine is no failure.
jest.setTimeout(180_000);

const ledger = usingLedger();
let operator: Operator;
/** Ends with 0, the exit code, or what was said on standard error. Undelivered reports are kept in the folder of the test. */
const run = (text: string) =>
  operator.run(`export LEDGER_URL=${ledger.url} LEDGER_STATE_DIR="$HOME/state"\n${text}`).then(
    () => 0,
    ({ code, stderr }: { code: number; stderr: string }) => (stderr === '' ? code : { code, stderr }),
  );

beforeAll(async () => {
  operator = await openOperator();
  // What the examples run; npx has the folder of its programs on the path.
  for (const name of ['reindex.sh', 'backup.sh', 'node_modules/.bin/make'])
    await writeFile(path.join(operator.home, name), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
});
afterAll(() => operator.close());

/** The order in which each example finds the execution as it wants it, and how it ends: `watch` with a failure. */
const ORDER = { list: 0, show: 0, history: 0, explain: 0, pause: 0, resume: 0, report: 0, watch: 5, cancel: 0 };

it('every example of a command does what the page says', async () => {
  const page = await textOf('docs/command-line.md');
  const examples = new Map(
    [...page.matchAll(/^\| `(\w+)[^|]*\| `(npx execution-ledger [^`]+)` *\|$/gm)].map(([, name, text]) => [
      name!,
      text!,
    ]),
  );
  expect([...examples.keys()].toSorted()).toEqual(Object.keys(ORDER).toSorted());
  const report = (status: string) =>
    ledger.call('POST', '/workflow/executions/events', { execution_id: 'build-7', status, workflow_id: 'nightly' });
  for (const status of ['running', 'failed']) await report(status);
  await ledger.call('POST', '/executions/build-7/resume', {});
  const codes: Record<string, unknown> = {};
  for (const name of Object.keys(ORDER)) codes[name] = await run(examples.get(name)!);
  expect(codes).toEqual(ORDER);
  expect((await ledger.call('GET', '/executions/build-7')).body).toMatchObject({ status: 'cancelled', attempt: 2 });
});

it('every example of run runs its command and reports it', async () => {
  const [, block] = /```sh\n((?:npx execution-ledger run .*\n)+)```/.exec(await textOf('docs/command-line.md'))!;
  expect(await run(block!)).toBe(0);
  const { body } = await ledger.call('GET', '/events?limit=1');
  const { executions } = (await ledger.call('GET', `/executions?status=succeeded&wait_for=${body.head_position}`)).body;
  expect(executions).toHaveLength(3);
});
