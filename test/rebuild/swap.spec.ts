import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type pg from 'pg';
import { statusCounts } from '../../projections/status-counts.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { someExecutions } from '../support/projection/projection-operations.js';
import { fact } from '../support/domain/given.js';
import { connectTo, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding } from '../support/projection/rebuilding.js';
import { folded, standing } from '../support/projection/tables.js';

let ledger: ProjectedLedger;
let ids: string[];
beforeEach(async () => {
  ledger = await openProjection();
  ids = [...(await someExecutions(ledger, 3)), 'late'];
});
afterEach(() => ledger.close());

/** A rebuild; `before` is told of its n-th try to swap, and done before it. */
function rebuildWith(before: (attempt: number) => Promise<unknown>) {
  let attempts = 0;
  const connect = async (): Promise<pg.Client> => {
    const client = await connectTo(ledger.database.connectionString);
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    client.query = (async (...args: unknown[]) => {
      if (String(args[0]).startsWith('set local lock_timeout')) await before(++attempts);
      return query(...args);
    }) as unknown as typeof client.query;
    return client;
  };
  return rebuild(rebuilding(ledger, statusCounts, { connect }), 'rebuild');
}
const oneMore = () => tell(ledger, 'late', fact('ExecutionRegistered'));

it('a swap catches up with what was projected until the moment that it holds the live table', async () => {
  await rebuildWith(async (attempt) => {
    if (attempt > 1) return;
    await oneMore();
    await ledger.project(1_000, statusCounts);
  });
  expect(await standing(ledger, statusCounts)).toEqual(await folded(ledger.store, statusCounts, ids));
});

it('a swap waits for the live table where that is behind: only then can all be compared', async () => {
  await ledger.sql(`update ledger.status_counts set count = count + 1 where scope = 'all' and status = 'succeeded'`);
  await oneMore();
  const { drift } = await rebuildWith(async (attempt) => {
    if (attempt === 2) await ledger.project(1_000, statusCounts);
  });
  expect(drift.rows).toBe(1);
});
