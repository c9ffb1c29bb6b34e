import { startLedgerProcess, type StartedLedger } from '../src/cli/demo/ledger.js';
import type { Databases } from './database.js';
import { fireAndForgetOn, fresh, refusedLoop, strict, warmUp } from './endpoints/http-load.js';
import { ingest, memory } from './endpoints/ingest.js';
import { type Seen, visibility } from './endpoints/visibility.js';
import type { Scale } from './load.js';
import { type Row, row } from './row.js';

const CONNECTIONS = 64;
/** How many reports a second come in while it is measured after how long one is seen. */
const STEADY = 2_000;
/** The part of them that a measurement at that rate needs: the last ones may still be on their way. */
const STEADY_SHARE = 0.9;

/** What the endpoints of a ledger in its own process do, with the load generator and the database on the same machine. */
export async function endpointRows(databases: Databases, scale: Scale): Promise<Row[]> {
  const ledger = await startLedgerProcess({ DATABASE_URL: await databases.create('endpoints') });
  try {
    return await measure(ledger, scale);
  } finally {
    await ledger.stop();
    await databases.drop('endpoints');
  }
}

async function measure({ url, pid }: StartedLedger, scale: Scale): Promise<Row[]> {
  await warmUp(url, CONNECTIONS);
  const told = await strict(url, CONNECTIONS, scale);
  const sent = await fireAndForgetOn(url, fresh(CONNECTIONS), scale);
  const loop = refusedLoop(url);
  const besides = await strict(url, CONNECTIONS, scale).finally(loop.stop);
  const seen = await visibility(url, STEADY, scale);
  const ingested = await ingest(url, scale);
  const grown = await memory(url, pid, scale);
  const many = `${CONNECTIONS} connections`;
  return [
    row(`strict endpoint, ${many}`, told.rate, 'reports/s', { atLeast: 8_000 }),
    row(`strict endpoint, ${many}: p99`, told.p99, 'ms', { atMost: 30 }),
    row(`fire-and-forget endpoint, ${many}`, sent.rate, 'reports/s'),
    row(`fire-and-forget endpoint, ${many}: p99`, sent.p99, 'ms'),
    row('strict endpoint beside a looping producer: p99', besides.p99, 'ms', { atMost: 30 }),
    row('what that producer is refused', await loop.rate(), 'reports/s'),
    ...visibleRows(seen),
    row('NDJSON ingest', ingested, 'events/s', { atLeast: 30_000 }),
    row(`memory growth over the last half of ${scale.events.toLocaleString('en')} events`, grown, '%', { atMost: 10 }),
  ];
}

/** A machine that does not take so many reports a second is measured at what it takes, and has not met the aim. */
export function visibleRows({ p50, p99, rate }: Seen): Row[] {
  const steady = STEADY.toLocaleString('en');
  if (rate >= STEADY_SHARE * STEADY)
    return [
      row(`append → visible at ${steady} reports/s: p50`, p50, 'ms'),
      row(`append → visible at ${steady} reports/s: p99`, p99, 'ms', { atMost: 25 }),
    ];
  const taken = `append → visible at ${Math.round(rate).toLocaleString('en')} of ${steady} reports/s`;
  return [
    row('reports taken, while it is measured when they are visible', rate, 'reports/s', { atLeast: STEADY }),
    row(`${taken}: p50`, p50, 'ms'),
    row(`${taken}: p99`, p99, 'ms'),
  ];
}
