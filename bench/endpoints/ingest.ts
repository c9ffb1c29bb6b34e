import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { closedLoop, type Scale } from '../load.js';

const PER_BODY = 10_000;
/** What one execution says from beginning to end. */
const LIFE = [
  { status: 'queued' },
  { status: 'running', worker: 'runner-7' },
  { progress: 50, message: 'half of it' },
  { status: 'succeeded', result: { ok: true } },
];

function body(): string {
  const ids = Array.from({ length: PER_BODY / LIFE.length }, () => `bench-${randomUUID()}`);
  // All executions at once, as a forwarder's buffer holds them.
  return LIFE.flatMap((said) => ids.map((execution_id) => JSON.stringify({ execution_id, ...said }))).join('\n');
}

async function send(url: string, text: string): Promise<bigint> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const answer = await fetch(`${url}/api/v1/reports`, { method: 'POST', body: text, headers });
  const receipts = (await answer.text()).trim().split('\n');
  if (!answer.ok || receipts.length !== PER_BODY) throw new Error(`answered with ${answer.status}: ${receipts[0]}`);
  const refused = receipts.find((receipt) => !receipt.includes('"verdict":"applied"'));
  if (refused) throw new Error(`not applied: ${refused}`);
  const positions = receipts.map((receipt) => BigInt((JSON.parse(receipt) as { position: string }).position));
  return positions.reduce((a, b) => (a > b ? a : b));
}

/** Events per second that come in as NDJSON, two bodies under way; counted by the log's own positions. */
export async function ingest(url: string, scale: Scale): Promise<number> {
  const bodies = Array.from({ length: 2 }, body);
  let head = await send(url, body());
  const [first, from] = [head, performance.now()];
  await closedLoop(bodies.length, scale, async (client) => {
    const text = bodies[client]!;
    bodies[client] = body();
    const reached = await send(url, text);
    if (reached > head) head = reached;
  });
  return Number(head - first) / ((performance.now() - from) / 1_000);
}

/** Resident memory of a process in MiB. */
async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) / 1_024;
}

/** By how many per cent the ledger's highest memory of the last half of the events exceeds that of the first half. */
export async function memory(url: string, pid: number, { events }: Scale): Promise<number> {
  const peaks = [0, 0];
  for (let sent = 0; sent < events; sent += PER_BODY) {
    await send(url, body());
    const half = sent < events / 2 ? 0 : 1;
    peaks[half] = Math.max(peaks[half]!, await residentMiB(pid));
  }
  return Math.max(0, (peaks[1]! / peaks[0]! - 1) * 100);
}
