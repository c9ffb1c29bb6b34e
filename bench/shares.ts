import { setTimeout as pause } from 'node:timers/promises';
import { startLedgerProcess } from '../src/cli/demo/ledger.js';
import { startCrowd } from './crowd.js';
import type { Databases } from './database.js';
import { registered, strict, strictReports, warmUp } from './endpoints/http-load.js';
import { percentile, type Scale } from './load.js';
import { type Row, row } from './row.js';

const [FLOODING, ROUNDS, SETTLE_MS] = [64, 3, 1_000];
const [flood, quiet] = ['flood-0123456789abcdef', 'quiet-0123456789abcdef'];
const by = (key: string) => ({ 'x-api-key': key });

/** What a key that reports without a pause costs the reports of another one: with it and without it by turns. */
export async function shareRows(databases: Databases, scale: Scale): Promise<Row[]> {
  const DATABASE_URL = await databases.create('shares');
  const { url, stop } = await startLedgerProcess({ DATABASE_URL, API_KEYS: `flood:${flood},quiet:${quiet}` });
  const [alone, beside]: [number[], number[]] = [[], []];
  try {
    await warmUp(url, FLOODING, by(flood));
    const reports = strictReports((await registered(url, 10, by(flood))).flat());
    const flooding = reports.map((report) => ({ ...report, headers: by(flood) }));
    const crowd = startCrowd(url, FLOODING, flooding);
    try {
      for (let round = 0; round < ROUNDS; round++) {
        alone.push((await strict(url, 1, scale, by(quiet))).p99);
        await crowd.tell('go');
        await pause(SETTLE_MS);
        beside.push((await strict(url, 1, scale, by(quiet))).p99);
        await crowd.tell('rest');
      }
    } finally {
      crowd.stop();
    }
  } finally {
    await stop();
    await databases.drop('shares');
  }
  const peer = { name: 'alone', value: percentile(alone, 0.5) };
  const name = `strict endpoint, 1 connection of a key, beside ${FLOODING} of another: p99`;
  return [row(name, percentile(beside, 0.5), 'ms', { atMostTimesPeer: 2 }, peer)];
}
