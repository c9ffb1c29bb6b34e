import { startLedger, type StartedLedger } from '../src/cli/demo/ledger.js';
import type { Databases } from './database.js';
import { fireAndForgetOn, fresh, refusedLoop, strict, warmUp } from './doors/http-load.js';
import { ingest, memory } from './doors/ingest.js';
import { visibility } from './doors/visibility.js';
import type { Scale } from './load.js';
import { type Row, row } from './row.js';

const CONNECTIONS = 64;

/** What the doors of a ledger in its own process do, with the load generator and the database on the same machine. */
export async function doorRows(databases: Databases, scale: Scale): Promise<Row[]> {
  const ledger = await startLedger({ DATABASE_URL: await databases.create('doors') });
  try {
    return await measure(ledger, scale);
  } finally {
    await ledger.stop();
    await databases.drop('doors');
  }
}

async function measure({ url, pid }: StartedLedger, scale: Scale): Promise<Row[]> {
  await warmUp(url, CONNECTIONS);
  const told = await strict(url, CONNECTIONS, scale);
  const sent = await fireAndForgetOn(url, fresh(CONNECTIONS), scale);
  const loop = refusedLoop(url);
  const besides = await strict(url, CONNECTIONS, scale).finally(loop.stop);
  const seen = await visibility(url, 2_000, scale);
  const ingested = await ingest(url, scale);
  const grown = await memory(url, pid, scale);
  const many = `${CONNECTIONS} connections`;
  return [
    row(`strict door, ${many}`, told.rate, 'reports/s', { atLeast: 8_000 }),
    row(`strict door, ${many}: p99`, told.p99, 'ms', { atMost: 30 }),
    row(`fire-and-forget door, ${many}`, sent.rate, 'reports/s'),
    row(`fire-and-forget door, ${many}: p99`, sent.p99, 'ms'),
    row('strict door beside a looping producer: p99', besides.p99, 'ms', { atMost: 30 }),
    row('what that producer is refused', await loop.rate(), 'reports/s'),
    row('append → visible at 2,000 reports/s: p50', seen.p50, 'ms'),
    row('append → visible at 2,000 reports/s: p99', seen.p99, 'ms', { atMost: 25 }),
    row('NDJSON ingest', ingested, 'events/s', { atLeast: 30_000 }),
    row(`memory growth over the last half of ${scale.events.toLocaleString('en')} events`, grown, '%', { atMost: 10 }),
  ];
}
