import type { RecordedEvent } from '../domain/events.js';
import { evolve } from '../domain/evolve.js';
import { skip, type ExecutionState } from '../domain/execution.js';
import { executionStream } from '../domain/stream.js';
import { decode } from './codec.js';
import type { LogReads, StoredEvent } from './event-store.js';
import { StoreError } from '../errors.js';
import { streamPages } from './stream-pages.js';

/** An event of ours that this program cannot read: writes on its execution are refused until it can (docs/semantics.md §6). */
export class UnreadableEvent extends StoreError {
  constructor(
    readonly stream: string,
    readonly revision: number,
    readonly reason: string,
  ) {
    super('unreadable', `${stream} has an event at revision ${revision} that cannot be read: ${reason}`);
  }
}

/** What one more stored event comes to: the state after it, and what kept it from counting. */
export interface FoldResult {
  readonly state: ExecutionState;
  /** Ours, and read. */
  readonly event?: RecordedEvent;
  /** How many of its members could not be read, and were left out. */
  readonly unread?: number;
  /** Of a type that is not ours: passed over. */
  readonly foreign?: true;
  /** Why it cannot be read; the state is the one before it. */
  readonly broken?: string;
}

/**
 * The one reading of a stored event (docs/semantics.md §6); its callers differ only in what they do about one that is
 * broken.
 */
export function foldEvent(state: ExecutionState, stored: StoredEvent): FoldResult {
  if (stored.revision <= state.revision) return { state };
  const decoded = decode(stored);
  if (decoded.kind === 'ours')
    return { state: evolve(state, decoded.event), event: decoded.event, unread: decoded.unread };
  if (decoded.kind === 'foreign') return { state: skip(state, stored), foreign: true };
  return { state, broken: decoded.reason };
}

/** The state after one more stored event, for those who decide. @throws UnreadableEvent */
export function foldStored(state: ExecutionState, stored: StoredEvent): ExecutionState {
  const folded = foldEvent(state, stored);
  if (folded.broken !== undefined) throw new UnreadableEvent(stored.stream, stored.revision, folded.broken);
  return folded.state;
}

/** As {@link foldStored}, for those who look: an event that cannot be read is passed over. */
export function foldLeniently(state: ExecutionState, stored: StoredEvent): ExecutionState {
  const folded = foldEvent(state, stored);
  return folded.broken === undefined ? folded.state : skip(state, stored);
}

/**
 * The fold of an execution's stream from a state of it on, up to `until` (inclusive; default: the head).
 * @throws UnreadableEvent
 */
export async function readExecution(
  store: LogReads,
  executionId: string,
  from: ExecutionState,
  until = Number.MAX_SAFE_INTEGER,
): Promise<ExecutionState> {
  let state = from;
  const rest = { fromRevision: from.revision + 1, limit: until - from.revision };
  for await (const page of streamPages(store, executionStream(executionId), rest))
    state = page.reduce(foldStored, state);
  return state;
}
