import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** One event onto `big`, guarded by another stream and an id. */
const append = (id: string): string =>
  `select * from ledger.append(array['big'], array[-3], array['small-1'], array[-1]::bigint[], array['x'], array[1],
     array[1], array[1], array['big'], array['${id}'], array['T'], array['{}'], array['{}'])`;

/** Pages touched by a statement, whatever they are. */
async function pagesOf(client: pg.Client, sql: string): Promise<number> {
  const { rows } = await client.query(`explain (analyze, buffers, format json) ${sql}`);
  const plan = rows[0]['QUERY PLAN'][0].Plan;
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
}

const insert = (first: number, count: number, stream: string, revision: string): string =>
  `insert into ledger.events select ${first} + i, now(), ${revision}, ${stream}, 'e' || i, 'T', '{}', '{}' from generate_series(1, ${count}) i`;

it('an append touches as few pages on a stream of 100,000 events as on one of 1, even by a plan of before they came', async () => {
  await withClient(database.connectionString, async (client) => {
    await client.query(append('first')); // planned on an empty table
    await client.query(insert(1, 50_000, `'small-' || i`, '0'));
    expect(await pagesOf(client, append('second'))).toBeLessThan(100);
    await client.query('analyze ledger.events'); // planned anew: streams have one event, says the statistic
    expect(await pagesOf(client, append('third'))).toBeLessThan(100);
    await client.query(insert(60_000, 100_000, `'big'`, '100 + i'));
    expect(await pagesOf(client, append('fourth'))).toBeLessThan(100);
    await client.query('analyze ledger.events');
    expect(await pagesOf(client, append('fifth'))).toBeLessThan(100);
  });
});

it.each([
  ['findEvent', `select * from ledger.events where stream = 'big' and event_id = 'e77'`],
  [
    'readStream backwards',
    `select * from ledger.events where stream = 'big' and revision <= 2147483647 order by revision desc limit 1`,
  ],
  ['readAll', 'select * from ledger.events where position > 1000 order by position limit 10'],
])('%s reads by its index', async (_, sql) => {
  await withClient(database.connectionString, async (client) => expect(await pagesOf(client, sql)).toBeLessThan(40));
});
