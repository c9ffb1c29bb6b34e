import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import { createVersion, indexVersion } from '../projection-tables/versions.js';
import { columnsOf, createTable, createView, viewOf } from '../projection-tables/table.js';
import type { BackupHead, BackupTable } from './head.js';
import { nameOfTable } from './snapshot.js';
import { KEPT_ROWS } from './tables.js';

/**
 * The projection that a table of a backup is restored for: one that was made by this program's version of the code. What
 * another made is read over, and made anew from the log.
 */
export function projectionOf(table: BackupTable, projections: readonly Projection[]): Projection | undefined {
  const { name, version, fold_version } = table.projection ?? {};
  const found = projections.find((one) => one.name === name && one.version === fold_version);
  if (!found || table.name !== nameOfTable(found.name, version!)) return undefined;
  const known = columnsOf(found);
  return table.columns.every((column) => known.includes(column)) ? found : undefined;
}

/** The projections of a backup that are served as they stood, each with its version. */
const taken = ({ tables }: BackupHead, projections: readonly Projection[]) =>
  tables.flatMap((table) => {
    const projection = projectionOf(table, projections);
    return projection ? [{ projection, version: table.projection!.version }] : [];
  });

/** Drops what a start on the empty database has made beside the log, and makes the tables of the backup's projections, bare. */
export async function makeBare(
  client: pg.ClientBase,
  head: BackupHead,
  projections: readonly Projection[],
): Promise<void> {
  const { rows } = await client.query<{ name: string; version: number }>(
    'select projection as name, version from ledger.checkpoints',
  );
  for (const { name, version } of rows) {
    await client.query(`drop view if exists ${viewOf({ name })}`);
    await client.query(`drop table if exists ledger.${nameOfTable(name, version)}`);
  }
  for (const name of Object.keys(KEPT_ROWS).filter((one) => one !== 'events'))
    await client.query(`delete from ledger.${name}`);
  for (const { projection, version } of taken(head, projections)) await client.query(createTable(projection, version));
}

/** Makes the restored tables what readers read, and the others anew: empty, to be filled from the log by the next start. */
export async function finish(
  client: pg.ClientBase,
  head: BackupHead,
  projections: readonly Projection[],
): Promise<void> {
  const restored = taken(head, projections);
  const names = restored.map(({ projection }) => projection.name);
  for (const kept of ['checkpoints', 'parked_events', 'early_refusals'])
    await client.query(`delete from ledger.${kept} where projection <> all($1)`, [names]);
  for (const { projection, version } of restored) await indexVersion([client], projection, version);
  for (const projection of projections.filter(({ name }) => !names.includes(name)))
    await createVersion(client, projection, 1, true);
  for (const projection of projections) {
    const version = restored.find((one) => one.projection === projection)?.version ?? 1;
    await client.query(createView(projection, version));
  }
}

/** The names of the projections that have to be made anew from the log. */
export const madeAnew = (head: BackupHead, projections: readonly Projection[]): string[] => {
  const restored = taken(head, projections).map(({ projection }) => projection);
  return projections.filter((one) => !restored.includes(one)).map(({ name }) => name);
};
