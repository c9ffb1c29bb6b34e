import { hash } from 'node:crypto';
import { executionRow, executionStatus, stateOf } from '../../projections/execution-status.js';
import { stringifyJson } from '../encoding/json.js';
import type { EventMetadata } from '../domain/events.js';
import { initial, type ExecutionState, type ExistingExecution } from '../domain/execution.js';
import type { Json, JsonObject } from '../domain/json.js';
import { executionStream, NO_STREAM } from '../domain/stream.js';
import type { LogReads, NewEvent, StoredEvent } from './event-store.js';
import { foldStored } from './read-execution.js';
import { streamPages } from './stream-pages.js';

/** After how many events without one the next append carries the fold before it. */
export const MARK_EVERY = 500;
/** From how many unread events on a stream is read backwards. */
const LONG_TAIL = 200;
/** How far back a mark is looked for before the stream is folded from what is known. */
const LOOK_BACK = 4 * MARK_EVERY;
/** Read at a time on the way back: the last mark is rarely far. */
const PAGE = 250;
/** What lies between is held until it can be folded: of large events no more than so many pages. */
const MOST_PAGES = 16;
/** The largest fold that an event carries, in characters of JSON; a larger one is read from its events. */
const MARK_MAX = 64 * 1024;

/**
 * The fold of a stream before an event, which that event's metadata carry: whoever comes to a long stream reads back to it
 * instead of to the first event. It is the stream that proves it: the event was appended at the revision that this fold was
 * decided on. A row of a table proves nothing: another program or a hand may have changed it.
 */
interface FoldMark {
  /** Of the fold's code, as the rows of `execution-status` count it: another program's fold is none of ours. */
  readonly version: number;
  readonly revision: number;
  readonly position: string;
  readonly state: Json;
  readonly payload: Json;
  /** Of all this and the stream's name: metadata that somebody copied to another event are no mark of it. */
  readonly digest: string;
}

/** A state, and the revision of the last mark in its stream; {@link NO_STREAM} where none is known. */
export interface MarkedState {
  readonly state: ExecutionState;
  readonly marked: number;
}

/** Before anything is known of an execution. */
export const UNKNOWN: MarkedState = { state: initial, marked: NO_STREAM };

const textOf = (
  executionId: string,
  { version, revision, position, state, payload }: Omit<FoldMark, 'digest'>,
): string => stringifyJson([executionId, version, revision, position, state, payload]);

function markOf(executionId: string, state: ExistingExecution): FoldMark | undefined {
  const { state: light, payload } = executionRow(executionId, state);
  const { version } = executionStatus;
  const mark = { version, revision: state.revision, position: String(state.position), state: light, payload };
  const text = textOf(executionId, mark);
  return text.length > MARK_MAX ? undefined : { ...mark, digest: hash('sha256', text, 'base64url') };
}

/** The events of an append at this state, the first with its mark where one is due. */
export function withMark(
  executionId: string,
  { state, marked }: MarkedState,
  events: readonly NewEvent[],
): { readonly events: readonly NewEvent[]; readonly marked: number } {
  const due = state.status !== 'none' && state.revision - marked >= MARK_EVERY;
  const fold = due ? markOf(executionId, state) : undefined;
  const [first, ...rest] = events;
  if (fold === undefined || first === undefined) return { events, marked };
  return { events: [{ ...first, metadata: { ...first.metadata, fold } }, ...rest], marked: state.revision };
}

/** The fold before an event, where the event carries one that this program can go on from. */
function readMark(executionId: string, stored: StoredEvent): ExistingExecution | undefined {
  const { fold } = (stored.metadata ?? {}) as EventMetadata & { readonly fold?: Partial<FoldMark> };
  if (typeof fold !== 'object' || fold === null || fold.version !== executionStatus.version) return undefined;
  const { digest, ...mark } = fold as FoldMark;
  if (mark.revision !== stored.revision - 1) return undefined;
  if (hash('sha256', textOf(executionId, mark), 'base64url') !== digest) return undefined;
  const { revision, position, state, payload } = mark;
  return stateOf({
    state: state as JsonObject,
    payload: payload as JsonObject | null,
    revision,
    position: BigInt(position),
  });
}

/** Wherever the stream ends. */
export const HEAD = Number.MAX_SAFE_INTEGER;

/**
 * The fold of a stream up to a revision (inclusive; {@link HEAD}: all of it), read backwards to what is known or to its last
 * mark; undefined where that is not worth it: little is unread, or neither is near.
 * @throws UnreadableEvent
 */
export async function readFromMark(
  store: Pick<LogReads, 'readStream'>,
  executionId: string,
  known: MarkedState,
  upTo = HEAD,
): Promise<MarkedState | undefined> {
  if (upTo - known.state.revision <= LONG_TAIL) return undefined;
  const tail: StoredEvent[] = [];
  let pages = 0;
  const from = (base: MarkedState): MarkedState => ({ ...base, state: tail.reverse().reduce(foldStored, base.state) });
  const place = upTo === HEAD ? {} : { fromRevision: upTo };
  const back = { direction: 'backwards', limit: LOOK_BACK, page: PAGE, ...place } as const;
  for await (const page of streamPages(store, executionStream(executionId), back)) {
    if (++pages > MOST_PAGES) return undefined;
    for (const stored of page) {
      if (stored.revision <= known.state.revision) return from(known);
      tail.push(stored);
      const state = readMark(executionId, stored);
      if (state) return from({ state, marked: state.revision });
      if (stored.revision === 0) return from(UNKNOWN);
    }
  }
  return undefined;
}
