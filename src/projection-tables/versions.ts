import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import { StoreError } from '../errors.js';
import { inTransaction } from '../postgres/transaction.js';
import { LOCK_VERSIONS } from './locks.js';
import { INCOMPLETE } from './operation-states.js';
import { createKey, createTable, createView, indexesOf, tableOf, viewOf } from './table.js';

/** A version of a projection's table. */
export interface Version {
  /** Counts the rebuilds: each makes a table of its own. */
  readonly version: number;
  /** The version of the projection's code that the table was made by. */
  readonly foldVersion: number;
}

/** Runs something in a transaction in which nobody else makes, swaps or drops a version. */
export const whileVersionsStand = <T>(client: pg.ClientBase, run: () => Promise<T>): Promise<T> =>
  inTransaction(client, async () => {
    await client.query(LOCK_VERSIONS); // "if not exists" alone races with itself: two creators, one unique violation
    return run();
  });

/** The version that readers read; undefined before the projection was ever prepared. */
export async function liveVersion(client: pg.ClientBase, { name }: Projection): Promise<Version | undefined> {
  const { rows } = await client.query<{ version: number; fold_version: number }>(
    'select version, fold_version from ledger.checkpoints where projection = $1 and live',
    [name],
  );
  return rows[0] && { version: rows[0].version, foldVersion: rows[0].fold_version };
}

/** Whether what readers read was made by this program's code; of another's it may lack a column, or mean something else. */
export const isOfThisProgram = async (client: pg.ClientBase, projection: Projection): Promise<boolean> =>
  (await liveVersion(client, projection))?.foldVersion === projection.version;

/** How often it is looked whether another version was swapped in, in milliseconds: a part of the second that deadlines have. */
const LIVE_POLL_MS = 250;

/** Does something until what readers read is not of this program any more, or it is to end. */
export async function whileOfThisProgram(
  client: pg.ClientBase,
  projection: Projection,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const watch = async (): Promise<void> => {
    while (!until.aborted && (await isOfThisProgram(client, projection)))
      await pause(LIVE_POLL_MS, undefined, { signal: until }).catch(() => undefined);
  };
  const running = run(until);
  await Promise.all([watch().finally(() => over.abort()), running.finally(() => over.abort())]);
}

/** The version that was live before, kept for a rollback: of the projection that this expression of SQL names. */
export const previousVersionOf = (projection: string): string =>
  `select c.version, c.fold_version from ledger.checkpoints c where c.projection = ${projection} and not c.live
      and not exists (select from ledger.rebuilds r where r.projection = c.projection and r.version = c.version
                         and r.${INCOMPLETE})
    order by c.version desc limit 1`;

/** The version that a rollback goes back to, if there is one. */
export async function previousVersion(client: pg.ClientBase, { name }: Projection): Promise<Version | undefined> {
  const { rows } = await client.query<{ version: number; fold_version: number }>(previousVersionOf('$1'), [name]);
  return rows[0] && { version: rows[0].version, foldVersion: rows[0].fold_version };
}

/**
 * Makes the table, its checkpoint and the view of it where they are missing; several processes may do so at once.
 * @throws StoreError `unavailable` when a newer program made what is live
 */
export function prepareProjection(client: pg.ClientBase, projection: Projection): Promise<void> {
  return whileVersionsStand(client, async () => {
    const live = await liveVersion(client, projection);
    if (live && live.foldVersion > projection.version) throw newer(projection, live);
    if (live === undefined) await createVersion(client, projection, 1, true);
    else if (live.foldVersion === projection.version) await indexAnew(client, projection, live);
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      viewOf(projection),
    ]);
    if (!rows[0]!.there) await client.query(createView(projection, live?.version ?? 1));
  });
}

const newer = ({ name, version }: Projection, { foldVersion }: Version): StoreError =>
  new StoreError(
    'unavailable',
    `The read model ${name} is of version ${foldVersion}, newer than this program's ${version}. Start the newer program.`,
  );

/** An empty version with its checkpoint; `indexed` where it is written a row at a time. */
export async function createVersion(
  client: pg.ClientBase,
  projection: Projection,
  version: number,
  indexed: boolean,
): Promise<void> {
  await client.query(createTable(projection, version));
  if (indexed) await indexVersion([client], projection, version);
  await client.query(
    `insert into ledger.checkpoints (projection, version, fold_version, live)
     values ($1, $2, $3, not exists (select from ledger.checkpoints where projection = $1 and live)) on conflict do nothing`,
    [projection.name, version, projection.version],
  );
}

/** Makes a version's indexes; several connections make several at a time. */
export async function indexVersion(
  clients: readonly pg.ClientBase[],
  projection: Projection,
  version: number,
): Promise<void> {
  const statements = [createKey(projection, version), ...indexesOf(projection, version).values()].values();
  const all = clients.map(async (client) => {
    for (const statement of statements) await client.query(statement);
  });
  // Nobody is at work any more when it is told that one failed.
  await Promise.allSettled(all);
  await Promise.all(all);
}

/** Makes the indexes that were added to the projection since its table was made; asking for all would lock out its writer. */
async function indexAnew(client: pg.ClientBase, projection: Projection, { version }: Version): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = $1::regclass`,
    [tableOf(projection, version)],
  );
  const there = new Set(rows.map(({ name }) => name));
  for (const [name, statement] of indexesOf(projection, version)) if (!there.has(name)) await client.query(statement);
}

/** Drops a version that nobody reads, with all that is kept beside it. */
export async function dropVersion(client: pg.ClientBase, projection: Projection, version: number): Promise<void> {
  await client.query(`drop table if exists ${tableOf(projection, version)}`);
  for (const kept of ['checkpoints', 'parked_events', 'early_refusals', 'drifted_rows']) {
    await client.query(`delete from ledger.${kept} where projection = $1 and version = $2`, [projection.name, version]);
  }
}
