import type * as z from 'zod';
import type { JsonObject } from '../domain/json.js';
import { eventReport } from './reports.js';

/** A member of a report that is none of ours under its name. */
export interface Lookalike {
  readonly path: string;
  /** The member that was probably meant. */
  readonly meant: string;
  readonly message: string;
}

/** Other names that producers give our members. */
const NAMED_OTHERWISE: Readonly<Record<string, string>> = {
  id: 'execution_id',
  state: 'status',
  errormessage: 'error',
  err: 'error',
  exception: 'error',
  output: 'result',
  input: 'input_data',
  duration: 'duration_ms',
  durationseconds: 'duration_ms',
  endedat: 'completed_at',
  finishedat: 'completed_at',
  timestamp: 'occurred_at',
  reason: 'status_reason',
  msg: 'message',
  parentid: 'parent_execution_id',
  trynumber: 'attempt',
};
const folded = (key: string): string => key.replace(/[-_\s]/g, '').toLowerCase();

/** All members that any report has. */
export const MEMBERS: ReadonlySet<string> = new Set(Object.keys(eventReport.shape));
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(NAMED_OTHERWISE),
  ...[...MEMBERS].map((member) => [folded(member), member] as const),
]);

/** Longer names are nobody's spelling of one of ours. */
export const LONGEST_NAME = 40;
/** Where the address names the execution, the body may name it once more. */
const IN_ADDRESS = 'execution_id';

/** The member of ours that some producers call so. */
export const meantAs = (key: string): string | undefined =>
  key.length > LONGEST_NAME ? undefined : SPELLINGS.get(folded(key));

/** What a member that this report does not have was probably meant to be. */
export const meantBy = (key: string, { shape }: z.ZodObject): string | undefined =>
  Object.hasOwn(shape, key) ? undefined : meantAs(key);

/** Members that look like ours and are none, or are none here. */
export function lookalikes(value: JsonObject, schema: z.ZodObject): Lookalike[] {
  const found: Lookalike[] = [];
  for (const path in value) {
    const meant = meantBy(path, schema);
    if (meant === undefined) continue;
    if (Object.hasOwn(schema.shape, meant)) found.push({ path, meant, message: `is not read; did you mean ${meant}?` });
    else if (meant !== IN_ADDRESS) found.push({ path, meant, message: 'is not read here' });
  }
  return found;
}
