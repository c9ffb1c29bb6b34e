import { decide } from '../../domain/decide.js';
import type { Decision } from '../../domain/decision.js';
import type { Description } from '../../domain/events.js';
import { evolve } from '../../domain/evolve.js';
import type { ExecutionState } from '../../domain/execution.js';
import type { DecisionTime } from '../../domain/decision-time.js';
import { NO_STREAM } from '../../domain/stream.js';
import type { AppendedEvents } from '../../event-store/append-outcome.js';
import type { NewEvent } from '../../event-store/event-store.js';
import { recorded, toAppend } from './new-events.js';
import type { PendingRequest } from './pending-request.js';
import type { DecisionResult, LedgerRequest } from '../request.js';

/** What is decided of a request: of a state that its caller did not expect, nothing. */
export interface RequestDecision extends Omit<Decision, 'verdict'> {
  readonly verdict: DecisionResult['verdict'];
}

const PRECONDITION_FAILED: RequestDecision = { verdict: 'precondition_failed', events: [], kept: false };

/** One request of a batch, decided on the state that those before it leave. */
export interface DecidedRequest {
  readonly pending: PendingRequest;
  readonly decision: RequestDecision;
  readonly events: readonly NewEvent[];
}

/** What a batch is decided with. */
export interface DecisionContext {
  readonly now: DecisionTime;
  readonly newEventId: () => string;
  /** How many requests may travel together. */
  readonly width: number;
  /** Whether what it says against the identity that stands was kept before. */
  readonly isKept: (request: LedgerRequest, contrary: Description) => boolean;
}

/**
 * The requests at the head of the queue that can travel together: as many as write, in order, each decided on what
 * those before it leave; or as many as write nothing.
 */
export function planBatch(
  queue: readonly PendingRequest[],
  state: ExecutionState,
  context: DecisionContext,
): DecidedRequest[] {
  const batch: DecidedRequest[] = [];
  const ids = new Set<string>();
  let working = state;
  for (const pending of queue) {
    const { id } = pending.request;
    if (batch.length >= context.width || (id !== undefined && ids.has(id))) break;
    const decided = tried(() => decideOne(pending, working, context), batch.length > 0);
    if (decided === undefined) break;
    const writes = decided.events.length > 0;
    if (batch.length > 0 && writes !== batch[0]!.events.length > 0) break;
    if (isGuarded(decided) && batch.length > 0) break;
    batch.push(decided);
    if (isGuarded(decided)) break;
    if (id !== undefined) ids.add(id);
    if (writes && queue.length > batch.length) working = fold(working, decided.events, context.now.at);
  }
  return batch;
}

/** One that cannot be decided fails alone: those before it go without it, and it comes first in the next batch. */
function tried<T>(decide: () => T, others: boolean): T | undefined {
  try {
    return decide();
  } catch (error) {
    if (others) return undefined;
    throw error;
  }
}

function decideOne(
  pending: PendingRequest,
  state: ExecutionState,
  { now, newEventId, isKept }: DecisionContext,
): DecidedRequest {
  const { request } = pending;
  const { ifMatch } = request;
  if (ifMatch && state.status !== 'none' && !ifMatch.includes(state.revision)) {
    return { pending, decision: PRECONDITION_FAILED, events: [] };
  }
  const decided = decide(request.input, state, now);
  const { contrary } = decided;
  const decision = contrary && isKept(request, contrary) ? { ...decided, contrary: undefined } : decided;
  return { pending, decision, events: toAppend(request, decision, () => (pending.eventId ??= newEventId())) };
}

/**
 * Something that is kept as refused, or what a request writes under an id without being applied: its append stands only while
 * that id is not bound. It travels alone.
 */
export const isGuarded = ({ decision, events, pending: { request } }: DecidedRequest): boolean =>
  decision.kept ||
  decision.contrary !== undefined ||
  (events.length > 0 && decision.verdict !== 'applied' && request.id !== undefined);

/** The state that the events will leave, taking the store's moment to be now; only for deciding what travels with them. */
function fold(state: ExecutionState, events: readonly NewEvent[], at: string): ExecutionState {
  const place = { revision: state.revision + events.length, position: state.position, recordedAt: at };
  return recorded(events, place).reduce(evolve, state);
}

/** What became of the requests of a batch that was appended. */
export function appendedBatch(
  batch: readonly DecidedRequest[],
  before: ExecutionState,
  outcome: AppendedEvents,
): DecisionResult[] {
  const events = recorded(
    batch.flatMap((decided) => decided.events),
    outcome,
  );
  let state = before;
  let end = 0;
  return batch.map(({ pending, decision, events: own }, index) => {
    state = events.slice(end, (end += own.length)).reduce(evolve, state);
    const { verdict } = decision;
    const applied = verdict === 'applied';
    return {
      verdict,
      applied,
      replayed: false,
      executionId: pending.request.executionId,
      created: index === 0 && before.revision === NO_STREAM,
      ...(applied ? { event: events[end - 1]! } : {}),
      state,
    };
  });
}

/** What became of a request whose verdict wrote nothing to the execution's stream. */
export function unwritten({ pending, decision }: DecidedRequest, state: ExecutionState): DecisionResult {
  const { verdict } = decision;
  const { executionId } = pending.request;
  return { verdict, applied: verdict === 'applied', replayed: false, executionId, created: false, state };
}

/** Those of a batch that have no answer yet. */
export const waitingStill = (batch: readonly DecidedRequest[]): PendingRequest[] =>
  batch.map(({ pending }) => pending).filter(({ isAnswered }) => !isAnswered);
