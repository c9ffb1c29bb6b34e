import { expect, it } from '@jest/globals';
import { startTestLedger } from '../support/ledger/ledger.js';

it('what cannot be read of a report stays with its last event as it came, a report without a flaw has nothing of it', async () => {
  const ledger = await startTestLedger();
  const { body } = await ledger.call(
    'POST',
    '/workflow/executions/events',
    '{"execution_id":"x","status":"failed","duration_ms":-1.50,"labels":{"a":1,"b":"c"},"errorMessage":"e","extra":1}',
  );
  await ledger.call('POST', '/workflow/executions/events', { execution_id: 'y', status: 'failed', extra: 1 });
  expect(body).toMatchObject({ verdict: 'applied' });
  const { store } = ledger.ledger.parts;
  const unread = async (id: string) =>
    (await store.readStream(`execution-${id}`, { limit: 10 })).map(
      ({ metadata }) => (metadata as { unread?: unknown }).unread,
    );
  const kept = { duration_ms: -1.5, labels: { a: 1, b: 'c' }, errorMessage: 'e' };
  expect(await unread('x')).toEqual([undefined, kept]);
  expect(await unread('y')).toEqual([undefined, undefined]);
  await ledger.close();
});

it('an execution whose stream cannot be read on says so wherever it is shown, and takes no writes', async () => {
  const { call, ledger, close } = await startTestLedger();
  await call('POST', '/workflow/executions/events', { execution_id: 'fine', status: 'running' });
  await call('POST', '/workflow/executions/events', { execution_id: 'still', status: 'running' });
  const broken = { eventId: 'e', type: 'ExecutionSucceeded', data: { attempt: 'one' }, metadata: {} };
  const written = await ledger.parts.store.append({
    stream: 'execution-still',
    events: [broken],
    expectedRevision: 'any',
  });
  const unreadable = { revision: 2, error: expect.stringContaining('attempt') };
  const shown = { execution_id: 'still', status: 'running', revision: 1, unreadable };
  const batch = async () => (await call('POST', '/executions/batch-status', { execution_ids: ['still', 'fine'] })).body;
  expect((await call('GET', '/executions/still')).body).toMatchObject(shown);
  expect((await batch()).still).toMatchObject(shown);
  const { position } = written as { position: bigint };
  const { executions } = (await call('GET', `/executions?wait_for=${position}&sort=created_at`)).body;
  expect(executions.map((one: { unreadable?: unknown }) => one.unreadable)).toEqual([undefined, unreadable]);
  expect((await call('GET', '/executions/still')).body).toMatchObject(shown);
  expect((await batch()).still).toMatchObject(shown);
  expect((await batch()).fine).not.toHaveProperty('unreadable');
  for (const [path, body] of [
    ['/executions/still/status', { status: 'failed' }],
    ['/executions/still/cancel', {}],
    ['/workflow/executions/events', { execution_id: 'still', status: 'failed' }],
  ] as const)
    expect((await call('POST', path, body)).body).toMatchObject({ status: 503, type: '/problems/unreadable_event' });
  await close();
});
