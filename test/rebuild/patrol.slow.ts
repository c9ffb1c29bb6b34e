import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { runTree } from '../../projections/run-tree.js';
import { DriftMonitor, restAfter } from '../../src/rebuild/drift-monitor.js';
import { PostgresProjectionOperations } from '../../src/rebuild/postgres-projection-operations.js';
import { verifySample } from '../../src/rebuild/sample.js';
import { eventually } from '../support/eventually.js';
import { someExecutions } from '../support/projection/projection-operations.js';
import { became } from '../support/domain/given.js';
import { startTestLedger } from '../support/ledger/ledger.js';
import { rebuilding } from '../support/projection/rebuilding.js';
import { folded, standing } from '../support/projection/tables.js';
import { connectTo, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';

let projected: ProjectedLedger;
let patrols: DriftMonitor[];
beforeEach(async () => {
  projected = await openProjection();
  patrols = [];
});
afterEach(async () => {
  await Promise.all(patrols.map((patrol) => patrol.stop()));
  await projected.close();
});

function patrol(connect = () => connectTo(projected.database.connectionString)) {
  const seen = { looks: 0, rows: 0, drift: [] as string[], errors: [] as string[] };
  const one = new DriftMonitor({
    projections: [executionStatus, runTree],
    store: projected.store,
    connect,
    everyMs: 1,
    rows: 3,
    share: 2,
    listener: {
      checked: (_name, rows) => {
        seen.looks++;
        seen.rows += rows;
      },
      drifted: (name, { executionId, fields }) => seen.drift.push(`${name} ${executionId} ${fields.join()}`),
      logHeld: () => undefined,
      failed: (error) => seen.errors.push(String(error)),
    },
  });
  patrols.push(one);
  one.start();
  return seen;
}

it('comes by every row of every table, and again, and finds what is wrong each time', async () => {
  await someExecutions(projected, 10);
  await projected.sql(`update ledger.execution_status set attempt = 7, revision = 1 where execution_id = 'x-4'`);
  await projected.sql(`update ledger.run_tree set target = null where execution_id = 'x-9'`);
  const seen = patrol();
  const found = ['execution-status x-4 attempt', 'run-tree x-9 target'];
  await eventually(
    async () => seen.drift,
    (drift) => found.every((one) => drift.filter((line) => line === one).length >= 2),
  );
  expect([...new Set(seen.drift)].sort()).toEqual(found);
  expect(seen.errors).toEqual([]);
}, 60_000);

describe('a row that is ahead of its stream, or that no stream has,', () => {
  const AHEAD = `update ledger.execution_status set revision = 7 where execution_id = 'x-1';
    update ledger.execution_status set position = 1000000, revision = 9 where execution_id = 'x-2';
    insert into ledger.execution_status_v1 select (json_populate_record(t, '{"execution_id":"nobody"}')).*
      from ledger.execution_status_v1 t where execution_id = 'x-3'`;
  const plant = async (): Promise<void> => {
    await someExecutions(projected, 4);
    await projected.project(1_000, runTree);
    await projected.sql(AHEAD);
  };
  const planted = ['nobody', 'x-1', 'x-2'];

  it('is found by the patrol', async () => {
    await plant();
    const seen = patrol();
    const found = () => [...new Set(seen.drift.map((line) => line.split(' ')[1]))].sort();
    await eventually(
      async () => found(),
      (ids) => ids.length >= planted.length,
    );
    expect(found()).toEqual(planted);
    expect(seen.errors).toEqual([]);
  }, 60_000);

  it('is found by a sampled verification', async () => {
    await plant();
    const operations = new PostgresProjectionOperations([executionStatus], projected.readModel.keepers);
    await operations.request(executionStatus.name, 'verify', { sample: 100 });
    const { drift, rows } = await verifySample(
      { ...rebuilding(projected, executionStatus), projection: executionStatus },
      100,
    );
    expect(rows).toBe(5);
    expect(drift!.sample.map(({ execution_id }) => execution_id).sort()).toEqual(planted);
  }, 60_000);

  it('is replaced when the truth comes', async () => {
    await plant();
    for (const id of planted) await tell(projected, id, became('running'));
    await projected.project(1_000, executionStatus);
    const ids = ['x-0', 'x-1', 'x-2', 'x-3', 'nobody'];
    expect(await standing(projected, executionStatus)).toEqual(await folded(projected.store, executionStatus, ids));
  }, 60_000);
});

it('reports no row as drifted that only moves while it is compared', async () => {
  const ids = await someExecutions(projected, 4);
  const seen = patrol();
  for (let n = 0; n < 16; n++) {
    await tell(projected, ids[n % 4]!, became(n % 2 ? 'running' : 'waiting'));
    await projected.project(1, executionStatus, runTree);
  }
  await eventually(
    async () => seen.rows,
    (rows) => rows > 0,
  );
  expect(seen).toMatchObject({ drift: [], errors: [] });
}, 60_000);

it('one process patrols at a time, and another takes over when it has gone', async () => {
  await someExecutions(projected, 3);
  const one = patrol();
  await eventually(
    async () => one.looks,
    (looks) => looks > 0,
  );
  const other = patrol();
  const held = one.looks;
  await eventually(
    async () => one.looks,
    (looks) => looks > held + 2,
  );
  expect(other.looks).toBe(0);
  await patrols[0]!.stop();
  await eventually(
    async () => other.looks,
    (looks) => looks > 0,
  );
}, 60_000);

it('takes a hundredth of a core at most, however long the streams are', () => {
  expect(restAfter(10, 5_000)).toBe(5_000);
  expect(restAfter(1_000, 5_000)).toBe(99_000);
});

it('keeps what it found wrong, for every process to show, until it finds it right', async () => {
  await someExecutions(projected, 10);
  const { projections } = projected.readModel;
  const kept = async () => (await projections.statuses()).find(({ name }) => name === 'execution-status')!;
  await projected.sql(`update ledger.execution_status set attempt = 7 where execution_id in ('x-4', 'x-9')`);
  patrol();
  expect(await eventually(kept, ({ drifted }) => drifted === 2)).toMatchObject({ driftedSince: expect.any(String) });
  const [first, second] = await projections.drifted('execution-status');
  expect([first, second]).toMatchObject([
    { executionId: 'x-4', field: 'attempt' },
    { executionId: 'x-9', field: 'attempt' },
  ]);
  await projected.sql(`update ledger.execution_status set attempt = 1 where execution_id = 'x-4'`);
  await projected.sql(`delete from ledger.execution_status_v1 where execution_id = 'x-9'`);
  await eventually(kept, ({ drifted }) => drifted === 0);
  expect(await kept()).not.toHaveProperty('driftedSince');
}, 60_000);

it('goes by itself in a server, which shows what it finds', async () => {
  await someExecutions(projected, 3);
  await projected.sql(`update ledger.execution_status set status = 'failed' where execution_id = 'x-1'`);
  const ledger = await startTestLedger({}, projected.database);
  const { text } = await eventually(
    () => ledger.call('GET', '//metrics'),
    (answer) => answer.text.includes('ledger_patrol_drift_total{projection="execution-status"} 1'),
  );
  expect(text).toMatch(/^ledger_patrol_rows_total\{projection="execution-status"\} 3$/m);
  const { body } = await ledger.call('GET', '/projections/execution-status');
  expect(body.drifted).toMatchObject({ rows: 1, sample: [{ execution_id: 'x-1', field: 'status' }] });
  const { items } = (await ledger.call('GET', '/inbox')).body;
  const { since } = body.drifted;
  expect(items).toContainEqual(expect.objectContaining({ kind: 'drift', count: 1, oldest_at: since }));
  await ledger.call('POST', '/projections/execution-status/verify');
  const measured = await eventually(
    async () => (await ledger.call('GET', '//metrics')).text,
    (all) => all.includes('ledger_rebuild_drift_rows{projection="execution-status",kind="verify"} 1'),
  );
  expect(measured).toMatch(/^ledger_rebuild_state\{projection="execution-status",kind="verify",state="verified"\} 1$/m);
  expect(measured).toMatch(/^ledger_rebuild_events\{projection="execution-status",kind="verify"\} 6$/m);
  expect(measured).toMatch(/^ledger_rebuild_rows\{projection="execution-status",kind="verify"\} 3$/m);
  await ledger.close();
}, 60_000);
