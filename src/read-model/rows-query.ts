import type { Column, ColumnType, Projection } from '../../projections/projection.js';
import { decodeText, encodeText, parseJson } from '../encoding/json.js';
import { cutText, MOST_TEXT_BYTES } from '../domain/in-short.js';
import type { Json } from '../domain/json.js';
import type { CheckpointRow, Checkpoint } from '../projection-tables/checkpoint.js';
import { keyText } from '../projection-tables/rows.js';
import { keyOf, viewOf } from '../projection-tables/table.js';
import { beginsWith, equals, Parameters } from './text-conditions.js';
import { bounded } from './list-query.js';

/** The place of a row among the others: its key as the database has it, each column as text. */
export type RowPlace = readonly (string | null)[];

export interface RowsRequest {
  readonly projection: Projection;
  /** What columns must hold, as text that their types read; of a `text[]` each of several. */
  readonly filters: Readonly<Record<string, string | readonly string[]>>;
  /** Columns where nobody said anything. */
  readonly absent: readonly string[];
  /** What the execution's id begins with: of a projection that has one. */
  readonly within?: string | undefined;
  readonly limit: number;
  readonly after?: RowPlace | undefined;
}

/** A row as it is shown, with the columns that are cut or left out, and its place. */
export interface ShownRow {
  readonly values: Readonly<Record<string, Json>>;
  readonly truncated: readonly string[];
  readonly place: RowPlace;
}

/** As many rows as were asked for, or as few as have SHORT_BYTES together. */
export interface RowsPage {
  readonly rows: readonly ShownRow[];
  /** Whether there are more behind them. */
  readonly more: boolean;
  readonly checkpoint: Checkpoint;
}

/** A row as it is read: columns by their number, so that no name of one is taken for a name of ours. */
export interface StoredRow extends CheckpointRow {
  readonly [number: `${number}`]: unknown;
  /** The numbers of the columns that are left out because they are too long. */
  readonly cut: readonly number[];
  /** Whether there is another behind it; null where there is no row. */
  readonly followed: boolean | null;
}

/** An escaped character takes six: of so many, those that are shown are whole. */
const MOST_CHARACTERS = 6 * (MOST_TEXT_BYTES + 1);
/** What a value of a fixed size counts as, in bytes. */
const FIXED_BYTES = 16;
/** What a column's type is called in SQL, where otherwise. */
const SQL_TYPES: Readonly<Partial<Record<ColumnType, string>>> = { instant: 'timestamptz', double: 'float8' };
const LENGTHY: readonly ColumnType[] = ['text', 'text[]', 'json'];

/** The columns that are shown. */
export const shownColumns = ({ columns }: Projection): [string, Column][] =>
  Object.entries<Column>(columns).filter(([, { internal }]) => !internal);

/** A column as far as it is shown. A key is short, and read whole from its index. */
function shown(name: string, { type }: Column, key: readonly string[]): string {
  if (key.includes(name) || !LENGTHY.includes(type)) return name;
  if (type === 'text') return `left(${name}, ${MOST_CHARACTERS})`;
  return `case when octet_length(${name}::text) <= ${MOST_TEXT_BYTES} then ${name} end`;
}

/** What all rows of the page meet. */
function conditions({ projection, filters, absent, within }: RowsRequest, parameters: Parameters): string[] {
  const key = keyOf(projection);
  const found = Object.entries(filters).map(([name, wanted]) => {
    const { type, short } = projection.columns[name]!;
    if (typeof wanted !== 'string')
      return `${name} @> array[${wanted.map((one) => parameters.add(encodeText(one))).join(', ')}]::text[]`;
    if (type !== 'text') return `${name} = ${parameters.add(wanted)}::${SQL_TYPES[type] ?? type}`;
    if (projection.kind === 'counters') return `${name} = ${parameters.add(keyText(wanted))}`;
    return short || key.includes(name)
      ? `${name} = ${parameters.add(encodeText(wanted))}`
      : equals(name, encodeText(wanted), parameters);
  });
  found.push(...absent.map((name) => `${name} is null`));
  if (within !== undefined) found.push(beginsWith(projection.key as string, within, parameters));
  // What was added and taken back again is as if it had never been.
  if (projection.kind === 'counters') {
    const counts = Object.keys(projection.columns).filter((name) => !key.includes(name));
    found.push(`(${counts.map((name) => `${name} <> 0`).join(' or ')})`);
  }
  return found;
}

/**
 * The rows behind a place, apart from each other: those that share a beginning of the key and then go on. Each is a range of
 * the key's index, also where a column is absent, which comes last.
 */
