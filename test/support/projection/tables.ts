import type { Projection } from '../../../projections/projection.js';
import { executionStream } from '../../../src/domain/stream.js';
import type { EventStore } from '../../../src/event-store/event-store.js';
import { foldPage } from '../../../src/projector/page-fold.js';
import { viewOf } from '../../../src/projection-tables/table.js';
import type { ProjectedLedger } from './projection.js';

type WrittenRow = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

const keyOf = (projection: Projection): readonly string[] =>
  projection.kind === 'rows' ? [projection.key] : projection.key;

/** Rows by their key; of counters those that count something. */
function byKey(projection: Projection, rows: readonly WrittenRow[]): Record<string, WrittenRow> {
  const numbers = Object.keys(projection.columns).filter((name) => !keyOf(projection).includes(name));
  const some = rows.filter((row) => projection.kind === 'rows' || numbers.some((name) => Number(row[name]) !== 0));
  return Object.fromEntries(some.map((row) => [JSON.stringify(keyOf(projection).map((name) => row[name])), row]));
}

/** A projection's table, as it stands, in the words of {@link folded}. */
export async function standing(
  projected: Pick<ProjectedLedger, 'sql'>,
  projection: Projection,
): Promise<Record<string, WrittenRow>> {
  const columns = Object.entries(projection.columns).map(([name, { type }]) =>
    type === 'instant' ? `to_char(${name}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${name}` : name,
  );
  return byKey(
    projection,
    await projected.sql<WrittenRow & object>(`select ${columns.join(', ')} from ${viewOf(projection)}`),
  );
}

/**
 * What the table must be: each stream folded by itself, from its beginning to its first event that cannot be read, and what
 * they contribute added up.
 */
export async function folded(
  store: EventStore,
  projection: Projection,
  executionIds: readonly string[],
): Promise<Record<string, WrittenRow>> {
  const sums: Record<string, WrittenRow> = {};
  const nothing = Object.fromEntries(Object.keys(projection.columns).map((name) => [name, null]));
  for (const id of executionIds) {
    const stream = await store.readStream(executionStream(id));
    const encoded = JSON.parse(foldPage(projection, stream, new Map()).encoded) as WrittenRow[];
    const rows = encoded.map((row) => ({ ...nothing, ...row }));
    for (const [key, row] of Object.entries(byKey(projection, rows))) sums[key] = added(projection, sums[key], row);
  }
  return byKey(projection, Object.values(sums));
}

function added(projection: Projection, sum: WrittenRow | undefined, row: WrittenRow): WrittenRow {
  if (projection.kind === 'rows' || sum === undefined) return row;
  const numbers = Object.keys(projection.columns).filter((name) => !keyOf(projection).includes(name));
  return {
    ...row,
    ...Object.fromEntries(numbers.map((name) => [name, String(Number(sum[name]) + Number(row[name]))])),
  };
}
