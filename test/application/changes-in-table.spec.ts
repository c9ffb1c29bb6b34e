import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { CHANGES_PAGE, ChangesInTable } from '../../src/application/reading/changes-in-table.js';
import { tableOf } from '../../src/projection-tables/table.js';
import { fact } from '../support/domain/given.js';
import { openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { runtimeWith } from '../support/ledger/runtime.js';

const EXECUTIONS = 60;
/** So many of each execution's events stand together in the log, so often. */
const TOGETHER = 9;
const ROUNDS = 3;

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
  const id = (n: number): string => `x-${n % EXECUTIONS}`;
  const progress = Array.from({ length: TOGETHER }, (_, n) => fact('ExecutionProgressed', { progress: n }));
  for (let n = 0; n < EXECUTIONS; n++) await tell(ledger, id(n), fact('ExecutionRegistered'));
  // Each round in another order, and without some: those that moved on last are not those that began last.
  for (let round = 1; round <= ROUNDS; round++)
    for (let n = 0; n < EXECUTIONS; n++) if (n % (round + 2) > 0) await tell(ledger, id(n * 7), ...progress);
  await ledger.project();
  // What is not projected yet is not told, whoever it is of.
  for (let n = 0; n < EXECUTIONS; n += 2) await tell(ledger, id(n), fact('ExecutionSucceeded'));
});
afterAll(() => ledger.close());

it('a subscriber that comes back at any position is sent each execution that changed since, once, as it is now, in the order of the changes', async () => {
  const table = new ChangesInTable(ledger.store, ledger.readModel, runtimeWith());
  const rows = await ledger.sql<{ execution_id: string; position: string }>(
    `select execution_id, position from ${tableOf(executionStatus, 1)} order by position`,
  );
  const { position: head } = await ledger.readModel.checkpoint();
  expect(Number(head)).toBeGreaterThan(2 * CHANGES_PAGE);
  for (const from of [0n, 1n, 61n, head / 3n, head / 2n, head - 10n, head]) {
    const told: unknown[] = [];
    for (let after = from, more = true; more;) {
      const page = await table.read(after);
      expect(page.through > after || from === head).toBe(true); // else it would never end
      for (const { executionId, position, json } of page.changes) {
        expect(JSON.parse(json)).toMatchObject({ execution_id: executionId, position: String(position) });
        told.push({ execution_id: executionId, position: String(position) });
      }
      [after, more] = [page.through, page.more];
      if (!more) expect(page).toMatchObject({ through: head, short: false });
    }
    expect({ from, told }).toEqual({ from, told: rows.filter(({ position }) => BigInt(position) > from) });
  }
});

it('a table that is behind the position that it is asked from says so', async () => {
  const table = new ChangesInTable(ledger.store, ledger.readModel, runtimeWith());
  const { position: head } = await ledger.readModel.checkpoint();
  expect(await table.read(head + 5n)).toMatchObject({ changes: [], short: true });
});
