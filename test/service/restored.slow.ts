import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { executionStream } from '../../src/domain/stream.js';
import { expectProblem } from '../http/suite/http.js';
import { eventually } from '../support/eventually.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { PATIENT } from '../support/ledger/eventstoredb-ledger.js';
import { storeAt } from '../support/store/eventstoredb-store.js';
import { fact } from '../support/domain/given.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { asWritten } from '../support/projection/projection.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

const BEFORE = ['kept', 'lost-1', 'lost-2', 'lost-3'];
const STALLED = PROJECTIONS.map(({ name }) => ({ name, state: 'stalled' }));

let database: TestDatabase;
let ledger: TestLedger;
let double: EventStoreDbDouble;
beforeEach(async () => {
  database = await createTestDatabase();
  double = await startEventStoreDbDouble();
});
afterEach(async () => {
  await ledger.close();
  await double.stop();
  await database.drop();
});

const get = (path: string) => ledger.call('GET', path);
const register = async (execution_id: string): Promise<bigint> =>
  BigInt((await ledger.call('POST', '/executions', { execution_id })).body.position);
const states = async () =>
  (await get('/projections')).body.projections.map(({ name, state }: { name: string; state: string }) => ({
    name,
    state,
  }));
const listed = async () =>
  (await get('/executions')).body.executions.map((one: { execution_id: string }) => one.execution_id).sort();

/** Where the log is kept, and how it comes back without its last events while the read models have seen them. */
const LOGS: readonly (readonly [string, () => Record<string, string>, () => Promise<unknown>])[] = [
  [
    'PostgreSQL',
    () => ({}),
    () =>
      withClient(database.connectionString, (client) =>
        client.query('delete from ledger.events where position > 1; delete from ledger.log_pages'),
      ),
  ],
  [
    'EventStoreDB',
    () => ({ EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: double.url }),
    async () => {
      await double.stop();
      double = await startEventStoreDbDouble();
      const store = storeAt(double.url);
      await store.append({
        stream: executionStream('kept'),
        events: [asWritten(fact('ExecutionRegistered'))],
        expectedRevision: 'no_stream',
      });
      await store.close();
    },
  ],
];

describe.each(LOGS)('a log in %s that was restored alone', (_name, env, restore) => {
  it('is not followed from where the read models were: they say so until each is rebuilt', async () => {
    ledger = await startTestLedger(env(), database, PATIENT);
    let seen = 0n;
    for (const id of BEFORE) seen = await register(id);
    for (const { name } of PROJECTIONS)
      await eventually(
        () => get(`/projections/${name}`),
        ({ body }) => body.checkpoint === String(seen),
      );
    await ledger.close();
    await restore();
    ledger = await startTestLedger(env(), database, PATIENT);
    for (const path of [`/executions?wait_for=${seen}`, `/events?after=${seen}`, `/stream?after=${seen}`])
      expectProblem(await get(path), 409, 'position_ahead');
    expectProblem(
      await ledger.call('GET', '/stream', undefined, { 'last-event-id': String(seen) }),
      409,
      'position_ahead',
    );
    const before = expectProblem(await get('//health/ready'), 503, 'unavailable');
    expect(await states()).toEqual(STALLED);

    const ids = ['kept'];
    for (let n = 0, head = 0n; head <= seen; n++) {
      ids.push(`new-${n}`);
      head = await register(`new-${n}`);
    }
    // The log has positions again that were projected before, with other events.
    const after = await eventually(
      () => get('//health/ready'),
      ({ body }) => body.detail !== before.detail,
    );
    expectProblem(after, 503, 'unavailable');
    expect(await states()).toEqual(STALLED);
    for (const { name } of PROJECTIONS) await ledger.call('POST', `/projections/${name}/rebuild`);
    await eventually(states, (all) => all.every(({ state }: { state: string }) => state === 'live'));
    await eventually(
      () => get('//health/ready'),
      ({ status }) => status === 200,
    );
    expect(await listed()).toEqual(ids.sort());
    const last = await register('last');
    const { body } = await get(`/status-counts?wait_for=${last}`);
    expect(body.counts).toMatchObject({ pending: ids.length + 1 });
  }, 60_000);
});
