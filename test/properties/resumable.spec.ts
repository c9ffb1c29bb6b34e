import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExistingExecution } from '../../src/domain/execution.js';
import { isResumable, isStale } from '../../src/domain/resumable.js';
import { AUTHORITIES, isTerminal, STATUSES, type Authority, type Status } from '../../src/domain/status.js';
import { fill } from '../support/projection/filled.js';
import { at, DAY, existing, fact, nowAt } from '../support/domain/given.js';
import type { ListedExecution } from '../support/projection/listed.js';
import { openProjection, type ProjectedLedger } from '../support/projection/projection.js';
import { tries } from '../support/tries.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

const base = existing(fact('ExecutionRegistered'));

/** Last heard of so long before the cut-off: strictly older is silent, the cut-off itself is not. */
const BEFORE_CUT_OFF = [-DAY, -1, 0, 1, DAY];

function standing(status: Status, authority: Authority, last_activity_at: string): ExistingExecution {
  const outcome = isTerminal(status) ? { authority, completed_at: last_activity_at } : {};
  const pause = status === 'paused' ? { paused_from: 'running', paused_at: at(0), paused_revision: 0 } : {};
  return { ...base, status, last_activity_at, ...outcome, ...pause } as unknown as ExistingExecution;
}

/** Every status × whose outcome × last heard of around the cut-off. */
const everything = (cutOff: number): ListedExecution[] =>
  STATUSES.flatMap((status) =>
    (isTerminal(status) ? AUTHORITIES : (['worker'] as const)).flatMap((authority) =>
      BEFORE_CUT_OFF.map((before) => ({
        executionId: `${status} ${authority} ${before}`,
        state: standing(status, authority, at(cutOff - before)),
        refusals: 0,
      })),
    ),
  );

const clocks = fc.record({
  ms: fc.integer({ min: 0, max: 900 * DAY }),
  stale_after_ms: fc.oneof(fc.constantFrom(1_000, 3 * DAY), fc.integer({ min: 1_000, max: 90 * DAY })),
});

describe('§4 in SQL as in the domain, whatever the clock, the cut-off itself included', () => {
  it.each([
    ['resumable', isResumable],
    ['stale', isStale],
  ] as const)(
    '%s',
    async (flag, holds) => {
      const property = fc.asyncProperty(clocks, async ({ ms, stale_after_ms }) => {
        const now = nowAt(ms, stale_after_ms);
        const all = everything(ms - stale_after_ms);
        await fill(ledger, all);
        for (const wanted of [true, false]) {
          const { rows } = await ledger.readModel.list({
            filter: { [flag]: wanted },
            sort: 'created_at',
            limit: 500,
            now,
          });
          const right = all.filter(({ state }) => holds(state, now) === wanted);
          expect(rows.map(({ executionId }) => executionId).sort()).toEqual(
            right.map(({ executionId }) => executionId).sort(),
          );
        }
      });
      await fc.assert(property, { numRuns: tries(15) });
    },
    30_000,
  );
});
