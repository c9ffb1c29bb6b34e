import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { tableOf } from '../../src/projection-tables/table.js';
import { became, fact } from '../support/domain/given.js';
import { connectTo, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding } from '../support/projection/rebuilding.js';

// A rebuild waits for whoever moves the live table: where nobody does, that takes its seconds.
const ids = Array.from({ length: 5 }, (_, n) => `x-${n}`);
let ledger: ProjectedLedger;
beforeEach(async () => {
  ledger = await openProjection();
  for (const id of ids) await tell(ledger, id, fact('ExecutionRegistered'), became('running'));
  await ledger.project(1_000, executionStatus);
});
afterEach(() => ledger.close());

const seen = async () => {
  const mine = (await ledger.readModel.projections.statuses()).find(({ name }) => name === executionStatus.name)!;
  return { version: mine.version, paused: mine.paused, at: mine.checkpoint.position };
};

/** Connections that say how often two tables are compared. */
function countingScans() {
  const counting = {
    scans: 0,
    connect: async () => {
      const client = await connectTo(ledger.database.connectionString);
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
      client.query = ((...args: unknown[]) => {
        const [text, values] = args as [string, unknown[]?];
        if (/^select max\(execution_id\)/.test(text) && values?.[0] === '') counting.scans++;
        return query(...args);
      }) as never;
      return client;
    },
  };
  return counting;
}

describe('a rebuild', () => {
  it('whose tables do not move compares them once, whatever it cannot look at again', async () => {
    const live = tableOf(executionStatus, 1);
    await ledger.sql(
      `insert into ${live} select (jsonb_populate_record(one, jsonb_build_object('execution_id', 'y-' || n))).*
         from ${live} one, generate_series(1, 10500) n where execution_id = 'x-0'`,
    );
    const counting = countingScans();
    const { rows, drift } = await rebuild(rebuilding(ledger, executionStatus, counting), 'rebuild');
    expect([counting.scans, rows, drift.rows]).toEqual([1, 10_005, 10_000]);
  });

  it('of a table that nobody moves goes beyond it, and does not say that it compared what moved', async () => {
    for (const id of ids.slice(0, 2)) await tell(ledger, id, became('succeeded', 'worker'));
    const { rows, drift } = await rebuild(rebuilding(ledger, executionStatus), 'rebuild');
    expect([rows, drift.rows]).toEqual([3, 0]);
    expect(await seen()).toEqual({ version: 2, paused: false, at: 12n });
  }, 20_000);
});
