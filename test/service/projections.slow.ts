import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { eventually } from '../support/eventually.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { withClient } from '../support/store/postgres.js';

let ledger: TestLedger;
const others: TestLedger[] = [];
beforeEach(async () => {
  ledger = await startTestLedger();
});
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  await ledger.close();
});

const show = async (name: string, from = ledger) => (await from.call('GET', `/projections/${name}`)).body;
const ask = (name: string, action: string) => ledger.call('POST', `/projections/${name}/${action}`);
const counts = async (position: string) =>
  (await ledger.call('GET', `/status-counts?wait_for=${position}&wait_ms=20000`)).body.counts;

it('a poison event is shown with its error in each projection, and counted once it can be read', async () => {
  const { store } = ledger.ledger.parts;
  await ledger.call('POST', '/executions', { execution_id: 'x' });
  const broken = { eventId: 'broken', type: 'ExecutionStarted', data: { attempt: 'first' }, metadata: {} };
  await store.append({ stream: 'execution-x', events: [broken], expectedRevision: 'any' });
  const { body } = await ledger.call('POST', '/executions', { execution_id: 'y' });
  expect(await counts(body.position)).toMatchObject({ pending: 2, running: 0 });
  for (const { name } of PROJECTIONS) {
    const shown = await eventually(
      () => show(name),
      ({ parked_count }) => parked_count === 1,
    );
    expect(shown.parked).toEqual([
      { position: '2', event_type: 'ExecutionStarted', execution_id: 'x', error: expect.stringContaining('attempt') },
    ]);
  }
  const { items } = (await ledger.call('GET', '/inbox')).body;
  expect(items).toContainEqual(expect.objectContaining({ kind: 'parked_events', count: PROJECTIONS.length }));
  await withClient(ledger.database.connectionString, (client) =>
    client.query(`update ledger.events set data = '{"attempt":1}' where event_id = 'broken'`),
  );
  for (const { name } of PROJECTIONS) {
    expect((await ask(name, 'retry')).status).toBe(202);
    const shown = await eventually(
      () => show(name),
      ({ retrying }) => retrying === undefined,
    );
    expect(shown).toMatchObject({ parked_count: 0, parked: [] });
  }
  expect(await counts('3')).toMatchObject({ pending: 1, running: 1 });
  expect((await ledger.call('GET', '/executions?status=running')).body.executions).toMatchObject([
    { execution_id: 'x' },
  ]);
  expect((await ledger.call('GET', '/executions/x/tree')).body.root.status).toBe('running');
}, 30_000);

it('a pause is kept in the database: whoever leads next keeps it, too', async () => {
  await ask('target-health', 'pause');
  const other = await startTestLedger({}, ledger.database);
  others.push(other);
  const { leader } = await eventually(
    () => show('target-health'),
    (shown) => shown.leader !== undefined,
  );
  await withClient(ledger.database.connectionString, (client) =>
    client.query('select pg_terminate_backend($1)', [leader.pid]),
  );
  await eventually(
    () => show('target-health', other),
    (shown) => shown.leader !== undefined && shown.leader.pid !== leader.pid,
  );
  const failed = { execution_id: 'x', status: 'failed', type: 't' };
  const { position } = (await ledger.call('POST', '/workflow/executions/events', failed)).body;
  expect((await ledger.call('GET', `/executions?limit=1&wait_for=${position}`)).status).toBe(200);
  // The pause is an event, too, so the head is not the count of what was reported.
  expect(await show('target-health', other)).toMatchObject({ state: 'paused', checkpoint: '0', head: position });
  await ask('target-health', 'resume');
  const seen = await other.call('GET', `/target-health?wait_for=${position}&wait_ms=20000`);
  expect(seen.body.targets).toMatchObject([{ target: 't', outcomes: { failed: { worker: 1 } } }]);
}, 30_000);

it('one that nobody leads is stalled, and says so', async () => {
  await ledger.close();
  const idle = await startTestLedger({ PROJECTOR: 'off' });
  others.push(idle);
  const { projections } = (await idle.call('GET', '/projections')).body;
  expect(projections.map(({ state }: { state: string }) => state)).toEqual(PROJECTIONS.map(() => 'stalled'));
  expect(projections[0].leader).toBeUndefined();
  expect((await idle.call('GET', '//metrics')).text).toMatch(
    /^ledger_projection_led\{projection="execution-status"\} 0$/m,
  );
  ledger = await startTestLedger();
}, 30_000);
