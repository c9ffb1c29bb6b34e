import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { tableOf } from '../projection-tables/table.js';
import { refuseNewerSchema, type MigrationClass } from '../postgres/migrate.js';
import { type BackupHead, type BackupTable, FORM } from './head.js';
import { KEPT_ROWS } from './tables.js';

const COLUMNS = `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'r' and c.relname = any($1)
   group by c.relname`;

const LIVE = 'select projection as name, version, fold_version from ledger.checkpoints where live order by projection';

/** The table of a version, without its schema. */
export const nameOfTable = (name: string, version: number): string =>
  tableOf({ name }, version).slice('ledger.'.length);

/** About how many rows there are: of the log exactly, for its positions have no gaps. */
const ROWS = `select coalesce(sum(reltuples) filter (where relname <> 'events' and reltuples > 0), 0)
         + coalesce((select max(position) from ledger.events), 0) as rows
    from pg_class where relnamespace = 'ledger'::regnamespace and relname = any($1)`;

/** The database at one moment. */
export interface Snapshot {
  readonly head: BackupHead;
  /** About how many rows its tables have. */
  readonly rows: number;
}

/**
 * Has the transaction of this connection see the database as it is now, whatever is written meanwhile, and holds its tables:
 * a rebuild that drops one of them waits. Nothing else does.
 * @throws StoreError where the schema is newer than the program or no ledger's
 */
export async function beginSnapshot(
  client: pg.ClientBase,
  migrations: readonly MigrationClass[],
): Promise<Snapshot | undefined> {
  await client.query('begin isolation level repeatable read read only');
  const had = await refuseNewerSchema(client, migrations);
  if (had.size === 0) return undefined;
  const { rows: live } = await client.query<{ name: string; version: number; fold_version: number }>(LIVE);
  const projections = new Map(live.map((one) => [nameOfTable(one.name, one.version), one]));
  const wanted = [...Object.keys(KEPT_ROWS), ...projections.keys()];
  const { rows: found } = await client.query<{ name: string; columns: string[] }>(COLUMNS, [wanted]);
  const tables = wanted.flatMap((name): BackupTable[] => {
    const columns = found.find((one) => one.name === name)?.columns;
    const projection = projections.get(name);
    return columns ? [{ name, columns, ...(projection && { projection }) }] : [];
  });
  await client.query(`lock table ${tables.map(({ name }) => `ledger.${name}`).join(', ')} in access share mode`);
  const { rows } = await client.query<{ taken_at: Date; position: string }>(
    'select now() as taken_at, coalesce(max(position), 0)::text as position from ledger.events',
  );
  const { taken_at, position } = rows[0]!;
  const about = (await client.query<{ rows: number }>(ROWS, [tables.map(({ name }) => name)])).rows[0]!;
  return {
    head: {
      execution_ledger_backup: FORM,
      taken_at: new Date(taken_at).toISOString(),
      position,
      migrations: [...had],
      tables,
    },
    rows: Number(about.rows),
  };
}

/** The rows of a table, in `COPY`'s text format. */
export async function* rowsOf(client: pg.ClientBase, { name, columns }: BackupTable): AsyncGenerator<Buffer> {
  const where = KEPT_ROWS[name] ?? 'true';
  const copy = client.query(copyTo(`copy (select ${columns.join(', ')} from ledger.${name} where ${where}) to stdout`));
  try {
    yield* copy as AsyncIterable<Buffer>;
  } finally {
    // The timer of the query's limit, which nobody else stops: it would keep the process.
    (copy as { callback?: () => void }).callback?.();
  }
}
