import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findBinaries } from '../../src/embedded-postgres/binaries.js';
import { caller } from '../support/ledger/caller.js';
import { openOperator, type Operator } from '../support/process/operator.js';
import { withClient } from '../support/store/postgres.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer } from '../support/store/server.js';

// Several programs one after the other: a busy machine is no failure.
jest.setTimeout(180_000);

let operator: Operator;
beforeEach(async () => {
  operator = await openOperator();
});
afterEach(() => operator.close());

const start = (env: Record<string, string>): Program => startProgram({ LOG_LEVEL: 'error', ...env });

async function stop({ child, end }: Program): Promise<void> {
  child.kill('SIGTERM');
  expect((await end).code).toBe(0);
}

/** A ledger that somebody has reported to. */
async function reported(env: Record<string, string>): Promise<void> {
  const program = start(env);
  await caller(await program.url)('POST', '/executions', { execution_id: 'kept' });
  await stop(program);
}

async function stillKnows(env: Record<string, string>): Promise<void> {
  const program = start(env);
  expect(await caller(await program.url)('GET', '/executions/kept')).toMatchObject({ status: 200 });
  await stop(program);
}

/** What a start that is refused says. */
async function refusal(env: Record<string, string>): Promise<string> {
  const { code, said } = await start(env).end;
  expect(code).toBe(1);
  return said;
}

/** Programs that say that they are of the next version of PostgreSQL. */
async function nextMajor(): Promise<string> {
  const folder = path.join(operator.home, 'bin');
  await mkdir(folder);
  await chmod(folder, 0o755);
  for (const name of ['initdb', 'postgres', 'pg_ctl'])
    await writeFile(path.join(folder, name), `#!/bin/sh\necho '${name} (PostgreSQL) 99.1'\n`, { mode: 0o755 });
  return folder;
}

it('data of another major version of PostgreSQL is refused, and the commands that are said move it', async () => {
  const env = { DATABASE_URL: '', LEDGER_DATA_DIR: path.join(operator.home, '.ledger') };
  await reported(env);
  const said = await refusal({ ...env, POSTGRES_BIN: await nextMajor() });
  expect(said).toMatch(/^the data in .* is of PostgreSQL 18 and .* 99; set POSTGRES_BIN .* of 18, or move it:\n/);
  const commands = said.split('\n').filter((line) => line.startsWith('  '));
  expect(commands).toHaveLength(2);
  const { postgres } = await findBinaries();
  const folder = path.join(operator.home, 'new');
  for (const command of commands)
    await operator.run(
      command.replace('<folder of the programs of 18>', path.dirname(postgres)).replace('<new folder>', folder),
    );
  await stillKnows({ ...env, LEDGER_DATA_DIR: folder });
});

it('a newer ledger’s database is refused, and the command that is said goes back to the backup of before', async () => {
  const server = await startServer([]);
  const DATABASE_URL = server.url('postgres');
  await reported({ DATABASE_URL });
  await operator.run(`DATABASE_URL=${DATABASE_URL} npx execution-ledger backup before.backup`);
  await withClient(DATABASE_URL, async (client) => {
    await client.query(`insert into ledger.migrations (timestamp, name) values (4000000000000, 'Future4000000000000')`);
    await client.query('create database empty');
  });
  const said = await refusal({ DATABASE_URL });
  expect(said).toMatch(/newer than the program: it has had Future4000000000000.* Start the newer program\. To go back/);
  const [command] = /npx execution-ledger restore <file>$/m.exec(said)!;
  await operator.run(`DATABASE_URL=${server.url('empty')} ${command.replace('<file>', 'before.backup')}`);
  await stillKnows({ DATABASE_URL: server.url('empty') });
  await server.stop();
});