function behind(projection: Projection, place: RowPlace, parameters: Parameters): string[] {
  const { columns } = projection;
  const key = keyOf(projection);
  const given = key.map((name, n) => {
    const type = columns[name]!.type;
    return place[n] === null ? undefined : `${parameters.add(place[n])}::${SQL_TYPES[type] ?? type}`;
  });
  return key.flatMap((name, n) => {
    const value = given[n];
    if (value === undefined) return [];
    const same = key.slice(0, n).map((one, m) => (given[m] === undefined ? `${one} is null` : `${one} = ${given[m]}`));
    const beyond = [`${name} > ${value}`, ...(columns[name]!.nullable ? [`${name} is null`] : [])];
    return beyond.map((one) => [...same, one].join(' and '));
  });
}

/** A page of a projection's rows as one statement, with the checkpoint that it is read at. */
export function rowsStatement(request: RowsRequest): { text: string; values: unknown[] } {
  const { projection, limit, after } = request;
  const parameters = new Parameters();
  const key = keyOf(projection);
  const all = shownColumns(projection);
  const number = (name: string): string => `"${all.findIndex(([one]) => one === name)}"`;
  const order = `order by ${key.map(number).join(', ')}`;
  const most = `${parameters.add(limit)}::integer`;
  const left = all.flatMap(([name, { type }], n) =>
    type === 'json' || type === 'text[]'
      ? [`case when octet_length(${name}::text) > ${MOST_TEXT_BYTES} then ${n} end`]
      : [],
  );
  const selected = [
    ...all.map(([name, column], n) => `${shown(name, column, key)} as "${n}"`),
    `array_remove(array[${left.join(', ')}]::integer[], null) as cut`,
  ].join(', ');
  const common = conditions(request, parameters);
  const branches = after === undefined ? [undefined] : behind(projection, after, parameters);
  const parts = (branches.length === 0 ? ['false'] : branches).map((branch) => {
    const where = [...common, ...(branch === undefined ? [] : [branch])].join(' and ');
    return `(select ${selected} from ${viewOf(projection)} ${where && `where ${where}`} order by ${key.join(', ')} limit ${most} + 1)`;
  });
  const lengthy = all.flatMap(([, { type }], n) =>
    LENGTHY.includes(type) ? [`coalesce(octet_length("${n}"::text), 0)`] : [],
  );
  const size = [String(FIXED_BYTES * all.length), ...lengthy].join(' + ');
  const names = [...all.map((_, n) => `"${n}"`), 'cut'].join(', ');
  const page = bounded(names, `select * from (${parts.join(' union all ')}) parts`, order, most, size);
  const text = `select c.position as checkpoint, c.recorded_at as checkpoint_at, r.*
    from ledger.checkpoints c left join lateral (${page}) r on true
   where c.projection = ${parameters.add(projection.name)} and c.live ${order}`;
  return { text, values: parameters.values };
}

/** A value as it is shown, by its column's type. */
const SHOW: Readonly<Record<ColumnType, (value: never) => Json>> = {
  text: (value: string) => cutText(decodeText(value)),
  'text[]': (value: string[]) => value.map(decodeText),
  integer: Number,
  bigint: String,
  double: Number,
  boolean: Boolean,
  instant: (value: Date) => value.toISOString(),
  json: parseJson as (value: string) => Json,
};

/** How the rows of a projection are read back. */
function rowReader(projection: Projection): (stored: StoredRow) => ShownRow {
  const key = keyOf(projection);
  const all = shownColumns(projection);
  const numbers = key.map((name) => all.findIndex(([one]) => one === name));
  return (stored) => {
    const truncated = new Set(stored.cut.map((n) => all[n]![0]));
    const values = all.flatMap(([name, { type }], n): [string, Json][] => {
      const value = stored[`${n}`];
      if (truncated.has(name)) return [];
      if (value === null) return [[name, null]];
      // What is counted is a number, whatever it comes to; other long numbers are positions, which are texts everywhere.
      const counted = projection.kind === 'counters' && !key.includes(name);
      const shown = counted ? parseJson(value as string) : SHOW[type](value as never);
      if (type === 'text' && shown !== decodeText(value as string)) truncated.add(name);
      return [[name, shown]];
    });
    const place = numbers.map((n) => {
      const value = stored[`${n}`];
      if (value === null) return null;
      return value instanceof Date ? value.toISOString() : String(value as string);
    });
    return { values: Object.fromEntries(values), truncated: [...truncated], place };
  };
}

/** The page that was read. */
export function rowsOf({ projection }: RowsRequest, found: readonly StoredRow[]): Omit<RowsPage, 'checkpoint'> {
  const rows = found.filter(({ followed }) => followed !== null).map(rowReader(projection));
  return { rows, more: found.at(-1)?.followed ?? false };
}
