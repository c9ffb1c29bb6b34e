import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import type { TestLedger } from '../../support/ledger/ledger.js';

/**
 * A stream named exactly `execution-` or `refused-` is no execution's: an id has at least one character
 * (docs/http-api.md, Ids).
 */
export function describeNameless(ledger: Omit<TestLedger, 'close'>): void {
  it('a stream with no id behind its prefix is nobody’s: no list, log or bulk knows it, and a rebuild has it no otherwise', async () => {
    const { store } = ledger.ledger.parts;
    const run_id = `nameless-${randomUUID()}`;
    const told = await ledger.call('POST', '/workflow/executions/events', {
      execution_id: 'named',
      status: 'running',
      run_id,
    });
    const before = BigInt(told.body.position as string);
    const write = (stream: string, ...events: [string, object][]) =>
      store.append({
        stream,
        events: events.map(([type, data]) => ({ eventId: randomUUID(), type, data, metadata: {} })),
        expectedRevision: 'any',
      });
    await write('execution-', ['ExecutionRegistered', { run_id }], ['ExecutionStarted', { attempt: 1 }]);
    await write('refused-', ['ReportRefused', { verdict: 'conflict' }]);
    const { body } = await ledger.call('POST', '/workflow/executions/events', {
      execution_id: 'after',
      status: 'running',
      run_id,
    });
    const ids = ['named', 'after'];
    const shown = async (path: string) => (await ledger.call('GET', path)).body;
    const list = await shown(`/executions?run_id=${run_id}&sort=created_at&wait_for=${body.position}`);
    expect(list.executions.map((one: { execution_id: string }) => one.execution_id)).toEqual(ids);
    const log = await shown(`/events?after=${before}`);
    expect(new Set(log.events.map((one: { execution_id: string }) => one.execution_id))).toEqual(new Set(['after']));
    expect((await shown(`/executions/named/tree?wait_for=${body.position}`)).run_counts).toEqual({ running: 2 });
    const bulk = await ledger.call('POST', '/bulk/cancel', { filter: { run_id } });
    expect(bulk.text.match(/"execution_id":"[^"]*"/g)!.sort()).toEqual(
      ids.map((id) => `"execution_id":"${id}"`).sort(),
    );
    expect((await ledger.call('POST', '/executions/batch-status', { execution_ids: [''] })).status).toBe(400);
    for (const name of ['execution-status', 'run-tree', 'status-counts']) {
      await ledger.call('POST', `/projections/${name}/verify`);
      const done = ({ verify }: { verify?: { state: string } }) => /verified|drift|failed/.test(verify?.state ?? '');
      const { verify } = await eventually(() => shown(`/projections/${name}`), done);
      expect([name, verify]).toEqual([
        name,
        expect.objectContaining({ state: 'verified', drift: expect.objectContaining({ rows: 0 }) }),
      ]);
    }
  }, 60_000);
}
