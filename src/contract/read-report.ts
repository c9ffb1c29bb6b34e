import type * as z from 'zod';
import type { JsonObject } from '../domain/json.js';
import { compiled } from './compiled.js';
import { isJsonObject, MOST_ISSUES } from './primitives.js';
import { invalidBy } from './problem.js';

/** A member of a report that was left out of what was read, and why. */
export interface Ignored {
  readonly path: string;
  readonly message: string;
}

/** What a report says, as its schema reads it, and what had to be left out. */
export type ReadReport<T> = T & { readonly ignored?: readonly Ignored[] };

/** Where these cannot be read there is no report: whom it is about, under which id, in which status and attempt (domain.md §3). */
const DECISIVE: ReadonlySet<PropertyKey> = new Set(['execution_id', 'event_id', 'status', 'attempt']);

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

/** The names of a schema's members as others may write them. Made once, when first used. */
const spellings = new WeakMap<z.ZodObject, ReadonlyMap<string, string>>();
function spellingsOf(schema: z.ZodObject): ReadonlyMap<string, string> {
  const known = spellings.get(schema);
  if (known) return known;
  const members = Object.keys(schema.shape);
  const others = Object.entries(NAMED_OTHERWISE).filter(([, member]) => Object.hasOwn(schema.shape, member));
  const made = new Map([...others, ...members.map((member) => [folded(member), member] as const)]);
  spellings.set(schema, made);
  return made;
}

/** Longer names are nobody's spelling of one of ours. */
const LONGEST_NAME = 40;

/** Members that look like ours and are none, each with the name that was probably meant. */
function lookalikes(value: JsonObject, schema: z.ZodObject): Ignored[] {
  const found: Ignored[] = [];
  for (const key in value) {
    if (Object.hasOwn(schema.shape, key) || key.length > LONGEST_NAME || found.length >= MOST_ISSUES) continue;
    const meant = spellingsOf(schema).get(folded(key));
    if (meant !== undefined) found.push({ path: key, message: `is not read; did you mean ${meant}?` });
  }
  return found;
}

type Paths = readonly { readonly path: readonly PropertyKey[] }[];

/** The report without what these name; of labels only those that they name, unless `whole` members are to go. */
function without(value: JsonObject, named: Paths, whole: boolean): JsonObject {
  const members = new Map<PropertyKey, Set<PropertyKey> | 'whole'>();
  for (const {
    path: [member, key],
  } of named) {
    const keys = members.get(member!);
    if (member !== 'labels' || key === undefined || whole) members.set(member!, 'whole');
    else if (keys !== 'whole') members.set(member, (keys ?? new Set()).add(key));
  }
  const kept = Object.entries(value).flatMap(([member, said]): [string, unknown][] => {
    const gone = members.get(member);
    if (gone === undefined) return [[member, said]];
    if (gone !== 'whole')
      return [[member, Object.fromEntries(Object.entries(said as JsonObject).filter(([key]) => !gone.has(key)))]];
    // It may lower the authority and never raises it: what cannot be read of it must not make a guess a worker's word.
    return member === 'inferred' ? [[member, true]] : [];
  });
  return Object.fromEntries(kept);
}

/**
 * Reads a report. A member that cannot be read costs only itself: it is left out and named, for an outcome must not be lost
 * for a measure beside it (domain.md §3). What looks like a member of ours under another name is named, too.
 * @throws Problem 400 where the whole, an id, the status or the attempt cannot be read
 */
export function readReport<S extends z.ZodObject>(schema: S, value: unknown): ReadReport<z.output<S>> {
  const given = value ?? {};
  const read = compiled(schema);
  let parsed = read.safeParse(given);
  const issues: z.core.$ZodIssue[] = [];
  for (const whole of [false, true]) {
    if (parsed.success) break;
    issues.push(...parsed.error.issues);
    const decisive = issues.some(({ path: [member] }) => member === undefined || DECISIVE.has(member));
    if (decisive || !isJsonObject(given)) break;
    parsed = read.safeParse(without(given, issues, whole)); // where more is wrong than was said, whole members go
  }
  if (!parsed.success) throw invalidBy({ issues: [...new Set([...issues, ...parsed.error.issues])] });
  const ignored: Ignored[] = issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  if (isJsonObject(given)) ignored.push(...lookalikes(given, schema));
  return ignored.length === 0 ? parsed.data : { ...parsed.data, ignored: ignored.slice(0, MOST_ISSUES) };
}
