import type * as z from 'zod';
import type { JsonObject } from '../domain/json.js';
import { readWith } from '../encoding/compiled.js';
import { lookalikes } from './lookalikes.js';
import { isJsonObject, MOST_ISSUES } from '../encoding/readings.js';
import { invalidBy } from './problem.js';
import { without } from '../encoding/without.js';

/** A member of a report that was left out of what was read, and why. */
export interface IgnoredMember {
  readonly path: string;
  readonly message: string;
}

/** What of a report is left out of its events' data. */
export interface LeftOutParts {
  /** As the receipt names it. */
  readonly ignored?: readonly IgnoredMember[] | undefined;
  /** The members that it is of, all of them: the events keep these as they came. */
  readonly beside?: readonly string[] | undefined;
  /** Some of it says something of the execution, and could not be read. */
  readonly left_out?: true | undefined;
}

/** What a report says, as its schema reads it, and what had to be left out. */
export type ReadReport<T> = T & LeftOutParts;

/**
 * Where these cannot be read there is no report: whom it is about, under which id, in which status and attempt
 * (docs/semantics.md §3).
 */
const DECISIVE: ReadonlySet<PropertyKey> = new Set(['execution_id', 'event_id', 'status', 'attempt']);

/** What a report says of itself, and not of the execution: who says it, when, under which id. */
const OF_ITSELF: ReadonlySet<PropertyKey> = new Set(['execution_id', 'event_id', 'attempt', 'occurred_at', 'inferred']);

/** The report without what these name. */
function readable(value: JsonObject, named: readonly z.core.$ZodIssue[], whole: boolean): JsonObject {
  const rest = without(value, named, whole);
  // It may lower the authority and never raises it: what cannot be read of it must not make a guess a worker's word.
  return named.some(({ path: [member] }) => member === 'inferred') ? { ...rest, inferred: true } : rest;
}

/**
 * Reads a report. A member that cannot be read costs only itself: it is left out and named, for an outcome must not be lost
 * for a measure beside it (docs/semantics.md §3). What looks like a member of ours under another name is named, too.
 * @throws Problem 400 where the whole, an id, the status or the attempt cannot be read
 */
export function readReport<S extends z.ZodObject>(schema: S, value: unknown): ReadReport<z.output<S>> {
  const given = value ?? {};
  let parsed = readWith(schema, given);
  const issues: z.core.$ZodIssue[] = [];
  for (const whole of [false, true]) {
    if (parsed.success) break;
    issues.push(...parsed.error.issues);
    const decisive = issues.some(({ path: [member] }) => member === undefined || DECISIVE.has(member));
    if (decisive || !isJsonObject(given)) break;
    parsed = readWith(schema, readable(given, issues, whole)); // where more is wrong than was said, whole members go
  }
  const others = isJsonObject(given) ? lookalikes(given, schema) : [];
  if (!parsed.success) {
    // Whoever says `executionId` is told that an `execution_id` is missing, and why.
    const named = others.map(({ path, message }) => ({ path: [path], message }));
    throw invalidBy({ issues: [...new Set([...issues, ...parsed.error.issues]), ...named] });
  }
  if (issues.length + others.length === 0) return parsed.data;
  const unread = issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const ignored = [...unread, ...others.map(({ path, message }) => ({ path, message }))].slice(0, MOST_ISSUES);
  const members = issues.map(({ path }) => String(path[0]));
  const meant = [...members, ...others.map((other) => other.meant)];
  return {
    ...parsed.data,
    ignored,
    beside: [...members, ...others.map(({ path }) => path)],
    left_out: meant.some((name) => !OF_ITSELF.has(name)) || undefined,
  };
}
