import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { PROJECTIONS } from '../../projections/index.js';
import { statusCounts } from '../../projections/status-counts.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { rollback } from '../../src/rebuild/rollback.js';
import { became, fact } from '../support/domain/given.js';
import { follow, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding } from '../support/projection/rebuilding.js';

let ledger: ProjectedLedger;
const COUNT = 60;
const id = (n: number): string => `run-${n}`;
beforeAll(async () => {
  ledger = await openProjection();
  for (let n = 0; n < COUNT; n++) await tell(ledger, id(n), fact('ExecutionRegistered'), became('running', 'worker'));
  await ledger.project(1_000, ...PROJECTIONS);
}, 30_000);
afterAll(() => ledger.close());

/** Asks until it is told to stop; answers how often it was answered. */
async function reader(ask: () => Promise<void>, stop: AbortSignal): Promise<number> {
  let answers = 0;
  for (; !stop.aborted; answers++) await ask();
  return answers;
}

describe('while the table they read is swapped, again and again', () => {
  it('a hundred readers see no error, nothing empty, and no position from further back', async () => {
    const stop = new AbortController();
    let last = 0n;
    const list = async (): Promise<void> => {
      const asked = {
        filter: {},
        sort: '-created_at',
        limit: 500,
        now: { at: new Date().toISOString(), stale_after_ms: 1 },
      } as const;
      const before = last;
      const { rows, checkpoint } = await ledger.readModel.list(asked as never);
      expect([rows.length >= COUNT, checkpoint.position >= before]).toEqual([true, true]);
      if (checkpoint.position > last) last = checkpoint.position;
    };
    const count = async (): Promise<void> => {
      const { counts } = await ledger.readModel.statusCounts({});
      expect(Object.values(counts).reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(COUNT);
    };
    const one = async (): Promise<void> => expect((await ledger.readModel.find(id(7))).row).toBeDefined();
    const readers = Array.from({ length: 100 }, (_, n) => reader([list, count, one][n % 3]!, stop.signal));
    const failed = Promise.race(readers.map((reading) => reading.then(() => undefined)));
    const followers = [executionStatus, statusCounts].map((projection) =>
      follow(ledger.database.connectionString, ledger.store, undefined, projection),
    );
    for (const follower of followers) follower.start();
    for (let n = 0; n < 2; n++) {
      await tell(ledger, `late-${n}`, fact('ExecutionStarted'));
      for (const projection of [executionStatus, statusCounts]) {
        await Promise.race([rebuild(rebuilding(ledger, projection), 'rebuild'), failed]);
      }
    }
    await rollback(rebuilding(ledger, executionStatus));
    stop.abort();
    for (const answers of await Promise.all(readers)) expect(answers).toBeGreaterThan(0);
    await Promise.all(followers.map((follower) => follower.stop()));
  }, 60_000);
});
