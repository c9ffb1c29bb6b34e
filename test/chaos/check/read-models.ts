import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, promisify } from 'node:util';
import { PROJECTIONS } from '../../../projections/index.js';
import { createPostgresEventStore } from '../../../src/event-store/postgres/postgres-event-store.js';
import { caller } from '../../support/ledger/caller.js';
import { withClient } from '../../support/store/postgres.js';
import { folded, standing } from '../../support/projection/tables.js';
import { historiesOf } from '../evidence.js';
import type { StoredEvent } from '../../../src/event-store/event-store.js';
import type { Find } from './finding.js';
import { grouped } from './log.js';

const COMMAND_LINE = fileURLToPath(new URL('../../../dist/src/command-line.js', import.meta.url));
const PATIENCE_MS = 30_000;
const VERIFIED_WITHIN_MS = 300_000;

/** Every table is the fold of the log: row by row, by the endpoint that counts, and as the command line verifies it. */
export async function checkReadModels(
  databaseUrl: string,
  url: string,
  log: readonly StoredEvent[],
  find: Find,
): Promise<void> {
  await checkProjected(url, log, find);
  await checkTables(databaseUrl, log, find);
  await verify(databaseUrl, find);
}

/** Whether everything is projected, and what is counted is what there is. */
async function checkProjected(url: string, log: readonly StoredEvent[], find: Find): Promise<void> {
  const head = log.at(-1)?.position ?? 0n;
  const answer = await caller(url, PATIENCE_MS)('GET', `/status-counts?wait_for=${head}&wait_ms=20000`);
  if (answer.status !== 200) return find('table', '/status-counts', `${answer.status} ${answer.text}`);
  const histories = grouped(historiesOf(log), ({ states }) => states.at(-1)!.status);
  const should = Object.fromEntries([...histories].map(([status, all]) => [status, all.length]));
  const counts = answer.body.counts as Record<string, number>;
  const is = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  if (!isDeepStrictEqual(is, { ...should }))
    find('table', '/status-counts', `${JSON.stringify(is)} where ${JSON.stringify(should)} is right`);
}

async function checkTables(databaseUrl: string, log: readonly StoredEvent[], find: Find): Promise<void> {
  const store = createPostgresEventStore({ connectionString: databaseUrl });
  const ids = historiesOf(log).map(({ executionId }) => executionId);
  const sql = <R>(text: string, ...values: unknown[]): Promise<R[]> =>
    withClient(databaseUrl, async (client) => (await client.query(text, values)).rows as R[]);
  for (const projection of PROJECTIONS) {
    const [is, should] = [await standing({ sql }, projection), await folded(store, projection, ids)];
    for (const key of new Set([...Object.keys(is), ...Object.keys(should)])) {
      if (isDeepStrictEqual({ ...is[key] }, { ...should[key] })) continue;
      find(
        'table',
        `${projection.name} ${key}`,
        `${JSON.stringify(is[key])}, by the log ${JSON.stringify(should[key])}`,
      );
    }
  }
  await store.close();
}

async function verify(databaseUrl: string, find: Find): Promise<void> {
  const names = PROJECTIONS.map(({ name }) => name);
  const options = { env: { ...process.env, DATABASE_URL: databaseUrl }, timeout: VERIFIED_WITHIN_MS };
  const args = [COMMAND_LINE, 'projections', 'verify', ...names];
  await promisify(execFile)(process.execPath, args, options).catch((error: { code?: number; stderr?: string }) =>
    find('table', names.join(), `projections verify ended with ${error.code}: ${error.stderr}`),
  );
}
