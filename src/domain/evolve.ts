import { apply, describe, open } from './apply.js';
import { conditionHolds } from './decision.js';
import { STATUS_BY_EVENT, type RecordedEvent } from './events.js';
import { targetAttempt, skip, type Anomalies, type ExecutionState, type ExistingExecution } from './execution.js';
import { AUTHORITIES, isTerminal, type Authority, type Status } from './status.js';
import { answer, type TransitionResult, type Move } from './transitions.js';

/** Which counter an event that changes nothing moves (docs/semantics.md §6). */
const COUNTER: Partial<Record<TransitionResult, keyof Anomalies>> = {
  regression: 'regressions',
  conflict: 'conflicts',
  fenced: 'fenced',
  unknown_attempt: 'fenced',
  superseded: 'superseded',
};

/** The weaker of what the event and its reporter claim; at most a worker where nobody vouches (docs/semantics.md §6). */
export function authorityOfEvent(event: RecordedEvent): Authority {
  const claimed = ('authority' in event.data ? event.data.authority : undefined) ?? 'operator';
  const reporter = event.metadata.reporter?.authority ?? 'worker';
  return AUTHORITIES.indexOf(claimed) > AUTHORITIES.indexOf(reporter) ? claimed : reporter;
}

/** Which move of the table an event stands for: a command where only a command can have written it. */
function moveOf(event: RecordedEvent, authority: Authority): Move {
  switch (event.type) {
    case 'ExecutionCancelled':
      return authority === 'operator' ? 'cancel' : 'cancelled';
    case 'ExecutionPaused':
      return authority === 'operator' ? 'pause' : 'paused';
    case 'ExecutionFailed':
      return authority === 'watchdog' && (event.data.phase ?? 'execution') !== 'execution' ? 'abort' : 'failed';
    case 'ExecutionDispatched':
      return 'dispatch';
    case 'ExecutionResumed':
      return 'resume';
    case 'ExecutionProgressed':
      // What came with an outcome stands or falls with it: a correction may bring progress, lone news may not.
      return event.data.outcome !== undefined && isTerminal(event.data.outcome) ? event.data.outcome : 'progress';
    case 'HeartbeatRecorded':
      return 'heartbeat';
    default:
      return STATUS_BY_EVENT[event.type] as Status;
  }
}

/** How an event's attempt fails to be the current one; undefined where it does not. */
function fencing(state: ExistingExecution, event: RecordedEvent): TransitionResult | undefined {
  const target = targetAttempt(state, (event.data as { attempt?: number }).attempt);
  const opensNext = event.type === 'ExecutionResumed' && target > state.attempt;
  const staysOpen = event.type !== 'ExecutionResumed' || state.status === 'paused';
  if (opensNext || (target === state.attempt && staysOpen)) return undefined;
  return target < state.attempt ? 'fenced' : target > state.attempt ? 'unknown_attempt' : 'dropped';
}

function answerTo(state: ExistingExecution, event: RecordedEvent, authority: Authority): TransitionResult {
  return (
    fencing(state, event) ??
    // A second registration adds nothing; a description may come at any time, and is no move.
    (event.type === 'ExecutionRegistered'
      ? 'dropped'
      : answer(state.status, moveOf(event, authority), (condition) =>
          conditionHolds(condition, state, authority, false, undefined),
        ))
  );
}

/**
 * The fold: the state after one more event (docs/semantics.md §6). Total: it answers every event in every state, and what the
 * write side would have refused changes nothing but the place and the anomalies.
 */
export function evolve(state: ExecutionState, event: RecordedEvent): ExecutionState {
  if (event.revision <= state.revision) return state; // read twice: changes nothing
  if (state.status === 'none') {
    const opened = open(event);
    return event.type === 'ExecutionRegistered' ? opened : evolve({ ...opened, revision: event.revision - 1 }, event);
  }
  if (event.type === 'ExecutionDescribed') return describe(state, event);
  const authority = authorityOfEvent(event);
  const verdict = answerTo(state, event, authority);
  if (verdict === 'apply' || verdict === 'same') return apply(state, event, authority);
  const moved = skip(state, event);
  if (verdict === 'duplicate') return moved;
  const counter = COUNTER[verdict] ?? 'dropped';
  return { ...moved, anomalies: { ...moved.anomalies, [counter]: moved.anomalies[counter] + 1 } };
}
