import type { Column, ColumnType, Projection } from '../../projections/projection.js';
import { INDEXED_LENGTH } from '../../projections/short-text.js';

/** The columns' types in SQL. */
export const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'text collate "C"',
  'text[]': 'text[]',
  integer: 'integer',
  bigint: 'bigint',
  double: 'double precision',
  boolean: 'boolean',
  instant: 'timestamptz(3)',
  json: 'text',
};

/** What readers read: a view of whichever version of the table is live, `ledger.execution_status`. */
export const viewOf = ({ name }: Pick<Projection, 'name'>): string => `ledger.${name.replaceAll('-', '_')}`;

/** The table of one version, one rebuild after the other: `ledger.execution_status_v1`. */
export const tableOf = (projection: Pick<Projection, 'name'>, version: number): string =>
  `${viewOf(projection)}_v${version}`;

/** Rows are rewritten all the time: what is dead goes early, and the planner is told of growth early. */
const STORAGE = 'fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05';

/**
 * What the projector keeps beside the columns of a row: how far refusals came, where reading broke off, the last attempt whose
 * outcome a worker contradicted, and the last that stood while a worker of an older one reported.
 */
const BOOKKEEPING = {
  refused_revision: 'integer not null default -1',
  unreadable_revision: 'integer',
  contradicted_attempt: 'integer not null default 0',
  fenced_attempt: 'integer not null default 0',
};

/** The columns of a projection's key. Among counters an absent value is one like any other: "nobody said" counts, too. */
export const keyOf = (projection: Projection): readonly string[] =>
  projection.kind === 'rows' ? [projection.key] : projection.key;

/** The expression that a text is indexed and looked up by; longer text than an index entry holds must not stop a page. */
export const lookup = (name: string, column: Column, key: readonly string[]): string =>
  column.type === 'text' && !column.short && !key.includes(name) ? `left(${name}, ${INDEXED_LENGTH})` : name;

/** All that a table of the projection holds. */
export const columnsOf = (projection: Projection): string[] => [
  ...Object.keys(projection.columns),
  ...(projection.kind === 'rows' ? Object.keys(BOOKKEEPING) : []),
];

/** Makes a version's table, bare: rows are faster written without indexes, and these faster made afterwards. */
export function createTable(projection: Projection, version: number): string {
  const columns = Object.entries(projection.columns).map(
    ([name, { type, nullable }]) => `${name} ${SQL_TYPES[type]}${nullable ? '' : ' not null'}`,
  );
  const kept = projection.kind === 'rows' ? Object.entries(BOOKKEEPING).map((column) => column.join(' ')) : [];
  return `create table if not exists ${tableOf(projection, version)} (${[...columns, ...kept].join(', ')}) with (${STORAGE})`;
}

/** Makes what a version's rows are told apart by. */
export function createKey(projection: Projection, version: number): string {
  const table = tableOf(projection, version);
  const nulls = projection.kind === 'rows' ? '' : ' nulls not distinct';
  return `create unique index if not exists ${nameOf(table)}_key on ${table} (${keyOf(projection).join(', ')})${nulls}`;
}

const nameOf = (table: string): string => table.slice(table.indexOf('.') + 1);

/**
 * Finds what a text holds anywhere. The extension may be missing, or lie in any schema (see its migration): without it, what
 * would look the index up reads all rows.
 */
const createTrigrams = (name: string, table: string, column: string): string => `do $$
  declare place text := (select quote_ident(n.nspname) from pg_opclass o join pg_namespace n on n.oid = o.opcnamespace
                          where o.opcname = 'gin_trgm_ops' and has_schema_privilege(n.oid, 'usage') limit 1);
  begin
    if place is not null then
      execute format('create index if not exists ${name} on ${table} using gin (${column} %s.gin_trgm_ops)', place);
    end if;
  end $$`;

/** The indexes of a version by their names, each with the statement that makes it. */
export const indexesOf = (projection: Projection, version: number): Map<string, string> => {
  const table = tableOf(projection, version);
  const key = keyOf(projection);
  const named = projection.indexes.map(({ columns, method = 'btree', where }, n): [string, string] => {
    const name = `${nameOf(table)}_${n + 1}`;
    if (method === 'trigram') return [name, createTrigrams(name, table, columns.join(', '))];
    const on = columns.map((column) => `(${lookup(column, projection.columns[column]!, key)})`).join(', ');
    const condition = where ? ` where ${where}` : '';
    return [name, `create index if not exists ${name} on ${table} using ${method} (${on})${condition}`];
  });
  return new Map(named);
};

/** Has readers read a version. Columns are named: what is added to a table later must not change an answer's shape. */
export const createView = (projection: Projection, version: number): string =>
  `create or replace view ${viewOf(projection)} as select ${columnsOf(projection).join(', ')} from ${tableOf(projection, version)}`;
