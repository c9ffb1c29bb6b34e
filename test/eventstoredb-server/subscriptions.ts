import { InvalidPosition, pageForwards, type Page } from './all-pages.js';
import { PAGE, type EventFilter } from './filter.js';
import { LiveQueue, type Wanted } from './live-queue.js';
import { DELETED, type StoredEvent } from './log.js';
import type { NodeIndex } from './node-index.js';
import { at, BEFORE_ALL, compare, toWire, type LogPosition } from './position.js';
import { rpcErrors } from './rpc-error.js';

/** What a subscription says, in the order the server says it. */
export type Notice =
  | { readonly kind: 'confirmed' | 'caught-up' }
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | { readonly kind: 'checkpoint'; readonly position: LogPosition };

/** How one kind of subscription goes along its events. */
interface Track<Place> {
  /** The place it begins after, and the last one there was when it began. */
  readonly after: Place;
  readonly last: Place;
  readonly wanted: Wanted;
  placeOf(event: StoredEvent): Place;
  compare(a: Place, b: Place): number;
  /** Sends what lies after a place, and answers the place reached. */
  catchUp(after: Place): Generator<Notice, Place>;
  /** What it says before it reads again what it lost. */
  fellBehind(at: Place): readonly Notice[];
}

/** Confirmed, then in turns: catching up by reading, and following live until more happens at once than is held. */
export async function* subscribe<Place>(
  index: NodeIndex,
  track: Track<Place>,
  signal: AbortSignal,
): AsyncGenerator<Notice> {
  const live = new LiveQueue(index, track.wanted, signal);
  try {
    yield { kind: 'confirmed' };
    let place = track.after;
    if (track.compare(place, track.last) >= 0) place = yield* follow(live, track, place);
    while (!signal.aborted) {
      place = yield* track.catchUp(place);
      place = yield* follow(live, track, place);
    }
  } finally {
    live.close();
  }
}

async function* follow<Place>(live: LiveQueue, track: Track<Place>, from: Place): AsyncGenerator<Notice, Place> {
  yield { kind: 'caught-up' };
  let place = from;
  for (let entry; (entry = await live.next());) {
    const entryPlace = track.placeOf(entry.event);
    const order = track.compare(entryPlace, place);
    if (entry.checkpoint ? order < 0 : order <= 0) continue;
    if (entry.gap) {
      yield* track.fellBehind(place);
      return place;
    }
    yield entry.checkpoint
      ? { kind: 'checkpoint', position: at(entry.event.position) }
      : { kind: 'event', event: entry.event };
    place = entryPlace;
  }
  return place;
}

/** Events of `$all`; `mayRead` throws where a node will not let this reader read. */
export function allTrack(
  index: NodeIndex,
  from: 'start' | 'end' | LogPosition,
  filter: EventFilter,
  mayRead: () => void,
): Track<LogPosition> {
  const last = at(index.last);
  return {
    after: from === 'start' ? BEFORE_ALL : from === 'end' ? last : from,
    last,
    wanted: { wants: (event) => filter.allows(event), checkpointEvery: filter.checkpointEvery },
    placeOf: ({ position }) => at(position),
    compare,
    catchUp: (after) => catchUpWithAll(index, after, filter, mayRead),
    fellBehind: (position) => (filter.checkpointEvery === undefined ? [] : [{ kind: 'checkpoint', position }]),
  };
}

/** A checkpoint names where a page began, or the last event sent; before either, the largest number there is. */
function* catchUpWithAll(
  index: NodeIndex,
  after: LogPosition,
  filter: EventFilter,
  mayRead: () => void,
): Generator<Notice, LogPosition> {
  const every = filter.checkpointEvery ?? Infinity;
  let [place, next, considered] = [after, after.commit < 0n ? at(0n) : after, 0];
  for (;;) {
    mayRead();
    const page = pageOf(index, next, filter);
    for (const event of page.events.filter(({ position }) => compare(at(position), after) > 0)) {
      yield { kind: 'event', event };
      place = at(event.position);
    }
    considered += page.considered;
    const due = considered >= every;
    if (due && !page.end && compare(place, page.current) < 0) place = page.current;
    if (due || (page.end && every < Infinity)) yield { kind: 'checkpoint', position: place };
    if (page.end) return place;
    if (due) considered %= every;
    next = page.next;
  }
}

function pageOf(index: NodeIndex, from: LogPosition, filter: EventFilter): Page {
  try {
    return pageForwards(index, from, filter);
  } catch (error) {
    throw error instanceof InvalidPosition ? rpcErrors.invalidPosition() : error;
  }
}

/** A checkpoint is said once, and never one before it: after the largest number there is no other. */
export async function* withoutStaleCheckpoints(notices: AsyncGenerator<Notice>): AsyncGenerator<Notice> {
  let latest: LogPosition | undefined;
  const onWire = ({ commit, prepare }: LogPosition): LogPosition => ({
    commit: BigInt(toWire(commit)),
    prepare: BigInt(toWire(prepare)),
  });
  for await (const notice of notices) {
    if (notice.kind === 'checkpoint') {
      const position = onWire(notice.position);
      if (latest && compare(position, latest) <= 0) continue;
      latest = position;
    }
    yield notice;
  }
}

/** The tombstone of a stream is the last thing said of it. */
export async function* untilTombstone(notices: AsyncGenerator<Notice>, stream: string): AsyncGenerator<Notice> {
  for await (const notice of notices) {
    yield notice;
    if (notice.kind === 'event' && notice.event.revision === DELETED) throw rpcErrors.streamDeleted(stream);
  }
}

/** Events of one stream. */
export function streamTrack(
  index: NodeIndex,
  stream: string,
  from: 'start' | 'end' | bigint,
  mayRead: () => void,
): Track<bigint> {
  const last = index.lastRevision(stream);
  return {
    after: from === 'start' ? -1n : from === 'end' ? last : from,
    last,
    wanted: { wants: (event) => event.stream === stream },
    placeOf: ({ revision }) => revision,
    compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
    catchUp: (after) => catchUpWithStream(index, stream, after, mayRead),
    fellBehind: () => [],
  };
}

function* catchUpWithStream(
  index: NodeIndex,
  stream: string,
  after: bigint,
  mayRead: () => void,
): Generator<Notice, bigint> {
  for (let place = after; ;) {
    mayRead();
    const view = index.view(stream);
    if (view === 'deleted') throw rpcErrors.streamDeleted(stream);
    const page = view === 'missing' ? [] : view.events.filter(({ revision }) => revision > place).slice(0, PAGE);
    for (const event of page) yield { kind: 'event', event };
    const end = page.at(-1);
    if (!end) return place;
    place = end.revision;
  }
}
