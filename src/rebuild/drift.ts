import { decodeText } from '../encoding/json.js';

/** What differs between the live table and the one that was made anew. */
export interface Drift {
  rows: number;
  readonly fields: Record<string, number>;
  readonly sample: { execution_id: string; field: string; live: string | null; rebuilt: string | null }[];
}

/** How many differences are shown; all are counted. */
const SAMPLE = 20;
export const noDrift = (): Drift => ({ rows: 0, fields: {}, sample: [] });

/** How many rows were compared, and what differed. */
export interface ComparisonResult {
  readonly rows: number;
  readonly drift: Drift;
}

/** A row that is not the same in both tables. */
export interface RowDifference {
  readonly execution_id: string;
  readonly same_place: boolean;
  readonly fields: string[];
  readonly live: Record<string, string | null> | null;
  readonly rebuilt: Record<string, string | null> | null;
}

/** The name of a row that only one of the tables has. */
export const ROW = 'row';

/** Counts a row as drift. */
export function countDrift(drift: Drift, { execution_id, fields, live, rebuilt }: RowDifference): void {
  drift.rows++;
  for (const field of fields) drift.fields[field] = (drift.fields[field] ?? 0) + 1;
  if (drift.sample.length >= SAMPLE) return;
  const [field] = fields;
  const shown = (row: RowDifference['live']): string | null =>
    row === null ? null : field === ROW ? '' : (row[field!] ?? null);
  drift.sample.push({
    execution_id: decodeText(execution_id),
    field: field!,
    live: shown(live),
    rebuilt: shown(rebuilt),
  });
}
