import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { executionStatus } from '../../projections/execution-status.js';
import { statusCounts } from '../../projections/status-counts.js';
import { refusedStream } from '../../src/domain/stream.js';
import { became, fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { appendLog, logs } from '../support/projection/logs.js';
import { openProjection, readableFold, tell, type ProjectedLedger } from '../support/projection/projection.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

/** How many of these executions stand in each status, told by their streams. */
async function told(ids: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const fold = await readableFold(ledger.store, id);
    if (fold.status === 'none') continue;
    const { workflow_id, target } = fold.description;
    for (const key of [[], [workflow_id ?? null, target ?? null]]) {
      const name = JSON.stringify([...key, fold.status]);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}
const countsOf = async (request = {}) => (await ledger.readModel.statusCounts(request)).counts;
const nonZero = (counts: object) => Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

describe('the counts', () => {
  it('are the number of executions by status, workflow and target, whatever was appended and however it was paged', async () => {
    const all: string[] = [];
    const property = fc.asyncProperty(logs, fc.integer({ min: 1, max: 12 }), async (log, pageSize) => {
      all.push(...(await appendLog(ledger, log)));
      await ledger.project(pageSize, statusCounts);
      const expected = await told(all);
      const whole = nonZero(await countsOf());
      expect(Object.keys(whole).length).toBe(
        [...expected.keys()].filter((key) => key.startsWith('["') && !key.includes(',')).length,
      );
      for (const [key, count] of expected) {
        const [status, target, workflow_id] = (JSON.parse(key) as (string | null)[]).reverse() as [
          string,
          string?,
          string?,
        ];
        if (target === null || workflow_id === null) continue; // nobody can ask for "nobody said"
        const counts = await countsOf({ target, workflow_id });
        expect({ key, count: counts[status as 'failed'] }).toEqual({ key, count });
      }
    });
    await fc.assert(property, { numRuns: 10 });
  }, 60_000);

  it('are those of the rows of the list', async () => {
    await ledger.project(1_000, executionStatus, statusCounts);
    const rows = await ledger.sql<{ status: string; count: string }>(
      'select status, count(*) from ledger.execution_status_v1 group by status',
    );
    expect(rows.length).toBeGreaterThan(3);
    expect(nonZero(await countsOf())).toEqual(
      Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)])),
    );
  });

  it('are read from at most nine rows, however many workflows there are', async () => {
    for (let n = 0; n < 30; n++)
      await tell(ledger, freshId(), fact('ExecutionRegistered', { workflow_id: `wf-${n}` }), became('running'));
    await ledger.project(1_000, statusCounts);
    const rows = await ledger.sql("select from ledger.status_counts_v1 where scope = 'all'");
    expect(rows.length).toBeLessThanOrEqual(9);
  });

  it('of a workflow or a target alone are the sum of its combinations; of one that nobody named there are none', async () => {
    const [workflow_id, target] = [freshId(), freshId()];
    await tell(ledger, freshId(), fact('ExecutionRegistered', { workflow_id, target }));
    await tell(ledger, freshId(), fact('ExecutionRegistered', { workflow_id, target: 'other' }), became('failed'));
    await tell(ledger, freshId(), fact('ExecutionRegistered', { target }));
    await ledger.project(2, statusCounts);
    expect(nonZero(await countsOf({ workflow_id }))).toEqual({ pending: 1, failed: 1 });
    expect(nonZero(await countsOf({ target }))).toEqual({ pending: 2 });
    expect(nonZero(await countsOf({ workflow_id, target }))).toEqual({ pending: 1 });
    expect(await countsOf({ workflow_id: 'nobody' })).toEqual({});
  });

  it('do not move for refusals, nor in pages that have nothing for them', async () => {
    await ledger.project(1_000, statusCounts);
    const before = await countsOf();
    const refusal = { eventId: 'r', type: 'ReportRefused', data: {}, metadata: {} };
    const position = await ledger.write(refusedStream(freshId()), refusal);
    await ledger.project(1, statusCounts);
    expect(await countsOf()).toEqual(before);
    expect((await ledger.readModel.statusCounts({})).checkpoint.position).toBe(position);
  });
});
