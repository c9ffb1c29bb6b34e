import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runTree } from '../../projections/run-tree.js';
import { eventually } from '../support/eventually.js';
import { operationEnded, operationOf, keeping, someExecutions } from '../support/projection/projection-operations.js';
import { openProjection, type ProjectedLedger } from '../support/projection/projection.js';
import { withClient } from '../support/store/postgres.js';

const { name } = runTree;
let projected: ProjectedLedger;
beforeAll(async () => {
  projected = await openProjection();
});
afterAll(() => projected.close());

it('a worker stops in time whatever it is waiting for, and the next one goes on', async () => {
  await someExecutions(projected, 3);
  const [one, next] = [keeping(projected), keeping(projected)];
  await withClient(projected.database.connectionString, async (holder) => {
    await holder.query('begin');
    await holder.query('lock table ledger.rebuilds in exclusive mode');
    await one.operations.statuses();
    const asked = one.operations.request(name, 'rebuild'); // waits, too
    await holder.query('commit');
    await asked;
    await holder.query('begin');
    await holder.query('lock table ledger.rebuilds in exclusive mode');
    one.worker.start();
    await eventually(
      () =>
        projected.sql(`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`),
      (waiting) => waiting.length > 0,
    );
    const at = performance.now();
    await one.worker.stop();
    expect(performance.now() - at).toBeLessThan(8_000);
    await holder.query('rollback');
  });
  expect(await operationOf(one.operations, name, 'rebuild')).toMatchObject({ state: 'running' });
  next.worker.start();
  expect(await operationEnded(next.operations, name, 'rebuild')).toMatchObject({ state: 'swapped' });
  await next.worker.stop();
}, 30_000);
