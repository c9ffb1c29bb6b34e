import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { executionStatus } from '../../projections/execution-status.js';
import { failureGroups } from '../../projections/failure-groups.js';
import { INBOX_LISTS, INBOX_LIST_KINDS } from '../../src/contract/inbox.js';
import type { Sort } from '../../src/read-model/list-request.js';
import { failuresStatement } from '../../src/read-model/failure-groups-query.js';
import { inboxStatement } from '../../src/read-model/inbox-query.js';
import { listStatement } from '../../src/read-model/list-query.js';
import { tableOf, viewOf } from '../../src/projection-tables/table.js';
import { DAY, SILENT_AFTER } from '../support/domain/given.js';
import { explain, type ExplainedQuery } from '../support/projection/explain.js';
import { FILTERS } from '../support/projection/list-cases.js';
import { generateExecutions, NEWEST } from '../support/projection/million.js';
import { createTestDatabase, type TestDatabase } from '../support/store/postgres.js';

/** What a list may look at, in blocks of 8 KiB; the table has 70,000, and a walk along an index that reads each row looks at more than that. */
const MOST_BLOCKS = 25_000;
/** What the count beside it may look at: of each that is counted its row, at most. */
const MOST_COUNTED_BLOCKS = 20_000;

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database);
  await client.connect();
  await generateExecutions(client, 1_000_000);
}, 240_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** A plan rests on a sample of the table, and now and then one misleads the planner: what is too much is asked once more, on another. */
async function explained(statement: Parameters<typeof explain>[1], most: number): Promise<ExplainedQuery> {
  const first = await explain(client, statement);
  if (first.blocks <= most) return first;
  await client.query(`analyze ${tableOf(executionStatus, 1)}`);
  return explain(client, statement);
}

describe.each<Sort>([
  '-created_at',
  'created_at',
  '-last_activity_at',
  'last_activity_at',
  '-completed_at',
  'completed_at',
  '-started_at',
  'started_at',
  '-duration_ms',
  'duration_ms',
])('of a million executions by %s', (sort) => {
  it.each(FILTERS.map((filter) => [JSON.stringify(filter), filter] as const))(
    'those of %s are listed by index, from a part of the table',
    async (_name, filter) => {
      const now = { at: NEWEST, stale_after_ms: 3 * DAY, silent_after: SILENT_AFTER };
      const { blocks, scans } = await explained(listStatement({ filter, sort, limit: 50, now }), MOST_BLOCKS);
      expect(scans).not.toEqual([]);
      expect(scans.filter((scan) => scan.startsWith('Seq Scan'))).toEqual([]);
      expect(blocks).toBeLessThanOrEqual(MOST_BLOCKS);
    },
  );
});

describe.each<Sort>(['-created_at', '-duration_ms'])('of a million executions in a list by %s', (sort) => {
  it.each(FILTERS.map((filter) => [JSON.stringify(filter), filter] as const))(
    'those of %s are counted from a part of the table',
    async (_name, filter) => {
      const now = { at: NEWEST, stale_after_ms: 3 * DAY, silent_after: SILENT_AFTER };
      const { blocks } = await explained(
        listStatement({ filter, sort, limit: 50, count: true, now }),
        MOST_BLOCKS + MOST_COUNTED_BLOCKS,
      );
      expect(blocks).toBeLessThanOrEqual(MOST_BLOCKS + MOST_COUNTED_BLOCKS);
    },
  );
});

it('of a million executions the failures of a month are grouped without reading the others', async () => {
  await client.query(`insert into ${tableOf(failureGroups, 1)}
    select date_trunc('minute', completed_at), failure_group, 'pattern ' || failure_group, status, workflow_id, target, kind,
           count(*), count(*)
      from ${viewOf(executionStatus)} where failure_group is not null group by 1, 2, 3, 4, 5, 6, 7`);
  await client.query(`analyze ${tableOf(failureGroups, 1)}`);
  const range = { from: new Date(Date.parse(NEWEST) - 31 * DAY).toISOString(), to: NEWEST };
  for (const asked of [{}, { target: 'agents.summarise' }, { workflow_id: 'nightly', status: ['timeout' as const] }]) {
    const { blocks, scans } = await explain(client, failuresStatement({ ...asked, ...range }));
    expect(scans.filter((scan) => scan.startsWith('Seq Scan'))).toEqual([]);
    expect(blocks).toBeLessThanOrEqual(MOST_BLOCKS / 2);
  }
});

it('of a million executions the inbox is counted by index, from a part of the table', async () => {
  // As the database does by itself: then entries of an index are counted without their rows.
  await client.query(`vacuum ${tableOf(executionStatus, 1)}`);
  const now = { at: NEWEST, stale_after_ms: 3 * DAY, silent_after: SILENT_AFTER };
  for (const within of [undefined, 'exec-0099']) {
    const filters = Object.fromEntries(INBOX_LIST_KINDS.map((kind) => [kind, { ...INBOX_LISTS[kind], within }]));
    const { blocks, scans } = await explained(inboxStatement({ filters, now }), MOST_BLOCKS / 2);
    expect(scans).not.toEqual([]);
    expect(scans.filter((scan) => scan.startsWith('Seq Scan'))).toEqual([]);
    expect(blocks).toBeLessThanOrEqual(MOST_BLOCKS / 2);
  }
});

it('a page in the middle costs no more than the first', async () => {
  const now = { at: NEWEST, stale_after_ms: 3 * DAY, silent_after: SILENT_AFTER };
  const after = { key: new Date(Date.parse(NEWEST) - 180 * DAY).toISOString(), executionId: 'exec' };
  for (const filter of [{}, { status: ['failed' as const] }, { workflow_id: 'nightly' }, { cancellable: true }]) {
    const { blocks, scans } = await explain(
      client,
      listStatement({ filter, sort: '-created_at', limit: 500, after, now }),
    );
    expect(scans.filter((scan) => scan.startsWith('Seq Scan'))).toEqual([]);
    expect(blocks).toBeLessThanOrEqual(MOST_BLOCKS);
  }
});
