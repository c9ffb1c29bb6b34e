import { expect, it } from '@jest/globals';
import { usingLedger } from '../support/ledger.js';
import { lines } from '../http/suite/http.js';

const ledger = usingLedger();

it('a store that goes away in the middle gives the rest "unavailable": a receipt for each all the same', async () => {
  const ids = Array.from({ length: 500 }, (_, n) => `x${n}`);
  const reports = ids.map((execution_id) => JSON.stringify({ execution_id, status: 'running' })).join('\n');
  await ledger.call('POST', '/reports', reports, { 'content-type': 'application/x-ndjson' });
  const response = await fetch(`${ledger.url}/api/v1/bulk/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ execution_ids: ids }),
  });
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = decoder.decode((await reader.read()).value, { stream: true });
  const closed = ledger.ledger.parts.store.close();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    text += decoder.decode(chunk.value, { stream: true });
  }
  await closed;
  const receipts = lines(text);
  expect(receipts.map(({ execution_id }) => execution_id)).toEqual(ids);
  const verdicts = receipts.map(({ verdict }) => verdict);
  expect(verdicts[0]).toBe('applied');
  expect(receipts.at(-1)).toEqual({
    verdict: 'unavailable',
    applied: false,
    execution_id: 'x499',
    error: expect.stringMatching(/cannot be reached/),
  });
  expect(new Set(verdicts)).toEqual(new Set(['applied', 'unavailable']));
}, 30_000);
