import { prepareDatabase } from '../../../src/composition/prepare-database.js';
import type { Tuning } from '../../../src/composition/open-event-store.js';
import type { StoredEvent } from '../../../src/event-store/event-store.js';
import { createEventStoreDbEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js';
import { startEventStoreDbDouble } from '../../eventstoredb-server/index.js';
import { LOG_ID_STREAM } from '../../../src/composition/known-log.js';
import { usedByStrangers } from '../../eventstoredb-server/strangers.js';
import { startTestLedger, type TestLedger } from './ledger.js';
import { createTestDatabase, withClient } from '../store/postgres.js';

/**
 * A server to test against: the one that the run was given (`npm run test:eventstoredb -- --url …`), else a double. That one is
 * as used as a given one may be: a test that takes the log to be empty fails on both.
 */
export async function openEventStoreDb(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const url = process.env['LEDGER_TEST_EVENTSTOREDB_URL'];
  if (url !== undefined) return { url, stop: async () => undefined };
  const double = await startEventStoreDbDouble();
  usedByStrangers(double);
  return double;
}

/** A machine under load is no server that fails: limits that only a test about them should meet. */
export const PATIENT: Partial<Tuning> = { answerMs: 30_000, patienceMs: 60_000, headMs: 30_000, readMs: 60_000 };

/** What a database that is new to a log is told; nothing where nobody named the log yet. */
const logIdOf = (name: StoredEvent | undefined): string =>
  (name?.data as { log_id?: string } | undefined)?.log_id ?? '';

/** A ledger whose log is in EventStoreDB. On a log that others have used before, its read models begin where that ends. */
export async function startOnEventStoreDb(
  url: string,
  env: Record<string, string> = {},
  tuning: Partial<Tuning> = PATIENT,
): Promise<TestLedger> {
  const database = await createTestDatabase();
  await prepareDatabase({ url: database.connectionString });
  const store = createEventStoreDbEventStore({ url, clock: () => new Date().toISOString() });
  const head = await store.head();
  const at = await store.recordedAt(head);
  const [name] = await store.readStream(LOG_ID_STREAM);
  await store.close();
  if (env['PROJECTOR'] !== 'off') {
    await withClient(database.connectionString, (client) =>
      client.query('update ledger.checkpoints set position = $1, recorded_at = $2', [String(head), at ?? null]),
    );
  }
  const ledger = await startTestLedger(
    { EVENTSTOREDB_LOG_ID: logIdOf(name), ...env, EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: url },
    database,
    tuning,
  );
  const close = async (): Promise<void> => {
    await ledger.close();
    await database.drop();
  };
  return { ...ledger, close };
}
