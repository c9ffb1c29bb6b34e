import type { FastifyReply, FastifyRequest } from 'fastify';
import { lagOf } from '../application/lag.js';
import { invalid, Problem } from '../contract/problem.js';
import { filterObject, SORTS, type ListFilter, type Sort } from '../contract/queries.js';
import { readInstant } from '../domain/clock.js';
import type { Now } from '../domain/resumable.js';
import type { LogReads } from '../event-store/event-store.js';
import type { Checkpoint } from '../read-model/checkpoint.js';
import type { Keyset, ReadModel } from '../read-model/read-model.js';
import * as z from 'zod';

const DEFAULT_WAIT_MS = 5_000;

/** Aborts when the caller hangs up, so that nobody waits for nobody. */
export function goneSignal(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  if (request.raw.destroyed && !request.raw.complete) gone.abort();
  return gone.signal;
}

/** Holds a read of projected data until the projection has passed the position it asks for (wire.md, Reads). */
export async function untilProjected(
  readModel: ReadModel,
  store: LogReads,
  { wait_for, wait_ms }: { wait_for?: bigint | undefined; wait_ms?: number | undefined },
  projection?: string,
): Promise<void> {
  if (wait_for === undefined) return;
  const head = await store.head(wait_for);
  if (wait_for > head)
    throw Problem.of('position_ahead', `position ${wait_for} is beyond the head of the log, ${head}`);
  if (await readModel.waitFor(wait_for, wait_ms ?? DEFAULT_WAIT_MS, projection)) return;
  throw Problem.of('not_yet_projected', `the projection has not passed position ${wait_for} yet; ask again`);
}

/** Projected data with how fresh it is; the log is asked at the same time. */
export async function withAsOf<Found extends { readonly checkpoint: Checkpoint }>(
  { store, clock }: { readonly store: LogReads; readonly clock: () => number },
  read: Promise<Found>,
) {
  const [found, head] = await Promise.all([read, store.head()]);
  const { position, at } = found.checkpoint;
  return {
    ...found,
    as_of: { position: String(position), at, ...(await lagOf(store, found.checkpoint, clock(), head)) },
  };
}

/** A list's query with its clock: what a cursor pins. */
export interface PinnedList {
  readonly filter: ListFilter;
  readonly sort: Sort;
  readonly now: Now;
  readonly after?: Keyset;
}

/** A moment as {@link cursorOf} writes it, and as the database takes it. */
const instant = z.string().refine((text) => readInstant(text) === text);
const pinned = z.strictObject({
  f: z.record(z.string(), z.unknown()),
  s: z.enum(SORTS),
  n: instant,
  k: z.tuple([instant, z.string()]),
});

/** The cursor of the page after this execution. */
export const cursorOf = ({ filter, sort, now }: PinnedList, last: Keyset): string =>
  Buffer.from(JSON.stringify({ f: filter, s: sort, n: now.at, k: [last.key, last.executionId] })).toString('base64url');

/** The query that a cursor pins. @throws Problem 400 for text that is no cursor of ours. */
export function readCursor(cursor: string, staleAfterMs: number): PinnedList {
  try {
    const { f, s, n, k } = pinned.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    const [key, executionId] = k;
    return {
      filter: readFilter(f),
      sort: s,
      now: { at: n, stale_after_ms: staleAfterMs },
      after: { key, executionId },
    };
  } catch {
    throw invalid('cursor', 'is not a cursor of this list: expected next_cursor as it was given');
  }
}

/** A filter as a cursor carries it: flags are booleans already. */
function readFilter(carried: Record<string, unknown>): ListFilter {
  const words = Object.entries(carried).map(([key, value]) => [
    key,
    typeof value === 'boolean' ? String(value) : value,
  ]);
  return filterObject.strict().parse(Object.fromEntries(words));
}
