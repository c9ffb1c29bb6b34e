import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { prepareDatabase } from '../../src/composition/prepare-database.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { event, fresh } from '../contract/event-store.contract.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { moment } from '../support/ledger/handling.js';
import { caller, startTestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';
import { startProgram, type Program } from '../support/process/program.js';

// Processes, servers and their limits: a busy machine is no failure.
jest.setTimeout(60_000);

let double: EventStoreDbDouble;
let database: TestDatabase;
let started: Program[] = [];
const env = (url = double.url) => ({ EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: url });
const start = (url?: string): Program => {
  const program = startProgram({ ...env(url), DATABASE_URL: database.connectionString });
  started.push(program);
  return program;
};
/** What a start that cannot succeed says, without a secret or a stack. */
async function refusal(url?: string): Promise<string> {
  const refused = await startTestLedger(env(url), database, { headMs: 1_000 }).then(
    () => 'started',
    (error: Error) => error,
  );
  expect(refused).toMatchObject({ name: expect.stringMatching(/^(StartError|StoreError)$/) });
  const { message } = refused as Error;
  expect(message).not.toMatch(/s3cret|postgres:\/\/|node_modules/);
  return message;
}

beforeEach(async () => {
  double = await startEventStoreDbDouble();
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
  await Promise.all(started.map(({ end }) => end));
  started = [];
  await double.stop();
  await database.drop();
});
describe('SIGTERM ends the process', () => {
  it.each(['up', 'gone', 'frozen'] as const)('while the store is %s', async (how) => {
    const { child, url, end } = start();
    const call = caller(await url);
    const told = await call('POST', '/workflow/executions/events', { execution_id: how, status: 'running' });
    await call('GET', `/executions?wait_for=${told.body.position}`);
    double.forgetCalls();
    const held = call('GET', `/executions/${how}?until=terminal&wait_ms=30000`);
    while (double.calls.readStream === 0) await moment();
    if (how === 'gone') await double.stop();
    if (how === 'frozen') double.freeze();
    child.kill('SIGTERM');
    await held;
    expect(await end).toMatchObject({ code: 0 });
    double.thaw();
  });

  it('while the patrol reads a store that does not answer', async () => {
    const { child, url, end } = start();
    const call = caller(await url);
    const told = await call('POST', '/workflow/executions/events', { execution_id: 'one', status: 'running' });
    await call('GET', `/executions?wait_for=${told.body.position}`);
    double.freeze();
    double.forgetCalls();
    while (double.calls.readStream === 0) await moment();
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ code: 0 });
    double.thaw();
  });
});

describe('a start that cannot succeed says what to do', () => {
  it('where nobody listens', async () => {
    const url = `esdb://admin:s3cret@127.0.0.1:${double.port}?tls=false`;
    await double.stop();
    expect(await refusal(url)).toMatch(/^EVENTSTOREDB_URL: The event store did not answer a read: .*ECONNREFUSED/s);
  });

  it('where somebody listens and does not answer', async () => {
    double.freeze();
    expect(await refusal()).toMatch(/^EVENTSTOREDB_URL: The event store did not answer a read: .*deadline/is);
    double.thaw();
  });

  it.each(['esdb://admin:s3cret@127.0.0.1:many', 'esdb://admin:s3cret@127.0.0.1?tls=perhaps', 'esdb://'])(
    'with an address that the client cannot read: %s',
    async (url) => {
      expect(await refusal(url)).toMatch(/^EVENTSTOREDB_URL: .*expected esdb:\/\/host:2113/);
    },
  );

  it('on a database that holds a log of its own', async () => {
    const store = createPostgresEventStore(database);
    await store.append({ stream: fresh(), events: [event()], expectedRevision: 'no_stream' });
    await store.close();
    expect(await refusal()).toMatch(
      /^EVENT_STORE: the database of DATABASE_URL holds a log of its own; give the read models a database of their own/,
    );
  });

  it('on read models that were made of a log, with one that is empty', async () => {
    await prepareDatabase({ url: database.connectionString });
    await withClient(database.connectionString, (client) =>
      client.query('update ledger.checkpoints set position = 9000000000000000'),
    );
    const empty = await startEventStoreDbDouble();
    const said = await refusal(empty.url);
    await empty.stop();
    expect(said).toMatch(/^EVENT_STORE: the read models stand at 9000000000000000, and the log is empty; /);
  });

  it('and ends with 1, a line and no stack', async () => {
    await double.stop();
    const { child, end } = start();
    await once(child, 'exit');
    const { code, said } = await end;
    expect(code).toBe(1);
    expect(said).toMatch(/^EVENTSTOREDB_URL: .*\n/m);
    expect(said).not.toMatch(/\n\s+at /);
  });
});
