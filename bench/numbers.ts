import { startLedgerProcess } from '../src/cli/demo/ledger.js';
import type { Databases } from './database.js';
import { percentile, type Scale } from './load.js';
import { type Row, row } from './row.js';

const LONG = '1234567890123456789';
const many = (count: number, one: string): string => `[${Array.from({ length: count }, () => one).join(',')}]`;
const words = (count: number): string => `"${'word '.repeat(count)}"`;
const STEP = `{"id":17,"name":"step 17","seconds":1.5,"at":"2026-01-01T00:00:00Z"}`;

/** Payloads with numbers that no double holds, and the same without. */
const PAYLOADS: readonly (readonly [name: string, withLong: string, without: string])[] = [
  ['1 MB in one text, and one long number', `[${words(200_000)},${LONG}]`, `[${words(200_000)},1]`],
  ['1 MB in 9,000 texts, and one long number', `[${many(9_000, words(20))},${LONG}]`, `[${many(9_000, words(20))},1]`],
  ['1,500 objects, and one long number', `[${many(1_500, STEP)},${LONG}]`, `[${many(1_500, STEP)},1]`],
  ['4,000 long numbers', many(4_000, LONG), many(4_000, '123456789012345')],
];

let reports = 0;

/** The time of one report with each of the bodies, by turns, in milliseconds: medians. */
async function inTurns(url: string, payloads: readonly string[], { seconds }: Scale): Promise<number[]> {
  const took = payloads.map((): number[] => []);
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until || took[0]!.length < 5)
    for (const [index, payload] of payloads.entries()) {
      const body = `{"execution_id":"numbers-${reports++}","status":"running","data":${payload}}`;
      const began = performance.now();
      const answer = await fetch(`${url}/api/v1/workflow/executions/events`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      const { applied } = (await answer.json()) as { applied?: boolean };
      if (applied !== true) throw new Error(`a report was answered with ${answer.status}`);
      took[index]!.push(performance.now() - began);
    }
  return took.map((times) => percentile(times, 0.5));
}

/** What numbers that keep all their digits cost a report, from its sending to its receipt. */
export async function numberRows(databases: Databases, scale: Scale): Promise<Row[]> {
  const ledger = await startLedgerProcess({ DATABASE_URL: await databases.create('numbers') });
  try {
    const rows: Row[] = [];
    for (const [name, ...payloads] of PAYLOADS) {
      await inTurns(ledger.url, payloads, { ...scale, seconds: 1 });
      const [long, plain] = await inTurns(ledger.url, payloads, scale);
      rows.push(row(`a report of ${name}`, long!, 'ms', { atMostTimesPeer: 2 }, { name: 'without', value: plain! }));
    }
    return rows;
  } finally {
    await ledger.stop();
    await databases.drop('numbers');
  }
}
