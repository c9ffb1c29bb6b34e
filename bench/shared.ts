import { fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { startLedgerProcess } from '../src/cli/demo/ledger.js';
import type { Databases } from './database.js';
import { percentile, type Scale } from './load.js';
import { type Row, row } from './row.js';

const inTests = (name: string): string => fileURLToPath(new URL(`../../test/support/${name}`, import.meta.url));

/** A double of EventStoreDB in a process of its own, with so many events of other applications. */
async function startShared(count: number): Promise<{ url: string; stop(): void }> {
  const child = fork(inTests('process/shared-server.ts'), [String(count)], {
    execArgv: ['--import', inTests('typescript.mjs')],
  });
  const [url] = (await once(child, 'message')) as [string];
  return { url, stop: () => child.kill() };
}

/** Milliseconds of a call in the middle of many. */
async function median(url: string, seconds: number): Promise<number> {
  const samples: number[] = [];
  for (const until = performance.now() + seconds * 1_000; performance.now() < until;) {
    const began = performance.now();
    const { ok, status } = await fetch(url).then(async (answer) => (await answer.arrayBuffer(), answer));
    if (!ok) throw new Error(`${url} was answered with ${status}`);
    samples.push(performance.now() - began);
  }
  return percentile(samples, 0.5);
}

interface Beside {
  readonly url: string;
  /** Of its first start, until it was ready, in milliseconds. */
  readonly startMs: number;
  stop(): Promise<void>;
}

async function startBeside(databases: Databases, count: number): Promise<Beside> {
  const server = await startShared(count);
  const name = `shared-${count}`;
  const DATABASE_URL = await databases.create(name);
  const began = performance.now();
  const { url, stop } = await startLedgerProcess({
    DATABASE_URL,
    EVENT_STORE: 'eventstoredb',
    EVENTSTOREDB_URL: server.url,
  });
  while (!(await fetch(`${url}/health/ready`)).ok);
  const startMs = performance.now() - began;
  const end = async (): Promise<void> => {
    await stop();
    server.stop();
    await databases.drop(name);
  };
  return { url, startMs, stop: end };
}

const COUNTS = [0, 100_000, 1_000_000];
const CALLS = { '/health/ready': 'readiness, median', '/api/v1/executions': 'a list, median' };
const ROUNDS = 5;
const AIM = { atMostTimesPeer: 2 };

const beside = (name: string, count: number, [alone, value]: [number, number]): Row =>
  row(`${name}, beside ${count} events of others`, value, 'ms', AIM, { name: 'without them', value: alone });

/** A call of each ledger by turns: the machine and its neighbours have moods. */
async function byTurns(ledgers: readonly Beside[], path: string, { seconds }: Scale): Promise<number[]> {
  const medians = ledgers.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, { url }] of ledgers.entries()) medians[i]!.push(await median(url + path, seconds / ROUNDS));
  return medians.map((values) => percentile(values, 0.5));
}

/** What a log that others write to costs, beside one that the ledger has alone. */
export async function sharedRows(databases: Databases, scale: Scale): Promise<Row[]> {
  await (await startBeside(databases, 0)).stop(); // files that nobody has read yet
  const ledgers: Beside[] = [];
  try {
    for (const count of COUNTS) ledgers.push(await startBeside(databases, count));
    const rows: Row[] = [];
    const add = (name: string, [alone, ...values]: number[]): void =>
      values.forEach((value, i) => rows.push(beside(name, COUNTS[i + 1]!, [alone!, value])));
    add(
      'a first start until it is ready',
      ledgers.map(({ startMs }) => startMs),
    );
    for (const [path, name] of Object.entries(CALLS)) add(name, await byTurns(ledgers, path, scale));
    return rows;
  } finally {
    for (const ledger of ledgers) await ledger.stop();
  }
}
