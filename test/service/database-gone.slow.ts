import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ConsoleLogger } from '@nestjs/common';
import { loadConfig } from '../../src/config.js';
import { startLedger, type Ledger } from '../../src/composition/ledger.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { caller, type Answer, type TestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase, type TestDatabase } from '../support/store/postgres.js';
import { startProxy, type Proxy } from '../support/store/proxy.js';
import { BY_KEY } from '../support/ledger/senders/keyed.js';
import { SIGNED } from '../support/ledger/senders/signed.js';

let database: TestDatabase;
let proxy: Proxy;
let ledger: Ledger;
let call: TestLedger['call'];

beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await startProxy(Number(new URL(database.connectionString).port));
  const tuning = { requireDurability: false, patienceMs: 300, pollMs: 50 };
  const logger = new ConsoleLogger({ logLevels: ['fatal'] });
  ledger = await startLedger(
    loadConfig({ PORT: '0' }),
    { url: proxy.through(database.connectionString) },
    logger,
    tuning,
  );
  call = caller(ledger.url);
}, 30_000);
afterEach(async () => {
  await ledger.close();
  await proxy.close();
  await database.drop();
});

const report = (execution_id: string, status: string, id?: string): Promise<Answer> =>
  call('POST', '/workflow/executions/events', { execution_id, status }, id ? { 'idempotency-key': id } : {});

function expectUnavailable({ status, headers, body }: Answer): void {
  expect(status).toBe(503);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(body).toMatchObject({
    status: 503,
    type: expect.stringMatching(/^\/problems\/(unavailable|outcome_unknown)$/),
  });
  expect(JSON.stringify(body)).not.toMatch(/select|node_modules|\.ts:|127\.0\.0\.1/);
}

/** Asks until it is answered otherwise than with 503. */
async function recovered(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
  }
}

it('a delivery of any dialect is told to come again, decides nothing, and is taken once the database is back', async () => {
  await report('one', 'running');
  const deliveries = [...SIGNED, ...BY_KEY].map((sender) => {
    const told = sender.life().told[1]!;
    const { text, headers } = sender.pack(JSON.stringify(told.payload), told);
    return { taken: sender.taken, deliver: () => call('POST', sender.path, text, headers) };
  });
  proxy.accept(false);
  for (const { deliver } of deliveries) expectUnavailable(await deliver());
  proxy.accept(true);
  for (const { taken, deliver } of deliveries) {
    const { status, body } = await recovered(deliver);
    expect([status, body.receipts]).toMatchObject([taken, [{ verdict: 'applied' }]]);
  }
}, 60_000);

it('every endpoint says so while the database is gone, and all answer again once it is back', async () => {
  await report('one', 'running');
  proxy.accept(false);
  const asked = [
    () => report('one', 'succeeded'),
    () => call('POST', '/executions/one/status', { status: 'succeeded' }),
    () => call('POST', '/executions/one/cancel', {}),
    () => call('POST', '/executions/one/heartbeat'),
    () => call('GET', '/executions/one'),
    () => call('GET', '/executions'),
    () => call('GET', '/executions/one/events'),
    () => call('GET', '/executions/one/state?at_revision=0'),
    () => call('GET', '/events'),
    () => call('POST', '/executions/batch-status', { execution_ids: ['one'] }),
    () => call('GET', '//health/ready'),
  ];
  for (const ask of asked) expectUnavailable(await ask());
  expect((await call('GET', '//health/live')).status).toBe(200);
  proxy.accept(true);
  for (const ask of asked.slice(4)) expect((await recovered(ask)).status).toBe(200);
  const { body } = await recovered(() => report('one', 'succeeded'));
  expect(body).toMatchObject({ verdict: 'applied' });
  const listed = await call('GET', `/executions?wait_for=${body.position}&wait_ms=10000`);
  expect(listed.body.executions).toMatchObject([{ execution_id: 'one', status: 'succeeded' }]);
}, 30_000);

it('in the middle of traffic loses nothing that was acknowledged, and writes nothing twice', async () => {
  const ids = new Map<string, string>();
  let [acknowledged, failed, going] = [0, 0, true];
  const clients = Array.from({ length: 16 }, async (_, n) => {
    for (let k = 0; going; k++) {
      const [id, execution] = [randomUUID(), `x${n}-${k}`];
      for (;;) {
        const answer = await report(execution, 'running', id);
        if (answer.status === 200) break;
        expectUnavailable(answer);
        failed++;
      }
      ids.set(execution, id);
      acknowledged++;
    }
  });
  const grown = async (by: number): Promise<void> => {
    for (const target = acknowledged + by; acknowledged < target;) await new Promise(setImmediate);
  };
  for (const when of ['before', 'after'] as const) {
    await grown(100);
    proxy.cutNext(when, 'refuse');
    for (const target = failed + 5; failed < target;) await new Promise(setImmediate);
    proxy.accept(true);
  }
  await grown(100);
  going = false;
  await Promise.all(clients);
  const store = createPostgresEventStore(database);
  const log = await store.readAll(0n, 100_000);
  await store.close();
  const started = log.filter(({ type }) => type === 'ExecutionStarted');
  expect(new Map(started.map(({ stream, eventId }) => [stream.slice('execution-'.length), eventId]))).toEqual(ids);
  expect(started).toHaveLength(ids.size);
  expect(log.map(({ position }) => position)).toEqual(log.map((_, n) => BigInt(n + 1)));
}, 40_000);

it('a write whose outcome nobody knows carries the id under which a retry is safe', async () => {
  await report('one', 'running');
  proxy.cutNext('after', 'refuse');
  const unknown = await call('POST', '/executions/one/status', { status: 'succeeded', result: 1 });
  expect(unknown.body).toMatchObject({ type: '/problems/outcome_unknown', retry_with: expect.any(String) });
  expectUnavailable(unknown);
  proxy.accept(true);
  const again = await recovered(() =>
    call(
      'POST',
      '/executions/one/status',
      { status: 'succeeded', result: 1 },
      { 'idempotency-key': unknown.body.retry_with },
    ),
  );
  expect(again.body).toMatchObject({ verdict: 'applied', applied: true, replayed: true, status: 'succeeded' });
}, 30_000);

it('a held read outlives the outage', async () => {
  await report('one', 'running');
  const held = call('GET', '/executions/one?until=terminal&wait_ms=20000');
  proxy.accept(false);
  expectUnavailable(await report('one', 'succeeded'));
  proxy.accept(true);
  await recovered(() => report('one', 'succeeded'));
  const { status, body } = await held;
  if (status === 200) expect(body.status).toBe('succeeded');
  else expect(status).toBe(503); // it had looked while nobody could
}, 30_000);
