import { startClock } from './clock.js';
import type { RecordedEvent } from './events.js';
import { attemptMeant, type ExistingExecution, type OpenExecution, type PausedExecution } from './execution.js';
import { compact } from './json.js';

/** The event that continues a paused attempt or opens the next one. */
type ResumedEvent = RecordedEvent & { readonly type: 'ExecutionResumed' };

/** Continues the paused attempt where it stood, or opens the next one with nothing of the last. */
export function resume(state: ExistingExecution, event: ResumedEvent): OpenExecution {
  const same = attemptMeant(state, event.data.attempt) === state.attempt;
  return same && state.status === 'paused' ? continueAttempt(state, event) : openNext(state, event);
}

/** What a resume says of the deadlines and of its workers. */
function terms(state: ExistingExecution, { data }: ResumedEvent) {
  return {
    deadline: data.deadline ?? (data.deadline_dropped ? undefined : state.deadline),
    timeout_ms: data.timeout_ms ?? state.timeout_ms,
    unnumbered: data.unnumbered ?? false,
  };
}

function continueAttempt(state: PausedExecution, event: ResumedEvent): OpenExecution {
  const { paused_from, paused_at, paused_revision, ...rest } = state;
  const { recorded_at, data } = event;
  const anew = { clock_from: recorded_at, stood_ms: 0, standing_since: recorded_at };
  const timed = data.timeout_ms === undefined ? rest : { ...rest, ...anew };
  return compact({
    ...(paused_from === 'waiting' ? timed : startClock(timed, recorded_at)),
    ...terms(state, event),
    status: paused_from,
  }) as OpenExecution;
}

function openNext(state: ExistingExecution, event: ResumedEvent): OpenExecution {
  const { revision, position, description, created_at, created_by_report, registrations, anomalies } = state;
  const { recorded_at } = event;
  return compact({
    revision,
    position,
    description,
    created_at,
    created_by_report,
    registrations,
    anomalies,
    last_activity_at: recorded_at,
    ...terms(state, event),
    status: 'running',
    attempt: state.attempt + 1,
    dispatched: false,
    worker_ran: false,
    started: { at: recorded_at, reported: false, recorded_at },
    clock_from: recorded_at,
    stood_ms: 0,
  }) as OpenExecution;
}
