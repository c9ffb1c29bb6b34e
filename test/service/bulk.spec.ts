import { expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { usingLedger } from '../support/ledger/ledger.js';
import { lines } from '../http/suite/http.js';

const ledger = usingLedger();

it('an execution that has left the filter since it was projected gets no command', async () => {
  const run_id = 'lagging';
  const report = (execution_id: string, status: string) =>
    ledger.call('POST', '/workflow/executions/events', { execution_id, run_id, status });
  await report('stays', 'running');
  const { body } = await report('leaves-0', 'running');
  const listed = async (position: string) =>
    (await ledger.call('GET', `/executions?run_id=${run_id}&wait_for=${position}&wait_ms=1000`)).status === 200;
  expect(await listed(body.position)).toBe(true);
  await ledger.call('POST', '/projections/execution-status/pause');
  // The page under way may still be projected: what comes after it is not.
  let left = 0;
  for (let seen = true; seen; left++) {
    await report(`leaves-${left}`, 'running');
    seen = await listed((await report(`leaves-${left}`, 'waiting')).body.position);
    if (seen) await report(`leaves-${left}`, 'running');
  }
  for (const dry_run of [true, false]) {
    const body = { filter: { run_id, status: 'running' }, dry_run };
    const receipts = lines((await ledger.call('POST', '/bulk/cancel', body)).text);
    expect(receipts.map(({ execution_id }) => execution_id)).not.toContain(`leaves-${left - 1}`);
    expect(receipts.map(({ execution_id }) => execution_id)).toContain('stays');
  }
  expect((await ledger.call('GET', `/executions/leaves-${left - 1}`)).body.status).toBe('waiting');
  await ledger.call('POST', '/projections/execution-status/resume');
}, 30_000);

it('a store that goes away in the middle gives the rest "unavailable": a receipt for each all the same', async () => {
  const ids = Array.from({ length: 500 }, (_, n) => `x${n}`);
  const reports = ids.map((execution_id) => JSON.stringify({ execution_id, status: 'running' })).join('\n');
  await ledger.call('POST', '/reports', reports, { 'content-type': 'application/x-ndjson' });
  const bus = ledger.ledger.app.get(CommandBus);
  const execute = bus.execute.bind(bus);
  let asked = 0;
  bus.execute = ((command: never) => (asked++, execute(command))) as typeof bus.execute;
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
  // Those that were under way when it went, and none after them.
  expect(asked - verdicts.filter((verdict) => verdict === 'applied').length).toBeLessThan(100);
}, 30_000);
