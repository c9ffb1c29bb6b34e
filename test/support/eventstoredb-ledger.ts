import { prepareDatabase } from '../../src/ledger.js';
import { createEventStoreDbEventStore } from '../../src/event-store/eventstoredb/eventstoredb-event-store.js';
import { startEventStoreDbDouble } from './eventstoredb/index.js';
import { startTestLedger, type TestLedger } from './ledger.js';
import { createTestDatabase, withClient } from './postgres.js';

/** A server to test against: the one that the run was given (`npm run test:eventstoredb -- --url …`), else a double. */
export async function openEventStoreDb(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const url = process.env['LEDGER_TEST_EVENTSTOREDB_URL'];
  return url === undefined ? startEventStoreDbDouble() : { url, stop: async () => undefined };
}

/** A ledger whose log is in EventStoreDB. On a log that others have used before, its read models begin where that ends. */
export async function startOnEventStoreDb(url: string, env: Record<string, string> = {}): Promise<TestLedger> {
  const database = await createTestDatabase();
  await prepareDatabase(database.connectionString);
  const store = createEventStoreDbEventStore({ url, clock: () => new Date().toISOString() });
  const head = await store.head();
  await store.close();
  if (env['PROJECTOR'] !== 'off') {
    await withClient(database.connectionString, (client) =>
      client.query('update ledger.checkpoints set position = $1', [String(head)]),
    );
  }
  const ledger = await startTestLedger({ ...env, EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: url }, database);
  const close = async (): Promise<void> => {
    await ledger.close();
    await database.drop();
  };
  return { ...ledger, close };
}
