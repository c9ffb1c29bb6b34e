import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { startOnEventStoreDb } from '../support/ledger/eventstoredb-ledger.js';
import type { TestLedger } from '../support/ledger/ledger.js';

let leader: EventStoreDbDouble;
let follower: EventStoreDbDouble;
let ledger: TestLedger;
beforeAll(async () => {
  leader = await startEventStoreDbDouble();
  follower = await leader.startFollower();
  ledger = await startOnEventStoreDb(`${leader.clusterUrl}&nodePreference=follower`);
}, 30_000);
afterAll(async () => {
  await ledger.close();
  await follower.stop();
  await leader.stop();
});

const report = (execution_id: string, status: string) =>
  ledger.call('POST', '/workflow/executions/events', { execution_id, status });

it('that feeds the projector: what is as fresh as the log is so all the same, and lists say how far behind they are', async () => {
  const ids = Array.from({ length: 6 }, (_, n) => `fresh-${n}`);
  const before = await report('before', 'running');
  await ledger.call('GET', `/executions?wait_for=${before.body.position}`);
  follower.hold();
  for (const id of ids) await report(id, 'running');
  const held = ledger.call('GET', `/executions/${ids[0]}?until=terminal&wait_ms=10000`);
  const { body } = await report(ids[0]!, 'succeeded');

  // However many are asked for.
  for (const asked of [ids.slice(0, 4), ids]) {
    const many = (await ledger.call('POST', '/executions/batch-status', { execution_ids: asked })).body;
    for (const id of asked) expect(many[id]).toEqual((await ledger.call('GET', `/executions/${id}`)).body);
  }
  const log = (await ledger.call('GET', `/events?after=${before.body.position}`)).body;
  expect(log.events).toHaveLength(13);
  expect(log).toMatchObject({ next_after: body.position, head_position: body.position });
  expect((await held).body).toMatchObject({ status: 'succeeded' });

  const list = (await ledger.call('GET', '/executions')).body;
  expect(list.executions).toHaveLength(1);
  expect(list.as_of.position).toBe(before.body.position);
  expect(list.as_of.lag_ms).toBeGreaterThan(0);
  const [projection] = (await ledger.call('GET', '/projections')).body.projections;
  expect(projection).toMatchObject({ head: body.position, checkpoint: before.body.position });
  expect(projection.lag_ms).toBeGreaterThan(0);
  follower.release();
  const after = await ledger.call('GET', `/executions?wait_for=${body.position}`);
  expect(after.body.executions).toHaveLength(7);
});
