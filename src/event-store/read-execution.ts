import { evolve } from '../domain/evolve.js';
import { skip, type ExecutionState } from '../domain/execution.js';
import { executionStream } from '../domain/stream.js';
import { decode } from './codec.js';
import { StoreError, type EventStore, type StoredEvent } from './event-store.js';

const PAGE = 1000;

/** An event of ours that this program cannot read: writes on its execution are refused until it can (domain.md §6). */
export class UnreadableEvent extends StoreError {
  constructor(
    readonly stream: string,
    readonly revision: number,
    readonly reason: string,
  ) {
    super('unreadable', `${stream} has an event at revision ${revision} that cannot be read: ${reason}`);
  }
}

/** The state after one more stored event. @throws UnreadableEvent */
export function foldStored(state: ExecutionState, stored: StoredEvent): ExecutionState {
  const decoded = decode(stored);
  if (decoded.kind === 'ours') return evolve(state, decoded.event);
  if (decoded.kind === 'foreign') return stored.revision > state.revision ? skip(state, stored) : state;
  throw new UnreadableEvent(stored.stream, stored.revision, decoded.reason);
}

/**
 * The fold of an execution's stream from a state of it on, up to `until` (inclusive; default: the head).
 * @throws UnreadableEvent
 */
export async function readExecution(
  store: EventStore,
  executionId: string,
  from: ExecutionState,
  until = Number.MAX_SAFE_INTEGER,
): Promise<ExecutionState> {
  let state = from;
  for (;;) {
    const limit = Math.min(PAGE, until - state.revision);
    if (limit <= 0) return state;
    const page = await store.readStream(executionStream(executionId), { fromRevision: state.revision + 1, limit });
    for (const stored of page) state = foldStored(state, stored);
    if (page.length < limit) return state;
  }
}
