import { expect, it } from '@jest/globals';
import { startTestLedger } from '../support/ledger.js';

it('what cannot be read of a report stays with its events as it came, a report without a flaw has nothing of it', async () => {
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
  expect(await unread('x')).toEqual([kept, kept]);
  expect(await unread('y')).toEqual([undefined, undefined]);
  await ledger.close();
});
