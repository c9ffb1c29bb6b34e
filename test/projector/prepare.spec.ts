import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { prepareProjection } from '../../src/projector/versions.js';
import { openProjection, type Projected } from '../support/projection.js';
import { withClient } from '../support/postgres.js';

let projected: Projected;
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

it('a table that is there gets the indexes that it has not, and a writer is only waited for then', async () => {
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

it('what changed since a position is found by an index', async () => {
  const [plan] = await withClient(projected.database.connectionString, async (client) => {
    await client.query('set enable_seqscan = off; set enable_bitmapscan = off'); // few rows would be sorted
    const text =
      'explain (format json) select * from ledger.execution_status where position > 5 order by position limit 500';
    return (await client.query<{ 'QUERY PLAN': unknown }>(text)).rows;
  });
  expect(JSON.stringify(plan)).toMatch(/"Index Name":"execution_status_v1_\d+".*"Index Cond":"\(\\"position\\" > 5\)"/);
  expect(JSON.stringify(plan)).not.toContain('"Sort"');
});
