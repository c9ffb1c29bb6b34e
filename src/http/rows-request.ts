import * as z from 'zod';
import type { ColumnType, Projection } from '../../projections/projection.js';
import { instant } from '../encoding/readings.js';
import { parseWith } from '../contract/problem.js';
import { rowsShape } from '../contract/projections.js';
import { many, type WaitFor } from '../contract/queries.js';
import { shownColumns, type RowPlace, type RowsRequest } from '../read-model/rows-query.js';
import { keyOf } from '../projection-tables/table.js';
import { accompanied, carried, carry, readCursorText, textOfCursor } from './carried.js';
import { refuseUnknown } from './strict.js';

type RowSelection = Pick<RowsRequest, 'filters' | 'absent'>;
/** What is asked of a projection's rows, and how long for. */
export type RowsQuery = RowSelection & WaitFor & { readonly limit?: number | undefined; readonly after?: RowPlace };

/** A whole number that so many bits hold, as the database reads it. */
const wholeNumber = (bits: bigint) => {
  const most = 2n ** (bits - 1n);
  const holds = (digits: string): boolean =>
    /^-?\d{1,20}$/.test(digits) && BigInt(digits) >= -most && BigInt(digits) < most;
  return z.string().refine(holds, `expected a whole number from ${-most} to ${most - 1n}`);
};

/** A number as the database reads it: of digits that a double does not hold, the nearest that it does. */
const number = z
  .string()
  .regex(/^-?\d{1,400}(?:\.\d{1,400})?(?:e[+-]?\d{1,4})?$/i, 'expected a number')
  .transform(Number)
  .refine(Number.isFinite, 'expected a number that a double holds')
  .transform(String);

/** How a value is written that a column of a type is to hold. Nobody knows how JSON was written: it is no filter. */
const VALUES: Readonly<Partial<Record<ColumnType, z.ZodType<string | string[]>>>> = {
  text: z.string(),
  'text[]': many(z.string()),
  integer: wholeNumber(32n),
  bigint: wholeNumber(64n),
  double: number,
  boolean: z.enum(['true', 'false']),
  instant,
};

/** What is filtered by: each column whose values can be written. */
function filtersOf(projection: Projection) {
  const shown = shownColumns(projection);
  const filters = shown.flatMap(([name, { type }]) => (VALUES[type] ? [[name, VALUES[type].optional()] as const] : []));
  const nullable = shown.filter(([, one]) => one.nullable).map(([name]) => name);
  const expected = nullable.length === 0 ? 'no column can be absent' : `expected one of ${nullable.join(', ')}`;
  const absent = many(z.string().refine((name) => nullable.includes(name), expected)).optional();
  return z.strictObject({ ...Object.fromEntries(filters), absent });
}

/** A text as a database has it: without NUL, and without half a character. */
const storedText = z.string().refine((text) => !text.includes('\0') && Buffer.from(text).toString() === text);

/** How the key's columns stand in a cursor: as the database gives them, and so that it takes them back. */
function placeOf(projection: Projection) {
  const place = keyOf(projection).map((name) => {
    const { type, nullable } = projection.columns[name]!;
    const known = type === 'text' ? storedText : VALUES[type]!;
    return nullable ? known.nullable() : known;
  });
  return z.tuple(place as unknown as [z.ZodType<string | null>]);
}

/** What a cursor of this projection's rows pins. */
const pinnedOf = (projection: Projection, filters: ReturnType<typeof filtersOf>) =>
  z.strictObject({
    p: z.literal(projection.name),
    f: carried.f.pipe(filters),
    d: carried.d,
    k: placeOf(projection),
  });

/** The query as the projection's columns read it. @throws Problem 400 that names what is no column, and what was meant */
export function readRowsQuery(projection: Projection, query: unknown): RowsQuery {
  const filters = filtersOf(projection);
  const schema = filters.extend({ ...rowsShape, absent: filters.shape.absent });
  const names = Object.keys(filters.shape).filter((name) => name !== 'absent');
  refuseUnknown(query, schema, `column of ${projection.name} to filter by (${names.join(', ')})`);
  const { limit, cursor, wait_for, wait_ms, ...given } = parseWith(schema, query);
  const waiting = { limit, wait_for, wait_ms };
  if (cursor === undefined) return { ...selected(given), ...waiting };
  const { f, d, k } = readCursorText(cursor, pinnedOf(projection, filters));
  return { ...selected(accompanied({ f, d }, given)), ...waiting, after: k };
}

function selected({ absent = [], ...filters }: z.output<ReturnType<typeof filtersOf>>): RowSelection {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return { absent, filters: Object.fromEntries(given) as RowSelection['filters'] };
}

/** The cursor of the page after this place. */
export const rowsCursor = (projection: Projection, { filters, absent }: RowSelection, place: RowPlace): string =>
  textOfCursor({
    ...{ p: projection.name, k: place },
    ...carry({ ...filters, ...(absent.length > 0 ? { absent } : {}) }),
  });
