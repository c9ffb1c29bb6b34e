import { startClock } from './clock.js';
import type { RecordedEvent } from './events.js';
import { targetAttempt, draftOf, type Draft, type ExistingExecution } from './execution.js';
import { PRODUCER_RETRY } from './resume-event.js';
import type { Authority } from './status.js';

/** The event that continues a paused attempt or opens the next one. */
type ResumedEvent = RecordedEvent & { readonly type: 'ExecutionResumed' };

/** Continues the paused attempt where it stood, or opens the next one with nothing of the last. */
export function resume(next: Draft, event: ResumedEvent, authority: Authority): Draft {
  const attempt = targetAttempt(next as ExistingExecution, event.data.attempt);
  const continues = attempt === next.attempt && next.status === 'paused';
  const resumed = continues ? continueAttempt(next, event) : openAttempt(attempt, next, event, authority);
  return terms(resumed, event);
}

/** What a resume says of the deadlines and of its workers. */
function terms(next: Draft, { data }: ResumedEvent): Draft {
  next.deadline = data.deadline ?? (data.deadline_dropped ? undefined : next.deadline);
  next.timeout_ms = data.timeout_ms ?? next.timeout_ms;
  next.unnumbered = data.unnumbered ?? false;
  return next;
}

function continueAttempt(next: Draft, { recorded_at, data }: ResumedEvent): Draft {
  if (data.timeout_ms !== undefined) {
    next.clock_from = next.standing_since = recorded_at;
    next.stood_ms = 0;
  }
  next.status = next.paused_from!;
  next.status_reason = undefined;
  if (next.status !== 'waiting') startClock(next, recorded_at);
  next.paused_from = next.paused_at = next.paused_revision = undefined;
  return next;
}

/** Its work begins with whoever resumed it; a producer that opens its own next try says itself how far that is. */
function openAttempt(attempt: number, last: Draft, { recorded_at, data }: ResumedEvent, authority: Authority): Draft {
  const begun = authority !== 'worker' || data.reason !== PRODUCER_RETRY;
  const { revision, position, description, created_at, created_by_report, registrations, anomalies } = last;
  return draftOf({
    status: begun ? 'running' : 'pending',
    revision,
    position,
    description,
    created_at,
    created_by_report,
    registrations,
    attempt,
    unnumbered: false,
    dispatched: false,
    worker_ran: false,
    started: begun ? { at: recorded_at, reported: false, recorded_at } : undefined,
    last_activity_at: recorded_at,
    deadline: last.deadline,
    timeout_ms: last.timeout_ms,
    clock_from: recorded_at,
    stood_ms: 0,
    anomalies,
  });
}
