import { hash } from 'node:crypto';
import * as z from 'zod';
import { invalid } from '../contract/problem.js';
import { filterObject, SORTS, type ListFilter, type Sort } from '../contract/queries.js';
import { readInstant } from '../domain/clock.js';
import type { Now } from '../domain/resumable.js';
import type { Keyset } from '../read-model/read-model.js';

/** A list's query with its clock: what a cursor pins. */
export interface PinnedList {
  readonly filter: ListFilter;
  readonly sort: Sort;
  readonly now: Now;
  readonly after?: Keyset;
}

/** What came beside a cursor. */
export interface Beside {
  readonly filter: ListFilter;
  readonly sort?: Sort | undefined;
}

/** A parameter longer than this, in characters, does not go with the cursor: an address has to carry it. */
const MOST_CARRIED = 100;

/** A moment as {@link cursorOf} writes it, and as the database takes it. */
const instant = z.string().refine((text) => readInstant(text) === text);
const pinned = z.strictObject({
  f: z.record(z.string(), z.unknown()),
  d: z.record(z.string(), z.string()).optional(),
  s: z.enum(SORTS),
  n: instant,
  k: z.tuple([instant, z.string()]),
});

/** A parameter as it is compared: of a repeated one the order is no matter. */
const textOf = (value: unknown): string =>
  JSON.stringify(Array.isArray(value) ? [...(value as string[])].sort() : value);
const digestOf = (value: unknown): string => hash('sha256', textOf(value), 'base64url').slice(0, 22);

/** The cursor of the page after this execution; of long parameters it has a digest, and they have to accompany it. */
export function cursorOf({ filter, sort, now }: PinnedList, last: Keyset): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const long = given.filter(([, value]) => textOf(value).length > MOST_CARRIED);
  const carried = {
    f: Object.fromEntries(given.filter((one) => !long.includes(one))),
    ...(long.length > 0 ? { d: Object.fromEntries(long.map(([key, value]) => [key, digestOf(value)])) } : {}),
    s: sort,
    n: now.at,
    k: [last.key, last.executionId],
  };
  return Buffer.from(JSON.stringify(carried)).toString('base64url');
}

/** The query that a cursor pins. @throws Problem 400 for text that is no cursor of ours, and for parameters of another list */
export function readCursor(cursor: string, beside: Beside, current: Now): PinnedList {
  const { filter, digests, sort, now, after } = decode(cursor, current);
  if (beside.sort !== undefined && beside.sort !== sort) throw differs('sort');
  const repeated = new Map<string, unknown>(Object.entries(beside.filter).filter(([, value]) => value !== undefined));
  for (const [key, value] of repeated) {
    const same = Object.hasOwn(digests, key)
      ? digests[key] === digestOf(value)
      : textOf(value) === textOf(filter[key as keyof ListFilter]);
    if (!same) throw differs(key);
  }
  for (const key of Object.keys(digests))
    if (!repeated.has(key)) throw invalid(key, 'is too long to go with the cursor, and has to accompany it');
  return { filter: { ...filter, ...beside.filter }, sort, now, after };
}

const differs = (key: string): Error => invalid(key, 'is not what the cursor was made with; leave it out or repeat it');

function decode(cursor: string, current: Now) {
  try {
    const { f, d = {}, s, n, k } = pinned.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    const [key, executionId] = k;
    const now = { ...current, at: n };
    return { filter: readFilter(f), digests: d, sort: s, now, after: { key, executionId } };
  } catch {
    throw invalid('cursor', 'is not a cursor of this list: expected next_cursor as it was given');
  }
}

/** A filter as a cursor carries it: flags and numbers are such already, and the one duration is milliseconds. */
function readFilter(carried: Record<string, unknown>): ListFilter {
  const words = Object.entries(carried).map(([key, value]) => [
    key,
    key === 'silent_for'
      ? `${value as number}ms`
      : typeof value === 'boolean' || key === 'attempt_above'
        ? String(value)
        : value,
  ]);
  return filterObject.strict().parse(Object.fromEntries(words));
}
