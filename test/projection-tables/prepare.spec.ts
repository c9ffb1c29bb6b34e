import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { prepareProjection } from '../../src/projection-tables/versions.js';
import { fact, nowAt } from '../support/domain/given.js';
import { openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { withClient } from '../support/store/postgres.js';

let projected: ProjectedLedger;
beforeAll(async () => {
  projected = await openProjection();
});
afterAll(() => projected.close());

const indexes = async (): Promise<string[]> =>
  (
    await projected.sql<{ name: string }>(
      `select indexrelid::regclass::text as name from pg_index where indrelid = 'ledger.execution_status_v1'::regclass order by 1`,
    )
  ).map(({ name }) => name);
const prepare = () =>
  withClient(projected.database.connectionString, (client) => prepareProjection(client, executionStatus));

it('an existing table gets the indexes that it lacks, and a writer is waited for only then', async () => {
  const all = await indexes();
  const last = `execution_status_v1_${executionStatus.indexes.length}`;
  expect(all).toContain(`ledger.${last}`);
  await projected.sql(`drop index ledger.${last}`);
  await prepare();
  expect(await indexes()).toEqual(all);
  await withClient(projected.database.connectionString, async (writer) => {
    await writer.query('begin');
    await writer.query('lock table ledger.execution_status_v1 in row exclusive mode');
    await prepare(); // would wait for the writer if it asked for an index
    await writer.query('rollback');
  });
});

it('without the extension that finds text anywhere a table is made, written and listed all the same', async () => {
  await tell(projected, 'x', fact('ExecutionRegistered'), fact('ExecutionFailed', { error: 'Out of memory' }));
  const list = async () => {
    await projected.project();
    const asked = { filter: { error: 'OUT OF' }, sort: '-created_at', limit: 1, now: nowAt(0) } as const;
    return (await projected.readModel.list(asked)).rows.map(({ executionId }) => executionId);
  };
  const all = await indexes();
  expect(await list()).toEqual(['x']);
  await projected.sql('drop extension pg_trgm cascade');
  await prepare();
  expect(await indexes()).toHaveLength(all.length - 1);
  await tell(projected, 'y', fact('ExecutionRegistered'), fact('ExecutionFailed', { error: 'out of order' }));
  expect(await list()).toEqual(['y']);
  await projected.sql('create schema elsewhere');
  await projected.sql('create extension pg_trgm with schema elsewhere');
  await prepare();
  expect(await indexes()).toEqual(all);
  expect(await list()).toEqual(['y']);
});
