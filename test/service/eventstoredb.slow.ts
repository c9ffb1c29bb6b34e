import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { startOnEventStoreDb } from '../support/ledger/eventstoredb-ledger.js';
import { storeAt } from '../support/store/eventstoredb-store.js';
import type { Answer, TestLedger } from '../support/ledger/ledger.js';
import { moment } from '../support/ledger/handling.js';
import { settle, startLoad, type Load } from '../support/ledger/load.js';

// Processes, servers and their limits: a busy machine is no failure.
jest.setTimeout(60_000);

/** A frozen store is waited for for most of a second. */
const LIMITS = { answerMs: 300, patienceMs: 800, headMs: 1_500, readMs: 1_500, backOffMs: 100 };

let double: EventStoreDbDouble;
let ledger: TestLedger;
beforeAll(async () => {
  double = await startEventStoreDbDouble();
});
beforeEach(async () => {
  ledger = await startOnEventStoreDb(double.url, {}, LIMITS);
});
afterEach(async () => {
  double.behave();
  double.thaw();
  await ledger.close();
});
afterAll(() => double.stop());

const report = (execution_id: string, status: string, id?: string): Promise<Answer> =>
  ledger.call(
    'POST',
    '/workflow/executions/events',
    { execution_id, status },
    id === undefined ? {} : { 'idempotency-key': id },
  );

function expectUnavailable({ status, headers, body }: Answer): void {
  expect(status).toBe(503);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(body).toMatchObject({ type: expect.stringMatching(/^\/problems\/(unavailable|outcome_unknown)$/) });
  expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|127\.0\.0\.1|esdb:/);
}

/** Asks until it is answered otherwise than with 503. */
async function recovered(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
  }
}

describe('under load', () => {
  const TROUBLE: Record<string, (load: Load) => Promise<void>> = {
    'a server that restarts': async (load) => {
      await double.stop();
      await load.more('failed', 16);
      await double.restart();
    },
    'a server frozen for several times as long as it is waited for': async (load) => {
      double.freeze();
      await load.more('failed', 3 * 16);
      double.thaw();
    },
    'connections cut in the middle of appends': async (load) => {
      for (const fault of ['cut-before', 'cut-after', 'cut-after', 'cut-before'] as const) {
        double.next({ on: 'append', fault });
        await load.more('acknowledged', 20);
      }
      double.breakConnections();
    },
    'a server that says what nobody expects': async (load) => {
      for (const fault of ['unexpected-answer', 'not-ready', 'timeout-after', 'not-leader'] as const) {
        double.next({ on: 'append', fault, times: 3 });
        await load.more('acknowledged', 20);
      }
    },
  };
  it.each(Object.entries(TROUBLE))(
    '%s: all that was acknowledged is there once, and nothing by halves',
    async (_, trouble) => {
      const store = storeAt(double.url, { readMs: 10_000, headMs: 10_000 }); // it only looks at what came of it
      const before = await store.head();
      const load = startLoad(ledger.call, 16, expectUnavailable);
      for (let round = 0; round < 2; round++) {
        await load.more('acknowledged', 50);
        await trouble(load);
      }
      await load.more('acknowledged', 50);
      const sent = await load.stop();
      expect(await settle(store, before, sent)).toMatchObject({ lost: 0, doubled: 0, halves: 0 });
      await store.close();
      const { body } = await recovered(() => report(`last-${randomUUID()}`, 'running'));
      const listed = await ledger.call('GET', `/executions?limit=500&wait_for=${body.position}&wait_ms=20000`);
      expect(listed.status).toBe(200);
    },
  );
});

describe.each(['gone', 'frozen'] as const)('while the server is %s', (how) => {
  const lose = async (): Promise<void> => (how === 'gone' ? double.stop() : double.freeze());
  const find = async (): Promise<void> => (how === 'gone' ? double.restart() : double.thaw());

  it('every endpoint that needs it says so, and all answer again once it is back', async () => {
    const id = `one-${how}`;
    await recovered(() => report(id, 'running'));
    await lose();
    const asked = [
      () => report(id, 'succeeded'),
      () => ledger.call('POST', `/executions/${id}/status`, { status: 'succeeded' }),
      () => ledger.call('POST', `/executions/${id}/cancel`, {}),
      () => ledger.call('POST', `/executions/${id}/heartbeat`),
      () => ledger.call('POST', '/executions', { execution_id: `two-${how}` }),
      () => ledger.call('GET', `/executions/${id}`),
      () => ledger.call('GET', `/executions/${id}/events`),
      () => ledger.call('GET', '/events'),
      () => ledger.call('GET', '//health/ready'),
    ];
    for (const answer of await Promise.all(asked.map((ask) => ask()))) expectUnavailable(answer);
    expect((await ledger.call('GET', '//health/live')).status).toBe(200);
    await find();
    for (const ask of asked.slice(5)) expect((await recovered(ask)).status).toBe(200);
    const { body } = await recovered(() => report(id, 'succeeded'));
    expect(['applied', 'duplicate', 'conflict']).toContain(body.verdict);
    const shown = await ledger.call('GET', `/executions/${id}`);
    expect(['succeeded', 'cancelled']).toContain(shown.body.status);
  });

  it('a held read outlives it', async () => {
    const id = `held-${how}`;
    await recovered(() => report(id, 'running'));
    double.forgetCalls();
    const held = ledger.call('GET', `/executions/${id}?until=terminal&wait_ms=20000`);
    // It follows the log from its head, and then looks; who asks after it is answered after it.
    while (double.calls.readStream === 0) await moment();
    await ledger.call('GET', `/executions/${id}`);
    await lose();
    expectUnavailable(await report(id, 'succeeded'));
    await find();
    await recovered(() => report(id, 'succeeded'));
    expect(await held).toMatchObject({ status: 200, body: { status: 'succeeded' } });
  });

  it('the ledger closes within its limits', async () => {
    await recovered(() => report(`closing-${how}`, 'running'));
    await lose();
    let arrived = false;
    ledger.ledger.app.getHttpServer().once('request', () => (arrived = true));
    const last = report(`closing-${how}`, 'succeeded');
    while (!arrived) await moment();
    const at = performance.now();
    const closed = ledger.ledger.close();
    expectUnavailable(await last);
    await closed;
    expect(performance.now() - at).toBeLessThan(10_000);
    await find();
  });
});

it('a write whose outcome nobody knows carries the id under which a retry is safe', async () => {
  await recovered(() => report('unknown', 'running'));
  double.next({ on: 'append', fault: 'silence-after', times: 10 });
  const finish = (headers = {}) =>
    ledger.call('POST', '/executions/unknown/status', { status: 'succeeded', result: 1 }, headers);
  const unknown = await finish();
  expectUnavailable(unknown);
  expect(unknown.body).toMatchObject({ type: '/problems/outcome_unknown', retry_with: expect.any(String) });
  double.behave();
  const again = await recovered(() => finish({ 'idempotency-key': unknown.body.retry_with }));
  expect(again.body).toMatchObject({ verdict: 'applied', applied: true, replayed: true, status: 'succeeded' });
});
