import type { Column, ColumnType, Increment, Projection, Row } from '../../projections/projection.js';
import { INDEXED_LENGTH, shortText } from '../../projections/short-text.js';
import { encodeText, stringifyJson } from '../encoding/json.js';
import type { Json } from '../domain/json.js';

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
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

/** A text as counters have it in their key, where it must fit an index entry: a long one by its beginning and a checksum. */
export const keyText = (text: string): string => shortText(encodeText(text));

/** A value as `json_to_recordset` reads it into a column. It reads null where there is none, and null itself for longer. */
function encode(type: ColumnType, value: Json | undefined, text = encodeText): Json | undefined {
  if (value === null || value === undefined) return undefined;
  if (type === 'text') return text(value as string);
  if (type === 'text[]') return (value as string[]).map((one) => encodeText(one));
  if (type === 'json') return stringifyJson(value);
  if (type === 'bigint') return String(value);
  return value;
}

/** Rows as the one parameter of {@link writeStatement}. */
export function encodeRows({ columns }: Projection, rows: readonly Row[]): string {
  const types = Object.entries(columns);
  const shown = (row: Row): Partial<Row> => {
    const encoded: Record<string, Json | undefined> = {};
    for (const [name, { type }] of types) encoded[name] = encode(type, row[name]);
    return encoded;
  };
  return JSON.stringify(rows.map(shown));
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text: string): string => (SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (c) => ESCAPES[c]!) : text);
const quoted = (text: string): string => `"${encodeText(text).replace(/["\\]/g, '\\$&')}"`;

/** A value as a field of `COPY`'s text format, by its column's type. Only texts can hold what has a meaning there. */
const FIELDS: Readonly<Record<ColumnType, (value: Json) => string>> = {
  text: (value) => escaped(encodeText(value as string)),
  'text[]': (value) => escaped(`{${(value as string[]).map(quoted).join(',')}}`),
  json: (value) => stringifyJson(value).replaceAll('\\', '\\\\'),
  integer: String,
  bigint: String,
  double: String,
  boolean: String,
  instant: String,
};

/** Rows as `COPY` takes them: the columns of the projection, in their order. */
export function encodeCopy({ columns }: Projection, rows: readonly Row[]): string {
  const fields = Object.entries(columns).map(([name, { type }]) => ({ name, field: FIELDS[type] }));
  let text = '';
  for (const row of rows) {
    let separator = '';
    for (const { name, field } of fields) {
      const value = row[name];
      text += separator + (value === null || value === undefined ? '\\N' : field(value));
      separator = '\t';
    }
    text += '\n';
  }
  return text;
}

/** Increments as the one parameter of {@link writeStatement}. */
export function encodeIncrements({ columns }: Projection, increments: readonly Increment[]): string {
  const types = Object.entries(columns);
  return JSON.stringify(
    increments.map(({ key, add }) =>
      Object.fromEntries(types.map(([name, { type }]) => [name, encode(type, key[name] ?? add[name], keyText)])),
    ),
  );
}

/** What `json_to_recordset` reads encoded rows or increments as. */
export const recordColumns = ({ columns }: Projection): string =>
  Object.entries(columns)
    .map(([name, { type }]) => `${name} ${SQL_TYPES[type].replace(' collate "C"', '')}`)
    .join(', ');

/**
 * Writes rows or increments, given as a parameter, if the condition holds. A row is replaced whatever stands: it is the condition, on
 * the checkpoint, that keeps an older fold from being written, and a row that claims to be newer than that is wrong.
 * Increments are added, in the order of their keys.
 */
export function writeStatement(projection: Projection, version: number, condition: string, parameter = '$1'): string {
  const names = Object.keys(projection.columns);
  const key = keyOf(projection);
  const others = names.filter((name) => !key.includes(name));
  const changed =
    projection.kind === 'rows'
      ? others.map((name) => `${name} = excluded.${name}`).join(', ')
      : others.map((name) => `${name} = stored.${name} + excluded.${name}`).join(', ');
  return `insert into ${tableOf(projection, version)} as stored (${names.join(', ')})
    select ${names.join(', ')} from json_to_recordset(${parameter}::json) as row (${recordColumns(projection)})
     where ${condition} order by ${key.join(', ')}
    on conflict (${key.join(', ')}) do update set ${changed}`;
}
