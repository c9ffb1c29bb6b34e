import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { executionStream } from '../../src/domain/stream.js';
import { startTestLedger, type TestLedger } from '../support/ledger.js';

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
}, 30_000);
afterAll(() => ledger.close(), 30_000);

const report = (execution_id: string, parent_execution_id?: string) =>
  ledger.call('POST', '/workflow/executions/events', { execution_id, status: 'running', parent_execution_id });
const cancel = (id: string) => ledger.call('POST', `/executions/${id}/cancel`, { cascade: true });

it('one child whose stream cannot be read stops nothing: it alone is unavailable', async () => {
  await report('root');
  for (const id of ['a', 'b', 'c']) await report(id, 'root');
  const broken = { eventId: randomUUID(), type: 'ExecutionFailed', data: 'broken', metadata: {} };
  const { store } = ledger.ledger.parts;
  await store.append({ stream: executionStream('b'), events: [broken], expectedRevision: 'any' });
  const { status, body } = await cancel('root');
  expect([status, body.cancelled]).toEqual([200, true]);
  expect(body.children).toMatchObject([
    { execution_id: 'a', cancelled: true },
    {
      execution_id: 'b',
      verdict: 'unavailable',
      applied: false,
      cancelled: false,
      error: expect.stringMatching(/read/),
    },
    { execution_id: 'c', cancelled: true },
  ]);
}, 20_000);

it('where the projection has not come so far, the cancel stands and says what may be missing', async () => {
  await report('other');
  await report('early', 'other');
  const { body } = await report('marker');
  expect((await ledger.call('GET', `/executions/other/tree?wait_for=${body.position}`)).status).toBe(200);
  await ledger.call('POST', '/projections/run-tree/pause');
  let late = 0;
  // The page under way may still be projected: what comes after it is not.
  for (let seen = true; seen; late++) {
    const { body } = await report(`late-${late}`, 'other');
    seen = (await ledger.call('GET', `/executions/other/tree?wait_for=${body.position}&wait_ms=1000`)).status === 200;
  }
  const first = await cancel('other');
  expect(first.body).toMatchObject({ cancelled: true, children_omitted: 'not_projected' });
  const reached = (first.body.children as { execution_id: string }[]).map((child) => child.execution_id);
  expect(reached).toContain('early');
  expect(reached).not.toContain(`late-${late - 1}`);
  await ledger.call('POST', '/projections/run-tree/resume');
  const again = await cancel('other');
  expect(again.body).not.toHaveProperty('children_omitted');
  expect(again.body.children.at(-1)).toMatchObject({ execution_id: `late-${late - 1}`, cancelled: true });
}, 30_000);
