import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { InvalidPosition, pageBackwards, pageForwards, type Page } from './all-pages.js';
import { PAGE, type EventFilter } from './filter.js';
import type { StoredEvent } from './log.js';
import type { NodeIndex, ReadableStream } from './node-index.js';
import type { LogPosition } from './position.js';
import { eventResponse, firstStreamPosition, lastStreamPosition, streamNotFound } from './read-responses.js';
import { rpcErrors } from './rpc-error.js';

/** How much of what is read, and which way. */
export interface Extent<From> {
  readonly from: From;
  readonly count: bigint;
  readonly backwards: boolean;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const pageSize = (left: bigint): number => Number(least(BigInt(PAGE), left));

/** Events of one stream. Page by page, as the server reads it: what is appended meanwhile may still be among them. */
export function* readStream(
  index: NodeIndex,
  stream: string,
  { from, count, backwards }: Extent<bigint>,
  compatibility: number,
): Generator<ReadResp> {
  if (count === 0n || (from < 0n && !backwards)) throw rpcErrors.unexpected('ReadStreamResult', 'Error');
  const partOf = backwards ? before : since;
  const tells = compatibility > 0;
  let [next, left, more] = [from, count, true];
  while (more) {
    const view = index.view(stream);
    if (view === 'deleted') throw rpcErrors.streamDeleted(stream);
    if (view === 'missing') return yield streamNotFound(stream);
    if (tells && !backwards && left === count) yield* firstPosition(view, next, pageSize(left));
    const part = partOf(view.events, next, pageSize(left));
    for (const event of part.events) yield eventResponse(event);
    left -= BigInt(part.events.length);
    next = part.next;
    more = part.more && left > 0n;
    if (tells && !more) yield lastStreamPosition(view.last);
  }
}

/** Some events of a stream, and where to go on if there are more that way. */
interface Part {
  readonly events: readonly StoredEvent[];
  readonly next: bigint;
  readonly more: boolean;
}

/** Revisions are without gaps, so an event's place follows from the first one's. */
const offsetOf = (events: readonly StoredEvent[], revision: bigint): number =>
  Number(revision - (events[0]?.revision ?? 0n));

function since(events: readonly StoredEvent[], first: bigint, count: number): Part {
  const start = Math.max(0, offsetOf(events, first));
  const part = events.slice(start, start + count);
  return { events: part, next: (part.at(-1)?.revision ?? first) + 1n, more: start + count < events.length };
}

/** Newest first; a negative revision is the end. */
function before(events: readonly StoredEvent[], last: bigint, count: number): Part {
  const end = last < 0n ? events.length : Math.max(0, Math.min(events.length, offsetOf(events, last) + 1));
  const part = events.slice(Math.max(0, end - count), end).reverse();
  return { events: part, next: (part.at(-1)?.revision ?? 0n) - 1n, more: end > count };
}

/** Tells a reader who asked before the first readable event, or beyond the last, where to go on. */
function* firstPosition(view: ReadableStream, from: bigint, count: number): Generator<ReadResp> {
  const first = view.events[0]?.revision ?? view.last + 1n;
  const begin = from > view.last ? view.last + 1n : from + BigInt(count) <= first ? first : from;
  if (begin !== from) yield firstStreamPosition(begin);
}

/** After so many pages others have their turn, and whoever has hung up is noticed. */
const PAGES_PER_TURN = 128;

/** Events of `$all`. A count of 0 never ends: the server reads empty pages for as long as anybody listens. */
export function* readAll(
  index: NodeIndex,
  { from, count, backwards }: Extent<LogPosition>,
  filter: EventFilter,
): Generator<ReadResp | undefined> {
  const read = backwards ? pageBackwards : pageForwards;
  let [next, left, pages] = [from, count, 0];
  for (let page: Page | undefined; !page?.end; next = page.next) {
    page = pageOrError(() => read(index, next, filter, pageSize(count)));
    if (count === 0n || ++pages % PAGES_PER_TURN === 0) yield undefined;
    for (const event of page.events) {
      if (left-- === 0n) return;
      yield eventResponse(event);
    }
  }
}

function pageOrError(read: () => Page): Page {
  try {
    return read();
  } catch (error) {
    throw error instanceof InvalidPosition ? rpcErrors.unexpected('ReadAllResult', 'InvalidPosition') : error;
  }
}
