import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';

const [READERS, WRITERS, ROUNDS, ROUND_MS, SETTLE_MS] = [1_000, 16, 3, 3_000, 1_500];
const LONG = 3_000;

let ledger: TestLedger;
let crowd: ChildProcess;
const report = (body: object) => ledger.call('POST', '/workflow/executions/events', body);

beforeAll(async () => {
  ledger = await startTestLedger();
  const ids = Array.from({ length: 200 }, (_, n) => `read-${n}`);
  for (const [n, execution_id] of ids.entries())
    await report({ execution_id, status: 'running', parent_execution_id: n > 0 ? ids[n >> 1] : undefined });
  for (let n = 0; n < LONG; n += 500) {
    const lines = Array.from({ length: 500 }, (_, k) => ({
      execution_id: 'long',
      progress: (n + k) % 100,
      message: 'x'.repeat(200),
    }));
    await ledger.call('POST', '/reports', lines);
  }
  for (const status of ['succeeded', 'failed', 'cancelled']) await report({ execution_id: 'read-1', status });
  const endpoints = [
    ...Array.from({ length: 8 }, (_, n) => ({ path: `/executions/long/events?from_revision=${n * 300}&limit=300` })),
    { path: '/executions/read-1/events' },
    { path: '/executions/read-1/events?from_revision=9&wait_ms=500' },
    { path: '/events?limit=200' },
    { path: `/events?limit=1000` },
    { path: '/executions' },
    { path: '/executions?status=running&limit=500&sort=-last_activity_at' },
    { path: '/executions/read-7' },
    { path: '/executions/long' },
    { path: '/executions/read-1/refused' },
    { path: '/executions/long/state?at_revision=2500' },
    { path: '/executions/read-0/tree' },
    { path: '/status-counts' },
    { path: '/target-health' },
    { path: '/executions/batch-status', body: { execution_ids: ids.slice(0, 100) } },
  ];
  const script = fileURLToPath(new URL('../support/process/crowd.mjs', import.meta.url));
  crowd = fork(script, [`${ledger.url}/api/v1`, String(READERS), ...endpoints.map((one) => JSON.stringify(one))]);
}, 60_000);
afterAll(async () => {
  crowd.kill();
  await ledger.close();
});

const tell = async (word: 'go' | 'rest'): Promise<Record<string, number>> => {
  crowd.send(word);
  return ((await once(crowd, 'message')) as [{ counts: Record<string, number> }])[0].counts;
};

/** Some writers, each its next report as soon as it is answered: how many were answered, and what was refused. */
async function write() {
  const refused: unknown[] = [];
  const end = performance.now() + ROUND_MS;
  let count = 0;
  const writer = async (): Promise<void> => {
    const execution_id = randomUUID();
    for (let n = 0; performance.now() < end; n++) {
      const { status, body } = await report({
        execution_id: n % 10 ? execution_id : randomUUID(),
        status: 'running',
        progress: n % 100,
      });
      count++;
      if (status !== 200) refused.push(body);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return { refused, count };
}

// How long they take is measured by `npm run bench -- --only readers`.
it('a thousand readers of every endpoint have no report refused', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    await tell('go');
    await pause(SETTLE_MS);
    const { refused, count } = await write();
    const { 200: read = 0 } = await tell('rest');
    expect(refused).toEqual([]);
    expect(count).toBeGreaterThan(WRITERS);
    expect(read).toBeGreaterThan(0);
  }
}, 120_000);
