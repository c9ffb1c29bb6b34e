import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { statusCounts } from '../../projections/status-counts.js';
import { runOperation } from '../../src/rebuild/run-operation.js';
import { LockedByOther } from '../../src/rebuild/rebuild-lock.js';
import { operationOf, keeping, someExecutions } from '../support/projection/projection-operations.js';
import { openProjection, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding } from '../support/projection/rebuilding.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
  await someExecutions(ledger, 3);
  await ledger.project(1_000, statusCounts);
});
afterAll(() => ledger.close());

const live = async () => {
  const rows = await ledger.sql<{ version: number }>(
    'select version from ledger.checkpoints where projection = $1 and live',
    statusCounts.name,
  );
  return rows[0]!.version;
};

it('an operation that two workers were told of is done once: no rollback is undone, no rebuild begun again', async () => {
  const { operations } = keeping(ledger);
  for (const [kind, version] of [
    ['rebuild', 2],
    ['rollback', 1],
    ['rollback', 2],
  ] as const) {
    await operations.request(statusCounts.name, kind);
    const tries = [];
    // One after the other, which is how the second one finds nobody at it.
    for (let n = 0; n < 2; n++)
      tries.push(await runOperation(rebuilding(ledger, statusCounts), { kind }).catch((error: unknown) => error));
    expect(tries.filter((ended) => ended instanceof LockedByOther)).toMatchObject([
      { message: `the ${kind} of status-counts has just been done` },
    ]);
    expect(await live()).toBe(version);
    expect(await operationOf(operations, statusCounts.name, kind)).toMatchObject({ state: 'swapped', version });
  }
});
