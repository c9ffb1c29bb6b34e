import * as z from 'zod';
import { readWith } from '../encoding/compiled.js';
import { isJsonObject } from '../encoding/readings.js';
import { errorFields } from '../encoding/error-fields.js';
import { without } from '../encoding/without.js';
import type { JsonObject } from '../domain/json.js';

/** What an event says, as its schema reads it. */
export interface ReadDataResult {
  readonly data: unknown;
  /** How many of its members could not be read, and were left out. */
  readonly unread: number;
}

/** An error of any JSON, as reports may bring it. */
const withReadError = (said: JsonObject): JsonObject => {
  const { error, error_details, ...rest } = said;
  return { ...rest, ...errorFields(error, error_details ?? undefined) };
};

/**
 * Reads an event's data as generously as a report (docs/semantics.md §3, §6), for somebody may have appended it directly: null
 * is absent, an error may be any JSON, and a member that cannot be read costs only itself. Only the attempt has to be read.
 * Answers why it cannot be.
 */
export function readData(schema: z.ZodType, written: unknown): ReadDataResult | string {
  const parsed = readWith(schema, written);
  if (parsed.success) return { data: parsed.data, unread: 0 };
  const { issues } = parsed.error;
  const broken = new Set(issues.map(({ path }) => path[0]));
  if (!isJsonObject(written) || broken.has(undefined)) return z.prettifyError(parsed.error);
  const isAbsent = (member: PropertyKey | undefined): boolean => written[member as string] === null;
  if (broken.has('attempt') && !isAbsent('attempt')) return z.prettifyError(parsed.error);
  const said = broken.has('error') ? withReadError(written) : written;
  const left = issues.filter(({ path: [member] }) => member !== 'error');
  const unread = new Set(left.map(({ path }) => path.join('.'))).size;
  const absent = [...broken].filter((member) => member !== 'error' && isAbsent(member)).length;
  for (const whole of [false, true]) {
    const kept = without(said, left, whole);
    // It may lower who stands behind an outcome and never raises it: a guess must not become a worker's word.
    const claimed = broken.has('authority') && !isAbsent('authority') ? { ...kept, authority: 'watchdog' } : kept;
    const read = readWith(schema, claimed);
    if (read.success) return { data: read.data, unread: unread - absent };
  }
  return z.prettifyError(parsed.error);
}
