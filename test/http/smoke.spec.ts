import { startTestLedger, type TestLedger } from '../support/ledger.js';

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
}, 30_000);
afterAll(() => ledger.close());

test('a report goes in, a row comes out', async () => {
  const { call } = ledger;
  const reported = await call('POST', '/workflow/executions/events', {
    execution_id: 'one',
    status: 'done',
    result: 7,
  });
  expect(reported.body).toMatchObject({ success: true, created: true, verdict: 'applied', applied: true });
  const listed = await call('GET', `/executions?wait_for=${reported.body.position}`);
  expect(listed.body.executions).toMatchObject([{ execution_id: 'one', status: 'succeeded', sealed: true }]);
});
