import { setTimeout as pause } from 'node:timers/promises';
import { startLedgerProcess } from '../src/cli/demo/ledger.js';
import { type Asked, startCrowd } from './crowd.js';
import type { Databases } from './database.js';
import { strict, warmUp } from './endpoints/http-load.js';
import { percentile, type Scale } from './load.js';
import { type Row, row } from './row.js';

/** So long after a thousand readers came their connections are made: accepting those is not what is measured. */
const SETTLE_MS = 6_000;
const [READERS, WRITERS, ROUNDS, EXECUTIONS] = [1_000, 16, 3, 200];

const ids = Array.from({ length: EXECUTIONS }, (_, n) => `read-${n}`);
const ENDPOINTS: readonly Asked[] = [
  { path: '/executions/read-1/events' },
  { path: '/events?limit=1000' },
  { path: '/executions?status=running&limit=500&sort=-last_activity_at' },
  { path: '/executions/read-7' },
  { path: '/executions/read-0/tree' },
  { path: '/status-counts' },
  { path: '/target-health' },
  { path: '/executions/batch-status', body: { execution_ids: ids.slice(0, 100) } },
];

async function fill(url: string): Promise<void> {
  const reports = ids.map((execution_id, n) => ({
    execution_id,
    status: 'running',
    ...(n > 0 && { parent_execution_id: ids[n >> 1] }),
  }));
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v1/reports`, { method: 'POST', body: JSON.stringify(reports), headers });
  if (!answer.ok) throw new Error(`filling was answered with ${answer.status}: ${await answer.text()}`);
  await answer.text();
}

/** What a thousand readers, each asking again as soon as it is answered, cost those who report: both by turns. */
export async function readerRows(databases: Databases, scale: Scale): Promise<Row[]> {
  const ledger = await startLedgerProcess({ DATABASE_URL: await databases.create('readers') });
  const crowd = startCrowd(`${ledger.url}/api/v1`, READERS, ENDPOINTS);
  const [alone, beside, reads]: [number[], number[], number[]] = [[], [], []];
  try {
    await fill(ledger.url);
    await warmUp(ledger.url, WRITERS);
    for (let round = 0; round < ROUNDS; round++) {
      alone.push((await strict(ledger.url, WRITERS, scale)).p99);
      await crowd.tell('go');
      const began = performance.now();
      await pause(SETTLE_MS);
      beside.push((await strict(ledger.url, WRITERS, scale)).p99);
      const seconds = (performance.now() - began) / 1_000;
      reads.push(((await crowd.tell('rest'))['200'] ?? 0) / seconds);
    }
  } finally {
    crowd.stop();
    await ledger.stop();
    await databases.drop('readers');
  }
  const peer = { name: 'without readers', value: percentile(alone, 0.5) };
  const name = `strict endpoint, ${WRITERS} connections, beside ${READERS.toLocaleString('en')} readers: p99`;
  return [
    row(name, percentile(beside, 0.5), 'ms', { atMostTimesPeer: 2 }, peer),
    row('what they read meanwhile', percentile(reads, 0.5), 'answers/s'),
  ];
}
