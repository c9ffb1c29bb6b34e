import type { Row } from './row.js';

/** The parts of a run: each measures some rows. */
export type Parts = Readonly<Record<string, () => Promise<Row[]>>>;

/** What a run measured, and what it did not. */
export interface Measured {
  readonly rows: readonly Row[];
  /** The parts that failed, and what each of them threw. */
  readonly failed: readonly (readonly [part: string, error: unknown])[];
}

/** Measures one part after the other: a part that fails, as on a machine that is too slow for it, loses its own rows alone. */
export async function measureParts(parts: Parts, begins: (part: string) => void): Promise<Measured> {
  const [rows, failed]: [Row[], [string, unknown][]] = [[], []];
  for (const [part, measure] of Object.entries(parts)) {
    begins(part);
    await measure().then(
      (measured) => rows.push(...measured),
      (error: unknown) => failed.push([part, error]),
    );
  }
  return { rows, failed };
}
