import type { RecordedEvent } from '../../domain/events.js';
import type { ExecutionState } from '../../domain/execution.js';
import { executionStream } from '../../domain/stream.js';
import { decode } from '../../event-store/codec.js';
import type { EventStore, StoredEvent } from '../../event-store/event-store.js';
import { StoreError } from '../../errors.js';
import { companionId } from './new-events.js';
import type { DecisionResult, LedgerRequest } from '../request.js';

/**
 * The answer to a request whose id is bound: the first receipt, word for word, where it says the same; `id_reused`
 * where it says something else (docs/semantics.md §3.0).
 */
export async function replay(
  store: EventStore,
  request: LedgerRequest,
  id: string,
  state: ExecutionState,
): Promise<DecisionResult> {
  const stored = await store.findEvent(executionStream(request.executionId), id);
  if (!stored) throw new StoreError('unavailable', 'the event that bears this id could not be read');
  if (stored.metadata.digest !== request.digest) {
    const { executionId } = request;
    return { verdict: 'id_reused', applied: false, replayed: false, executionId, created: false, state };
  }
  return receiptOf(store, request, stored, state);
}

/** The first receipt of a registration that is repeated without its id (docs/semantics.md §4, register). */
export async function replayRevision(
  store: EventStore,
  request: LedgerRequest,
  revision: number,
  state: ExecutionState,
): Promise<DecisionResult> {
  const [stored] = await store.readStream(executionStream(request.executionId), { fromRevision: revision, limit: 1 });
  if (!stored) throw new StoreError('unavailable', 'the event of the first registration could not be read');
  return receiptOf(store, request, stored, state);
}

async function receiptOf(
  store: EventStore,
  request: LedgerRequest,
  stored: StoredEvent,
  state: ExecutionState,
): Promise<DecisionResult> {
  return {
    verdict: 'applied',
    applied: true,
    replayed: true,
    executionId: request.executionId,
    event: recordedEvent(stored),
    created: await openedBy(store, stored),
    state,
  };
}

function recordedEvent(stored: StoredEvent): RecordedEvent {
  const decoded = decode(stored);
  if (decoded.kind !== 'ours') throw new StoreError('unreadable', `revision ${stored.revision} cannot be read`);
  return decoded.event;
}

/**
 * Whether the request whose last event this is also wrote the stream's first. The ids tell, for two requests that say the
 * same are still two: the first event is this one, or the first of those that go before it (see {@link companionId}).
 */
async function openedBy(store: EventStore, last: StoredEvent): Promise<boolean> {
  if (last.revision === 0) return true;
  if (last.revision >= MOST_EVENTS) return false;
  const [first] = await store.readStream(last.stream, { limit: 1 });
  return first?.eventId === companionId(last.eventId, 0);
}

/** How many events one request appends at most: a registration, its progress, its status. */
const MOST_EVENTS = 3;
