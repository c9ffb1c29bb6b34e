import * as z from 'zod';
import { filterObject } from '../contract/queries.js';
import { readInstant } from '../domain/clock.js';
import type { DecisionTime } from '../domain/decision-time.js';
import { sortKeyOf, SORTS, type Keyset, type ListFilter, type Sort } from '../read-model/list-request.js';
import { accompanied, carried, carry, differs, readCursorText, textOfCursor } from './carried.js';

/** A list's query with its clock: what a cursor pins. */
export interface PinnedList {
  readonly filter: ListFilter;
  readonly sort: Sort;
  readonly now: DecisionTime;
  readonly after?: Keyset;
}

/** What came beside a cursor. */
export interface ListParameters {
  readonly filter: ListFilter;
  readonly sort?: Sort | undefined;
}

/** A moment as {@link cursorOf} writes it, and as the database takes it. */
const instant = z.string().refine((text) => readInstant(text) === text);
const pinned = z
  .strictObject({
    f: carried.f.transform(readFilter),
    d: carried.d,
    s: z.enum(SORTS),
    n: instant,
    k: z.tuple([z.union([instant, z.number()]), z.string()]),
  })
  // The database would refuse a moment for a duration, and the other way round.
  .refine(({ s, k: [key] }) => (sortKeyOf(s) === 'duration_ms') === (typeof key === 'number'));

/** The cursor of the page after this execution; of long parameters it has a digest, and they have to accompany it. */
export function cursorOf({ filter, sort, now }: PinnedList, last: Keyset): string {
  return textOfCursor({ ...carry(filter), s: sort, n: now.at, k: [last.key, last.executionId] });
}

/** The query that a cursor pins. @throws Problem 400 for text that is no cursor of ours, and for parameters of another list */
export function readCursor(cursor: string, beside: ListParameters, current: DecisionTime): PinnedList {
  const { f, d, s: sort, n: at, k } = readCursorText(cursor, pinned);
  if (beside.sort !== undefined && beside.sort !== sort) throw differs('sort');
  const filter = accompanied({ f, d }, beside.filter);
  return { filter, sort, now: { ...current, at }, after: { key: k[0], executionId: k[1] } };
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
