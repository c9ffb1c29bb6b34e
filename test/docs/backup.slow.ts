import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { caller } from '../support/ledger/caller.js';
import { textOf } from '../support/process/checkout.js';
import { openedIn } from '../support/process/embedded.js';
import { openOperator, type Operator } from '../support/process/operator.js';
import { withClient } from '../support/store/postgres.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';

// Some twenty programs one after the other: a busy machine is no failure.
jest.setTimeout(300_000);

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

/** What was reported; a rebuild that somebody asks for is in the log as well. */
const LOG = `select stream, revision, type, data, metadata from ledger.events
  where stream like 'execution-%' order by position`;

/** The roles of docs/operations.md, External PostgreSQL, and the databases that the commands name. */
const MADE_BEFORE = [
  `create role ledger login password 'secret'`,
  `create role ledger_owner login password 'another'`,
  'grant ledger to ledger_owner',
  ...['ledger', 'empty', 'moved'].map((name) => `create database ${name} owner ledger`),
  'create database empty2 owner ledger_owner',
];

let operator: Operator;
let server: TestServer;
let program: Program;

/** A program that has taken a few reports. */
async function reported(env: Record<string, string>, target: string): Promise<Program> {
  const started = startProgram({ LOG_LEVEL: 'error', ...env });
  const call = caller(await started.url);
  for (const status of ['running', 'failed'])
    await call('POST', '/workflow/executions/events', { execution_id: target, status, target });
  return started;
}

async function stop({ child, end }: Program): Promise<void> {
  child.kill('SIGTERM');
  expect((await end).code).toBe(0);
}

/** Does what a block says, on the server of the test where the page names one. */
const doAsTold = (text: string) => operator.run(text.replaceAll('@db/', `@127.0.0.1:${server.port}/`));

/** The blocks of a section that a shell is told. */
async function told(section: string): Promise<string[]> {
  const [, text] = (await textOf('docs/operations.md')).split(`\n## ${section}\n`);
  return [...text!.split('\n## ')[0]!.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!);
}

const inDatabase = (name: string) =>
  withClient(server.url(name), async (client) => (await client.query<object>(LOG)).rows);
const inFolder = async (name: string) => (await openedIn(path.join(operator.home, name), LOG)).rows;

beforeAll(async () => {
  operator = await openOperator();
  server = await startServer([]);
  await withClient(server.url('postgres'), async (client) => {
    for (const statement of MADE_BEFORE) await client.query(statement);
  });
  await stop(await reported({ DATABASE_URL: server.url('ledger').replace('//postgres', '//ledger') }, 'own'));
  program = await reported({ DATABASE_URL: '', LEDGER_DATA_DIR: path.join(operator.home, '.ledger') }, 'embedded');
});
afterAll(async () => {
  await server.stop();
  await operator.close();
});

(has('bash') && has('jq') ? it : it.skip)(
  'every command for backup, restore and move does what the page says',
  async () => {
    const blocks = await told('Backup, restore, move');
    const withoutLedger = blocks.findIndex((block) => block.startsWith('cp -a'));
    expect(withoutLedger).toBeGreaterThan(5);
    for (const block of blocks.slice(0, withoutLedger)) await doAsTold(block);
    await stop(program);
    for (const block of blocks.slice(withoutLedger)) await doAsTold(block);

    const embedded = await inFolder('.ledger');
    const own = await inDatabase('ledger');
    expect([embedded.length, own.length]).toEqual([3, 3]);
    for (const folder of ['restored', 'back', 'ledger-copy'])
      expect({ folder, log: await inFolder(folder) }).toEqual({ folder, log: embedded });
    for (const [name, log] of Object.entries({ empty: own, empty2: own, moved: embedded }))
      expect({ name, log: await inDatabase(name) }).toEqual({ name, log });
  },
);
