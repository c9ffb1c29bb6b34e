import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { executionStatus } from '../../projections/execution-status.js';
import { PROJECTIONS } from '../../projections/index.js';
import { HandleExecution } from '../../src/application/deciding/handle-execution.js';
import type { Input } from '../../src/domain/decision.js';
import { identities } from '../support/domain/arbitrary.js';
import { ask, report } from '../support/domain/given.js';
import { freshId, request } from '../support/ledger/handling.js';
import { openProjection, type ProjectedLedger } from '../support/projection/projection.js';
import { runtimeWith } from '../support/ledger/runtime.js';
import { tries } from '../support/tries.js';

let ledger: ProjectedLedger;
let executions: HandleExecution;
beforeAll(async () => {
  ledger = await openProjection();
  const runtime = runtimeWith();
  const silent = { decided: () => undefined, retried: () => undefined, omitted: () => undefined };
  executions = new HandleExecution(ledger.store, runtime, silent);
});
afterAll(() => ledger.close());

const words = fc.constantFrom('queued', 'running', 'waiting', 'succeeded', 'failed', undefined);
/** What is said of one of a few executions, mostly after they are over. */
const said = fc.tuple(
  fc.integer({ min: 0, max: 2 }),
  fc
    .tuple(words, fc.constantFrom('worker', 'watchdog'), identities)
    .map(([word, authority, description]): Input => report(word, { authority, description } as object)),
);
const registered = fc.tuple(
  fc.integer({ min: 0, max: 2 }),
  identities.map((description): Input => ask.register(description, JSON.stringify(description))),
);
const asked = fc.array(fc.oneof({ weight: 4, arbitrary: said }, { weight: 1, arbitrary: registered }), {
  minLength: 3,
  maxLength: 20,
});

/** The rows that are counted, and how often, by a query over the rows of the list: each execution where it stands now. */
const RECOUNTED = {
  status_counts: `select workflow_id, target, status, count(*)::int from ledger.execution_status_v1 group by 1, 2, 3`,
  target_health: `select target, status, state::json->>'authority' as authority, count(*)::int
                    from ledger.execution_status_v1 where status in ('succeeded', 'failed') group by 1, 2, 3`,
  outcome_histogram: `select workflow_id, target, kind, status, count(*)::int
                        from ledger.execution_status_v1 where status in ('succeeded', 'failed') group by 1, 2, 3, 4`,
  run_tree: `select execution_id, run_id, parent_execution_id, target, status, revision from ledger.execution_status_v1`,
};
const KEPT = {
  status_counts: `select workflow_id, target, status, count::int from ledger.status_counts_v1
                   where scope = 'each' and count <> 0`,
  target_health: `select target, status, authority, sum(count)::int as count from ledger.target_health_v1
                   group by 1, 2, 3 having sum(count) <> 0`,
  outcome_histogram: `select workflow_id, target, kind, status, sum(count)::int as count from ledger.outcome_histogram_v1
                       where scope = 'day' group by 1, 2, 3, 4 having sum(count) <> 0`,
  run_tree: `select execution_id, run_id, parent_execution_id, target, status, revision from ledger.run_tree_v1`,
};
const rows = async (text: string): Promise<string[]> =>
  (await ledger.sql(text)).map((row) => JSON.stringify(row)).sort();

it('counts and trees move with an identity that comes late: they are what a recount of the executions gives', async () => {
  const property = fc.asyncProperty(asked, fc.integer({ min: 1, max: 9 }), async (all, pageSize) => {
    const ids = [freshId(), freshId(), freshId()];
    const early = fc.sample(fc.integer({ min: 0, max: all.length - 1 }), 1)[0]!;
    for (const [n, [of, input]] of all.entries()) {
      await executions.handle(request(ids[of]!, input));
      if (n === early) await ledger.project(pageSize, ...PROJECTIONS);
    }
    await ledger.project(pageSize, ...PROJECTIONS);
    for (const table of ['status_counts', 'target_health', 'outcome_histogram', 'run_tree'] as const) {
      expect([table, await rows(KEPT[table])]).toEqual([table, await rows(RECOUNTED[table])]);
    }
  });
  await fc.assert(property, { numRuns: tries(15) });
  // What was asked is what it is about: identities that came late, and were told apart.
  const [{ late }] = (await ledger.sql<{ late: number }>(
    `select count(*)::int as late from ledger.events where type = 'ExecutionDescribed'`,
  )) as [{ late: number }];
  expect(late).toBeGreaterThan(tries(15, 1));
  const [{ groups }] = (await ledger.sql<{ groups: number }>(
    `select count(distinct (workflow_id, target))::int as groups from ledger.${executionStatus.name.replace('-', '_')}_v1`,
  )) as [{ groups: number }];
  expect(groups).toBeGreaterThan(4);
}, 60_000);
