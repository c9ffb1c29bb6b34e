import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { runTree } from '../../projections/run-tree.js';
import { Patrol, restAfter } from '../../src/projector/patrol.js';
import { eventually } from '../http/suite/http.js';
import { someExecutions } from '../support/chores.js';
import { became } from '../support/given.js';
import { startTestLedger } from '../support/ledger.js';
import { connectTo, openProjection, tell, type Projected } from '../support/projection.js';

let projected: Projected;
let patrols: Patrol[];
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
  const one = new Patrol({
    projections: [executionStatus, runTree],
    store: projected.store,
    connect,
    everyMs: 1,
    rows: 3,
    share: 2,
    watch: {
      looked: (_name, rows) => {
        seen.looks++;
        seen.rows += rows;
      },
      drifted: (name, { executionId, fields }) => seen.drift.push(`${name} ${executionId} ${fields.join()}`),
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

it('takes nothing for wrong that only moves while it is looked at', async () => {
  const ids = await someExecutions(projected, 4);
  const seen = patrol();
  for (let n = 0; n < 40; n++) {
    await tell(projected, ids[n % 4]!, became(n % 2 ? 'running' : 'waiting'));
    await projected.project(1, executionStatus, runTree);
  }
  await eventually(
    async () => seen.rows,
    (rows) => rows > 0,
  );
  expect(seen).toMatchObject({ drift: [], errors: [] });
}, 60_000);

it('one patrols at a time, and another when it has gone', async () => {
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

it('goes by itself in a server, which shows what it finds', async () => {
  await someExecutions(projected, 3);
  await projected.sql(`update ledger.execution_status set status = 'failed' where execution_id = 'x-1'`);
  const ledger = await startTestLedger({}, projected.database);
  const { text } = await eventually(
    () => ledger.call('GET', '//metrics'),
    (answer) => answer.text.includes('ledger_patrol_drift_total{projection="execution-status"} 1'),
  );
  expect(text).toMatch(/^ledger_patrol_rows_total\{projection="execution-status"\} 3$/m);
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
