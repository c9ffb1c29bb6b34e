import { encodeText, stringifyJson } from '../contract/json.js';
import { INDEXED_LENGTH } from '../../projections/execution-status.js';
import type { Column, ColumnType, Index, Projection } from '../../projections/projection.js';
import type { Json } from '../domain/json.js';

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'text collate "C"',
  'text[]': 'text[]',
  integer: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
  instant: 'timestamptz(3)',
  json: 'text',
};

/** The table of one version of a projection: `ledger.execution_status_v1`. */
export const tableOf = ({ name, version }: Projection): string => `ledger.${name.replaceAll('-', '_')}_v${version}`;

/** Rows are rewritten all the time: what is dead goes early, and the planner is told of growth early. */
const STORAGE = 'fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05';

/** What the projector keeps beside the columns of a projection: how far refusals came, and where reading broke off. */
const BOOKKEEPING = ['refused_revision integer not null default -1', 'unreadable_revision integer'];

/** The expression that a text is indexed and looked up by; longer text than an index entry holds must not stop a page. */
export const lookup = (name: string, column: Column, key: string): string =>
  column.type === 'text' && !column.short && name !== key ? `left(${name}, ${INDEXED_LENGTH})` : name;

/** The statements that make a projection's table, for the one who finds it missing. */
export function createStatements(projection: Projection): string[] {
  const table = tableOf(projection);
  const columns = Object.entries(projection.columns).map(
    ([name, { type, nullable }]) => `${name} ${SQL_TYPES[type]}${nullable ? '' : ' not null'}`,
  );
  const body = [...columns, ...BOOKKEEPING, `primary key (${projection.key})`].join(', ');
  return [
    `create table if not exists ${table} (${body}) with (${STORAGE})`,
    ...projection.indexes.map((index, n) => createIndex(projection, index, n)),
  ];
}

function createIndex(projection: Projection, { columns, method = 'btree', where }: Index, n: number): string {
  const table = tableOf(projection);
  const name = `${table.slice(table.indexOf('.') + 1)}_${n + 1}`;
  const on = columns.map((column) => `(${lookup(column, projection.columns[column]!, projection.key)})`).join(', ');
  return `create index if not exists ${name} on ${table} using ${method} (${on})${where ? ` where ${where}` : ''}`;
}

/** A value as `json_to_recordset` reads it into a column. */
function encode(type: ColumnType, value: Json): Json {
  if (value === null || value === undefined) return null;
  if (type === 'text') return encodeText(value as string);
  if (type === 'text[]') return (value as string[]).map(encodeText);
  if (type === 'json') return stringifyJson(value);
  if (type === 'bigint') return String(value);
  return value;
}

/** Rows as the one parameter of {@link upsertStatement}. */
export function encodeRows({ columns }: Projection, rows: readonly Readonly<Record<string, Json>>[]): string {
  const types = Object.entries(columns);
  return JSON.stringify(
    rows.map((row) => Object.fromEntries(types.map(([name, { type }]) => [name, encode(type, row[name])]))),
  );
}

/**
 * Writes whole rows, given as `$1`, if the condition holds; an older fold never replaces a newer one, so that a page read
 * twice changes nothing.
 */
export function upsertStatement(projection: Projection, condition: string): string {
  const names = Object.keys(projection.columns);
  const record = Object.entries(projection.columns).map(
    ([name, { type }]) => `${name} ${SQL_TYPES[type].replace(' collate "C"', '')}`,
  );
  const changed = names.filter((name) => name !== projection.key).map((name) => `${name} = excluded.${name}`);
  return `insert into ${tableOf(projection)} as stored (${names.join(', ')})
    select ${names.join(', ')} from json_to_recordset($1::json) as row (${record.join(', ')})
     where ${condition}
    on conflict (${projection.key}) do update set ${changed.join(', ')} where stored.revision < excluded.revision`;
}
