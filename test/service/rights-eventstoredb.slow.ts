import { afterEach, describe, expect, it } from '@jest/globals';
import { startEventStoreDbDouble } from '../eventstoredb-server/index.js';
import { startTestLedger } from '../support/ledger/ledger.js';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
}, 60_000);

const RIGHTS = ['read $all', 'read', 'append', 'read metadata'] as const;
type Right = (typeof RIGHTS)[number];

async function startDouble() {
  const double = await startEventStoreDbDouble();
  opened.push(() => double.stop());
  return double;
}

async function startLedgerOn(url: string) {
  const ledger = await startTestLedger({ EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: url });
  opened.push(() => ledger.close());
  return ledger;
}

/** A ledger with an execution, `here`, from whose user a right is then taken. */
async function startThenWithdraw(right: Right) {
  const double = await startDouble();
  const { call } = await startLedgerOn(double.url);
  const report = (execution_id: string, status: string) =>
    call('POST', '/workflow/executions/events', { execution_id, status });
  expect(await report('here', 'queued')).toMatchObject({ status: 200, body: { verdict: 'applied' } });
  double.withdraw(right);
  return { get: (path: string) => call('GET', path), report };
}

describe('a right that the ledger needs in EventStoreDB, taken away', () => {
  it.each(RIGHTS)(
    '%s: the first start fails, and says that access is denied',
    async (right) => {
      const double = await startDouble();
      double.withdraw(right);
      await expect(startLedgerOn(double.url)).rejects.toThrow(/EVENTSTOREDB_URL: .*access denied/i);
    },
    60_000,
  );

  it('read $all, while it runs: lists are 503, reports and single executions go on', async () => {
    const { get, report } = await startThenWithdraw('read $all');
    expect(await report('here', 'running')).toMatchObject({ status: 200, body: { verdict: 'applied' } });
    expect(await get('/executions/here')).toMatchObject({ status: 200, body: { status: 'running' } });
    expect(await get('/executions')).toMatchObject({ status: 503 });
  }, 60_000);

  it('read, while it runs: executions are 503', async () => {
    const { get } = await startThenWithdraw('read');
    expect(await get('/executions/here')).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
  }, 60_000);

  it('append, while it runs: what would write is 400, and says that access is denied', async () => {
    const { report } = await startThenWithdraw('append');
    const detail = expect.stringMatching(/access denied/);
    for (const id of ['here', 'elsewhere'])
      expect(await report(id, 'running')).toMatchObject({ status: 400, body: { detail } });
  }, 60_000);

  it('read metadata, while it runs: an execution that does not exist is 503 instead of 404', async () => {
    const { get } = await startThenWithdraw('read metadata');
    expect(await get('/executions/nowhere')).toMatchObject({ status: 503 });
  }, 60_000);
});
