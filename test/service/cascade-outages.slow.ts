import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { executionStream } from '../../src/domain/stream.js';
import { lockAppends } from '../support/ledger/append-lock.js';
import { startTestLedger, usingLedger } from '../support/ledger/ledger.js';
import { startProxy } from '../support/store/proxy.js';
import { describeNameless } from './suite/nameless.js';
import { describeReceipts } from './suite/receipts.js';

const ledger = usingLedger();
describeReceipts(ledger);
describeNameless(ledger);

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

it('a store that goes away in the middle: the rest is not tried, each says so, and the same again reaches them all', async () => {
  const proxy = await startProxy(Number(new URL(ledger.database.connectionString).port));
  const { connectionString, servingUrl } = ledger.database;
  const through = { connectionString: proxy.through(connectionString), servingUrl: proxy.through(servingUrl!) };
  const far = { ...ledger.database, ...through };
  const afar = await startTestLedger({ PROJECTOR: 'off' }, far, { patienceMs: 300 });
  const again = () => afar.call('POST', '/executions/many/cancel', { cascade: true, command_id: 'c' });
  await report('many');
  const all = Array.from({ length: 400 }, (_, n) => ({ execution_id: `of-many-${n}`, parent_execution_id: 'many' }));
  await ledger.call('POST', '/reports', all);
  const { position } = (await report('last')).body;
  expect((await ledger.call('GET', `/executions/many/tree?wait_for=${position}`)).status).toBe(200);

  const first = await lockAppends(connectionString);
  const asked = again();
  await first.waiting(1); // the cancel itself
  const second = lockAppends(connectionString);
  await first.waiting(2);
  await first.release();
  await (await second).waiting(1); // the first of the children
  proxy.accept(false);
  const cut = await asked;
  await (await second).release();
  expect(cut.body).toMatchObject({ verdict: 'applied', cancelled: true });
  const { children } = cut.body;
  expect(children).toHaveLength(all.length);
  expect(new Set(children.map(({ verdict }: { verdict: string }) => verdict))).toEqual(new Set(['unavailable']));
  // Each that is tried would be another connection, and eight share one; what there is, is patience with the first.
  expect(proxy.refused).toBeLessThan(all.length / 8 / 2);

  proxy.accept(true);
  let whole = await again();
  while (whole.status === 503) whole = await again();
  expect(whole.body).toMatchObject({ verdict: 'applied', replayed: true, cancelled: true });
  const told = whole.body.children as { cancelled: boolean; verdict: string }[];
  expect(told.filter(({ cancelled }) => !cancelled)).toEqual([]);
  await afar.close();
  await proxy.close();
}, 60_000);
