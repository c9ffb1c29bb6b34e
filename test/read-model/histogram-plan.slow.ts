import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { outcomeHistogram } from '../../projections/outcome-histogram.js';
import { HISTOGRAM_KEYS, INTERVALS, type Interval } from '../../src/read-model/summaries.js';
import { histogramStatement } from '../../src/read-model/histogram-query.js';
import { tableOf } from '../../src/projection-tables/table.js';
import { explain } from '../support/projection/explain.js';
import { DAY } from '../support/domain/given.js';
import { generateHistogram, NEWEST } from '../support/projection/million.js';
import { createTestDatabase, type TestDatabase } from '../support/store/postgres.js';

/** What a histogram may look at, in blocks of 8 KiB. The rows of a million outcomes are in many times as many. */
const MOST_BLOCKS = 2_500;

/** The filters, with values that most and that few of the generated executions have. */
const FILTERS = [
  {},
  { status: ['failed' as const, 'timeout' as const] },
  { '-status': ['succeeded' as const] },
  { workflow_id: 'nightly' },
  { workflow_id: 'wf-40' },
  { target: 'agents.summarise' },
  { target: 'node-8' },
  { kind: 'workflow' },
  { kind: 'workflow', target: 'agents.summarise' },
  { kind: 'nobody' },
];

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database);
  await client.connect();
  await generateHistogram(client, 1_000_000);
}, 600_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

const intervals = Object.keys(INTERVALS) as Interval[];
describe.each(intervals.flatMap((interval) => HISTOGRAM_KEYS.map((by) => [interval, by] as const)))(
  'a histogram of a million executions by %s and %s',
  (interval, by) => {
    const from = new Date(Date.parse(NEWEST) - INTERVALS[interval].mostDays * DAY).toISOString();
    it.each(FILTERS.map((filter) => [JSON.stringify(filter), filter] as const))(
      'under %s reads what it shows by index, and no more',
      async (_name, filter) => {
        const statement = histogramStatement({ ...filter, interval, by, from, to: NEWEST });
        const { blocks, scans } = await explain(client, statement, outcomeHistogram);
        expect(scans).not.toEqual([]);
        expect(scans.filter((scan) => scan.startsWith('Seq Scan'))).toEqual([]);
        expect(blocks).toBeLessThanOrEqual(MOST_BLOCKS);
      },
    );
  },
);

it('the table of a million outcomes is many times what a histogram reads', async () => {
  const { rows } = await client.query<{ blocks: number }>(
    `select pg_relation_size('${tableOf(outcomeHistogram, 1)}')::float8 / 8192 as blocks`,
  );
  expect(rows[0]!.blocks).toBeGreaterThan(10 * MOST_BLOCKS);
});
