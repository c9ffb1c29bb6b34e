import { ConsoleLogger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LOG_ID_STREAM } from '../../src/composition/known-log.js';
import { eventually } from '../support/eventually.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { PATIENT } from '../support/ledger/eventstoredb-ledger.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

let double: EventStoreDbDouble;
let [first, second]: TestDatabase[] = [];
let ledgers: TestLedger[] = [];
const warn = jest.spyOn(ConsoleLogger.prototype, 'warn').mockImplementation(() => undefined);
const start = async (database: TestDatabase, env: Record<string, string> = {}): Promise<TestLedger> => {
  const on = { EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: double.url, ...env };
  const ledger = await startTestLedger(on, database, PATIENT);
  ledgers.push(ledger);
  return ledger;
};
const closeAll = async (): Promise<void> => {
  await Promise.all(ledgers.map((ledger) => ledger.close()));
  ledgers = [];
};
const refusal = (database: TestDatabase): Promise<string> => start(database).then(() => 'started', String);
const toldId = (): string =>
  (JSON.parse(Buffer.from(double.stored(LOG_ID_STREAM)[0]!.data).toString()) as { log_id: string }).log_id;
/** What starts have said of a log that is another ledger's. */
const told = (): unknown[] =>
  warn.mock.calls.flatMap(([line]) => {
    const { event, detail } = line as { event?: string; detail?: string };
    return event === 'log.shared' ? [detail] : [];
  });
const WARNED =
  /^EVENTSTOREDB_URL: another ledger keeps its log there, .* shown here .*; where .*EVENTSTOREDB_LOG_ID=([0-9a-f-]{36})$/;
const register = async (ledger: TestLedger, execution_id: string): Promise<string> =>
  (await ledger.call('POST', '/executions', { execution_id })).body.position;
const lists = (ledger: TestLedger, id: string) =>
  eventually(
    () => ledger.call('GET', '/executions'),
    ({ body }) => JSON.stringify(body).includes(`"${id}"`),
  );
/** As a program of before left it, which gave logs no ids. */
const forget = (database: TestDatabase) =>
  withClient(database.connectionString, (client) => client.query('delete from ledger.log_of'));

beforeAll(async () => {
  first = await createTestDatabase();
});
beforeEach(async () => {
  double = await startEventStoreDbDouble();
  second = await createTestDatabase();
  warn.mockClear();
});
afterEach(async () => {
  await closeAll();
  await double.stop();
  await second!.drop();
  await first!.drop();
  first = await createTestDatabase();
});
afterAll(() => first!.drop());

describe('a second ledger on the same server and the same names of streams', () => {
  it('is told at its start, and what to do; a database that is new to the log shows what is in it', async () => {
    const ledger = await start(first!);
    await register(ledger, 'of-both');
    expect(told()).toEqual([]);
    const other = await start(second!);
    expect(told()).toEqual([expect.stringMatching(WARNED)]);
    expect(told()[0]).toContain(toldId());
    await lists(other, 'of-both');
    await lists(ledger, 'of-both');
  });

  it('is none where it is another process on the same database, also when both start at once on an empty log', async () => {
    await Promise.all([start(first!), start(first!), start(first!, { PROJECTOR: 'off' })]);
    expect(double.stored(LOG_ID_STREAM)).toHaveLength(1);
    await closeAll();
    await start(first!);
  });

  it('is none where the read models’ database is a new one that was set to join: it is made from the log', async () => {
    await register(await start(first!), 'from-before');
    await closeAll();
    await lists(await start(second!, { EVENTSTOREDB_LOG_ID: toldId() }), 'from-before');
    await closeAll();
    await start(second!);
    expect(told()).toEqual([]);
  });

  it('is none where its read models were made of this log by a program that gave it no id', async () => {
    for (const database of [first!, second!]) {
      const ledger = await start(database, database === first ? {} : { EVENTSTOREDB_LOG_ID: toldId() });
      await register(ledger, `by-${ledgers.length}-${database === first}`);
      await lists(ledger, `by-${ledgers.length}-${database === first}`);
      await closeAll();
    }
    await Promise.all([forget(first!), forget(second!)]);
    await start(second!);
    await start(first!);
    expect(told()).toEqual([]);
  });

  it('is refused where its read models were made of another log', async () => {
    const ledger = await start(first!);
    await register(ledger, 'here');
    await lists(ledger, 'here');
    await closeAll();
    await double.stop();
    double = await startEventStoreDbDouble();
    await register(await start(second!), 'there');
    expect(await refusal(first!)).toMatch(/^StartError: EVENTSTOREDB_URL: another ledger/);
  });

  it('is told when the log is not the one that it is to join', async () => {
    await start(first!);
    const other = { EVENTSTOREDB_LOG_ID: '01890a5d-ac96-774b-bcce-b302099a8057' };
    await expect(start(second!, other)).rejects.toThrow(/^EVENTSTOREDB_LOG_ID: the log of EVENTSTOREDB_URL is /);
    await expect(start(first!, other)).rejects.toThrow(/^EVENTSTOREDB_LOG_ID: the log of EVENTSTOREDB_URL is /);
  });
});

it('a stream of that name which is somebody else’s is not taken for a log’s id', async () => {
  double.write(LOG_ID_STREAM, { type: 'LogId', data: {} } as never);
  await expect(start(first!)).rejects.toThrow(/^EVENTSTOREDB_URL: the stream ledger-log-id there is not of a ledger/);
});
