import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { fact } from '../support/domain/given.js';
import { withClient } from '../support/store/postgres.js';
import { openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding } from '../support/projection/rebuilding.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
  await tell(ledger, 'run', fact('ExecutionRegistered'));
  await ledger.project(1_000, executionStatus);
}, 30_000);
afterAll(() => ledger.close());

it('a reader that takes ten seconds holds up the swap and no other reader', async () => {
  const slow = withClient(ledger.database.connectionString, (client) =>
    client.query('select count(*) from ledger.execution_status, pg_sleep(10)'),
  );
  let slowDone = false;
  void slow.then(() => (slowDone = true));
  let [answers, longest, stop] = [0, 0, false];
  const quick = (async () => {
    for (; !stop; answers++) {
      const since = performance.now();
      expect((await ledger.readModel.find('run')).row).toBeDefined();
      longest = Math.max(longest, performance.now() - since);
    }
  })();
  await rebuild(rebuilding(ledger, executionStatus), 'rebuild');
  expect(slowDone).toBe(true);
  stop = true;
  await quick;
  expect(answers).toBeGreaterThan(100);
  expect(longest).toBeLessThan(5_000); // behind the slow one it would have been ten seconds
}, 60_000);
