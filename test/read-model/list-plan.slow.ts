import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Sort } from '../../src/contract/queries.js';
import { DAY } from '../support/given.js';
import { explain } from '../support/explain.js';
import { FILTERS } from '../support/list-cases.js';
import { generateExecutions, NEWEST } from '../support/million.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const MOST_MS = 50;
/** Other programs of the machine are not the plan's fault: one of so many runs must be in time. */
const RUNS = 10;

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database);
  await client.connect();
  await generateExecutions(client, 1_000_000);
}, 120_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe.each<Sort>(['-created_at', '-last_activity_at', 'last_activity_at'])(
  'of a million executions by %s',
  (sort) => {
    it.each(FILTERS.map((filter) => [JSON.stringify(filter), filter] as const))(
      'those of %s are listed by index, in time',
      async (_name, filter) => {
        const now = { at: NEWEST, stale_after_ms: 3 * DAY };
        const { ms, scans } = await explain(client, { filter, sort, limit: 50, now }, RUNS, MOST_MS);
        expect(scans).not.toEqual([]);
        expect(scans.filter((scan) => scan.startsWith('Seq Scan'))).toEqual([]);
        expect(ms).toBeLessThanOrEqual(MOST_MS);
      },
    );
  },
);

it('a page in the middle costs no more than the first', async () => {
  const now = { at: NEWEST, stale_after_ms: 3 * DAY };
  const after = { key: new Date(Date.parse(NEWEST) - 180 * DAY).toISOString(), executionId: 'exec' };
  for (const filter of [{}, { status: ['failed' as const] }, { workflow_id: 'nightly' }, { cancellable: true }]) {
    const { ms, scans } = await explain(client, { filter, sort: '-created_at', limit: 500, after, now }, RUNS, MOST_MS);
    expect(scans.filter((scan) => scan.startsWith('Seq Scan'))).toEqual([]);
    expect(ms).toBeLessThanOrEqual(MOST_MS);
  }
});
