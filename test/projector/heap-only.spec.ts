import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { tableOf } from '../../src/projection-tables/table.js';
import { fact } from '../support/domain/given.js';
import {
  connectTo,
  openProjection,
  projectorOf,
  tell,
  type ProjectedLedger,
} from '../support/projection/projection.js';

const UPDATES = 40;

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

it('an event that changes neither status nor minute is written to the row alone, to none of its indexes (heap-only tuples)', async () => {
  await tell(ledger, 'x', fact('ExecutionRegistered'), fact('ExecutionStarted'));
  await ledger.project();
  const client = await connectTo(ledger.database.connectionString);
  const projector = projectorOf(ledger.store);
  let after = (await projector.begin(client))!;
  for (let n = 0; n < UPDATES; n++) {
    const last = await tell(ledger, 'x', fact('ExecutionProgressed', { progress: n, message: 'm'.repeat(n) }));
    await projector.handle(client, await ledger.store.readAll(after, 100));
    after = last;
  }
  await client.end(); // with it the server counts what it wrote
  const [written] = await ledger.sql<{ updated: string; heap_only: string }>(
    `select n_tup_upd as updated, n_tup_hot_upd as heap_only from pg_stat_user_tables where relid = $1::regclass`,
    tableOf(executionStatus, 1),
  );
  expect(Number(written!.updated)).toBeGreaterThanOrEqual(UPDATES);
  // A minute may end meanwhile, and a full page sends a row to another.
  expect(Number(written!.heap_only)).toBeGreaterThanOrEqual(0.8 * Number(written!.updated));
});
