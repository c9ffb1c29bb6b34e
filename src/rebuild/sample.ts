import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { RowProjection } from '../../projections/projection.js';
import { tableOf } from '../projection-tables/table.js';
import { liveVersion } from '../projection-tables/versions.js';
import { LogPages } from './log-pages.js';
import { noDrift, type Drift } from './drift.js';
import type { RebuildParts, RebuildResult } from './rebuild.js';
import { acquireRebuildLock } from './rebuild-lock.js';
import { OperationsTable } from './operations-table.js';
import { RowCheck, type DifferingRow } from './row-check.js';

/** Executions per step. */
const STEP = 100;
/** How many differences are shown; all are counted. */
const SHOWN = 20;

function countDrift(drift: Drift, differing: readonly DifferingRow[]): void {
  for (const { executionId, fields, live, rebuilt } of differing) {
    drift.rows++;
    for (const field of fields) drift.fields[field] = (drift.fields[field] ?? 0) + 1;
    const field = fields[0]!;
    const shown = { execution_id: executionId, field, live: live[field] ?? null, rebuilt: rebuilt[field] ?? null };
    if (drift.sample.length < SHOWN) drift.sample.push(shown);
  }
}

/**
 * Verifies executions that chance picks, each against the fold of its stream. Nothing is made for it, so that one that was
 * broken off begins anew.
 * @throws LockedByOther, OperationInterrupted
 */
export async function verifySample(
  parts: RebuildParts & { readonly projection: RowProjection },
  sample: number,
): Promise<RebuildResult> {
  const { projection } = parts;
  const client = await parts.connect();
  try {
    await acquireRebuildLock(client, parts.projection.name, parts.onlyIfStillRequested);
    const rebuilds = new OperationsTable(projection.name, 'verify');
    const { version } = (await liveVersion(client, projection))!;
    await new LogPages(parts.store).refuse(client).catch(async (error: Error) => {
      await rebuilds.fail(client, error.message);
      throw error;
    });
    const result = await checkSample(parts, client, rebuilds, version, sample);
    await rebuilds.finish(client, 'verified', result);
    return { version, ...result };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function checkSample(
  { store, projection, signal }: RebuildParts & { readonly projection: RowProjection },
  client: pg.Client,
  rebuilds: OperationsTable,
  version: number,
  sample: number,
): Promise<{ rows: number; drift: Drift }> {
  const check = new RowCheck(store, projection, version);
  const picked = await client.query<{ execution_id: string }>(
    `select execution_id from ${tableOf(projection, version)} order by random() limit $1`,
    [sample],
  );
  const result = { rows: 0, drift: noDrift() };
  for (let from = 0; from < picked.rows.length; from += STEP) {
    signal.throwIfAborted();
    const since = performance.now();
    const ids = picked.rows.slice(from, from + STEP).map(({ execution_id }) => execution_id);
    const { rows, events, differing } = await check.of(client, ids, signal);
    result.rows += rows;
    countDrift(result.drift, differing);
    const ms = performance.now() - since;
    const rate = await rebuilds.advance(client, { events, ms });
    if (rate !== undefined) await pause(Math.max(0, (events / rate) * 1_000 - ms), undefined, { signal });
  }
  return result;
}
