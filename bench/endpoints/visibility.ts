import autocannon from 'autocannon';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, type Scale } from '../load.js';

const SAMPLE_EVERY_MS = 20;
/** A hundredth of the samples is to be more than one or two. */
const TIMES_AS_LONG = 4;
const CONNECTIONS = 100;
const EVENTS = '/api/v1/workflow/executions/events';
const headers = { 'content-type': 'application/json' };
const report = () => JSON.stringify({ execution_id: `bench-${randomUUID()}`, status: 'running' });

/** From the answer to a report until the list shows its execution, in ms: the reader's own way there included. */
async function sample(url: string): Promise<number> {
  const body = report();
  const { execution_id } = JSON.parse(body) as { execution_id: string };
  const answer = await fetch(url + EVENTS, { method: 'POST', headers, body });
  const { position } = (await answer.json()) as { position: string };
  const from = performance.now();
  const list = await fetch(`${url}/api/v1/executions?q=${execution_id}&limit=1&wait_for=${position}`);
  const { executions } = (await list.json()) as { executions?: { execution_id: string }[] };
  const took = performance.now() - from;
  if (executions?.[0]?.execution_id !== execution_id)
    throw new Error(`not shown at ${position}: answered ${list.status}`);
  return took;
}

/** What a dashboard asks besides. */
async function counted(url: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/status-counts`);
  if (!answer.ok) throw new Error(`the counts answered ${answer.status}`);
  await answer.text();
}

/**
 * Reports at a steady rate. One instance would have all of its connections send what is due in a second at the beginning of
 * each, as fast as they are answered; so each has a connection of its own, and they begin one after the other.
 * Answers how many came in per second.
 */
async function steadily(url: string, rate: number, seconds: number): Promise<number> {
  const all = Array.from({ length: CONNECTIONS }, async (_, n) => {
    await sleep((n * 1_000) / CONNECTIONS);
    return autocannon({
      url: url + EVENTS,
      connections: 1,
      overallRate: rate / CONNECTIONS,
      duration: seconds,
      requests: [{ method: 'POST', headers, setupRequest: (request) => ({ ...request, body: report() }) }],
    });
  });
  const done = await Promise.all(all);
  for (const { non2xx, errors } of done)
    if (non2xx + errors > 0) throw new Error(`${non2xx} answers were not 2xx, ${errors} requests failed`);
  return done.reduce((sum, { requests }) => sum + requests.total, 0) / seconds;
}

/** What {@link visibility} measured: times in ms, and how many reports came in per second meanwhile. */
export interface Seen {
  readonly p50: number;
  readonly p99: number;
  readonly rate: number;
}

/** How long an appended report takes to be seen, while others come in at `rate` a second and the counts are asked for. */
export async function visibility(url: string, rate: number, { seconds }: Scale): Promise<Seen> {
  const measured = seconds * TIMES_AS_LONG;
  const load = steadily(url, rate, measured + 3);
  load.catch(() => undefined); // told below
  await sleep(2_000);
  const samples: number[] = [];
  for (const until = performance.now() + measured * 1_000; performance.now() < until; await sleep(SAMPLE_EVERY_MS))
    samples.push((await Promise.all([sample(url), counted(url)]))[0]);
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99), rate: await load };
}
