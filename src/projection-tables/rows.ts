import type { ColumnType, Increment, Projection, Row } from '../../projections/projection.js';
import { shortText } from '../../projections/short-text.js';
import type { Json } from '../domain/json.js';
import { encodeText, stringifyJson } from '../encoding/json.js';
import { keyOf, SQL_TYPES, tableOf } from './table.js';

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
