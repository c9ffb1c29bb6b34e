import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { registerMany } from '../support/store/registered.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

const COUNT = 25_000;
/** How many reporters keep asking, each as soon as it is answered, or nearly. */
const REPORTERS = 4;
/** Of what stands between two reports of theirs in the log: a small part of what is due. */
const MOST_IN_A_ROW = COUNT / 20;

let database: TestDatabase;
let ledger: TestLedger;

beforeAll(async () => {
  database = await createTestDatabase();
  const writer = await startTestLedger({ PROJECTOR: 'off' }, database);
  const deadline = '2026-01-01T00:00:00.000Z';
  const due = Array.from({ length: COUNT }, (_, n) => ({ id: `due-${n}`, data: { deadline } }));
  await registerMany(writer.ledger.parts.store, due);
  await writer.close();
  ledger = await startTestLedger({}, database);
}, 120_000);
afterAll(async () => {
  await ledger.close();
  await database.drop();
}, 30_000);

const sql = <R extends object>(text: string): Promise<R[]> =>
  withClient(database.connectionString, async (client) => (await client.query<R & object>(text)).rows);
const TIMED_OUT = `select count(*)::int as all, count(distinct stream)::int as streams from ledger.events
  where type = 'ExecutionTimedOut'`;
/** The longest row of time-outs that no report stands between, and how many reports stand among them. */
const ROWS = `with told as (select position, type = 'ExecutionTimedOut' as out from ledger.events
    where type in ('ExecutionTimedOut', 'ExecutionProgressed')),
  runs as (select out, count(*) filter (where not out) over (order by position) as run from told),
  span as (select min(position) as first, max(position) as last from told where out)
  select (select max(length)::int from (select count(*) as length from runs where out group by run) r) as longest,
         (select count(*)::int from told, span where not out and position between first and last) as among`;

it('25,000 that are due at once are timed out once each, and strict reports are answered all the while', async () => {
  let draining = true;
  const statuses = new Set<number>();
  const reporter = async (_: unknown, n: number): Promise<void> => {
    await ledger.call('POST', '/executions', { execution_id: `reporter-${n}` });
    for (let k = 0; draining; k++) {
      const { status } = await ledger.call('POST', `/executions/reporter-${n}/progress`, { message: `m${k}` });
      statuses.add(status);
      await pause(5);
    }
  };
  const reporters = Array.from({ length: REPORTERS }, reporter);
  let done = 0;
  while (done < COUNT) {
    await pause(500);
    done = (await sql<{ all: number }>(TIMED_OUT))[0]!.all;
  }
  draining = false;
  await Promise.all(reporters);
  expect(statuses).toEqual(new Set([200]));
  expect(await sql(TIMED_OUT)).toEqual([{ all: COUNT, streams: COUNT }]);
  const [rows] = await sql<{ longest: number; among: number }>(ROWS);
  expect(rows!.longest).toBeLessThan(MOST_IN_A_ROW);
  expect(rows!.among).toBeGreaterThan(COUNT / MOST_IN_A_ROW);
  const { text } = await ledger.call('GET', '//metrics');
  expect(text).toMatch(new RegExp(`^ledger_timed_out_total ${COUNT}$`, 'm'));
}, 600_000);
