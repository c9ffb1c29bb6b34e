import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { executionStatus } from '../../projections/execution-status.js';
import { dueStatement } from '../../src/read-model/due-query.js';
import { tableOf } from '../../src/projection-tables/table.js';
import { explain } from '../support/projection/explain.js';
import { generateExecutions, NEWEST } from '../support/projection/million.js';
import { createTestDatabase, type TestDatabase } from '../support/store/postgres.js';

const COUNT = 50_000;
/** Of 8 KiB, to find a batch: the index' way down and its entries, and at worst a block of the table for each. */
const MOST_BLOCKS = 220;
/** Of them, where nothing is found. */
const FEW_BLOCKS = 10;

let database: TestDatabase;
let client: pg.Client;
/** The one way to read the table: by the index of what has a deadline, and no other. */
let byIndex: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database);
  await client.connect();
  await generateExecutions(client, COUNT);
  // One in a hundred registered a deadline: it passes in the year that follows the newest execution.
  const table = tableOf(executionStatus, 1);
  await client.query(
    `update ${table} set due_at = created_at + interval '1 year' where position % 400 = 0;
     analyze ${table}`,
  );
  const { rows } = await client.query<{ indexname: string }>(
    `select indexname from pg_indexes where schemaname = 'ledger' and indexdef like '%(due_at, execution_id)%'`,
  );
  byIndex = rows.map(({ indexname }) => `Index Scan ${indexname}`);
}, 60_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

const yearAfter = (days: number): string => new Date(Date.parse(NEWEST) + (365 - days) * 86_400_000).toISOString();

it.each([
  ['nothing is due', '2020-01-01T00:00:00.000Z', FEW_BLOCKS],
  ['some are', yearAfter(346), MOST_BLOCKS],
  ['all are', yearAfter(0), MOST_BLOCKS],
])('what is due is found by its index, among many with no deadline: %s', async (_what, at, most) => {
  const { scans, blocks } = await explain(client, dueStatement({ at, limit: 200 }));
  expect(scans).toEqual(byIndex);
  expect(blocks).toBeLessThanOrEqual(most);
});

it('and so is what is due behind a batch', async () => {
  const at = yearAfter(0);
  const { rows } = await client.query<{ due_at: Date; execution_id: string }>(
    `select due_at, execution_id from ${tableOf(executionStatus, 1)} where due_at is not null order by due_at offset 250 limit 1`,
  );
  const after = { dueAt: rows[0]!.due_at.toISOString(), executionId: rows[0]!.execution_id, revision: 0 };
  const { scans, blocks } = await explain(client, dueStatement({ at, after, limit: 200 }));
  expect(scans).toEqual(byIndex);
  expect(blocks).toBeLessThanOrEqual(MOST_BLOCKS);
});
