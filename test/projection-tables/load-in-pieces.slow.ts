import { expect, it } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { runTree } from '../../projections/run-tree.js';
import { statusCounts } from '../../projections/status-counts.js';
import { targetHealth } from '../../projections/target-health.js';
import { createVersion } from '../../src/projection-tables/versions.js';
import { LoadInPieces1764000500000 } from '../../src/projection-tables/migrations/1764000500000-load-in-pieces.js';
import { tableOf } from '../../src/projection-tables/table.js';
import { operationEnded, operationOf, keeping, someExecutions } from '../support/projection/projection-operations.js';
import { withClient } from '../support/store/postgres.js';
import { openProjection } from '../support/projection/projection.js';

it('what an older program was loading is begun anew, and what was only asked for stays asked for', async () => {
  const projected = await openProjection();
  const { operations, worker } = keeping(projected);
  try {
    await someExecutions(projected, 3);
    const migration = new LoadInPieces1764000500000();
    const runner = { query: (text: string) => projected.sql(text) } as unknown as QueryRunner;
    await migration.down(runner);
    await withClient(projected.database.connectionString, (client) => createVersion(client, runTree, 2, false));
    await projected.sql(`insert into ${tableOf(runTree, 2)} select * from ${tableOf(runTree, 1)} limit 1`);
    await projected.sql(
      `insert into ledger.rebuilds (projection, kind, version, fold_version, state, phase, paused, upto, loaded, sample)
       values ($1, 'rebuild', 2, $2, 'running', 'loading', false, 6, 'execution-x-0', null),
              ($1, 'verify', 0, $2, 'running', 'loading', false, 0, null, 2),
              ($3, 'rebuild', 0, $4, 'running', 'loading', true, 0, null, null),
              ($5, 'rollback', 0, $6, 'running', 'loading', false, 0, null, null)`,
      ...[runTree, statusCounts, targetHealth].flatMap(({ name, version }) => [name, version]),
    );
    await migration.up(runner);
    for (const [{ name, version: foldVersion }, kind] of [
      [runTree, 'verify'],
      [statusCounts, 'rebuild'],
      [targetHealth, 'rollback'],
    ] as const)
      expect(await operationOf(operations, name, kind)).toMatchObject({ state: 'running', version: 0, foldVersion });

    worker.start();
    const rebuilt = await operationEnded(operations, runTree.name, 'rebuild');
    expect(rebuilt).toMatchObject({ state: 'swapped', version: 3, compared: { rows: 3, drift: { rows: 0 } } });
    const sampled = await operationEnded(operations, runTree.name, 'verify');
    expect(sampled).toMatchObject({ state: 'verified', compared: { rows: 2, drift: { rows: 0 } } });
    const left = await projected.sql('select to_regclass($1) as dropped', tableOf(runTree, 2));
    expect(left).toEqual([{ dropped: null }]);
    expect(await operationOf(operations, statusCounts.name, 'rebuild')).toMatchObject({
      state: 'running',
      paused: true,
    });
  } finally {
    await worker.stop();
    await projected.close();
  }
}, 20_000);
