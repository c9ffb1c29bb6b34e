import { after, between, moment, type Moment } from './clock.js';
import { isDoubtful } from './doubt.js';
import type { RecordedEvent, STATUS_EVENTS } from './events.js';
import type { Draft, StartMoment } from './execution.js';
import type { Authority, TerminalStatus } from './status.js';

/** The event that ends an attempt. */
export type OutcomeEvent = Extract<RecordedEvent, { type: (typeof STATUS_EVENTS)[TerminalStatus] }>;

/** Ends the attempt. A worker's word replaces the guess it corrects; an operator's cancel keeps what it discards. */
export function close(next: Draft, status: TerminalStatus, event: OutcomeEvent, authority: Authority): void {
  const { data } = event;
  const completed = moment(event, data.completed_at, event.metadata.occurred_at);
  if (authority !== 'operator') discard(next);
  next.paused_from = next.paused_at = next.paused_revision = next.standing_since = undefined;
  next.duration_ms = data.duration_ms ?? next.duration_ms ?? elapsed(next.started, completed, event);
  next.started ??= backDated(event, completed);
  next.status = status;
  next.authority = authority;
  next.completed_at = completed.at;
  next.doubt = status === 'succeeded' && isDoubtful(data) ? true : undefined;
  if (data.result !== undefined) next.result = data.result;
  if (status === 'succeeded') forgetError(next);
  else blame(next, event);
}

function discard(next: Draft): void {
  next.result = next.duration_ms = undefined;
  forgetError(next);
}

function forgetError(next: Draft): void {
  next.error = next.error_details = next.error_status_code = next.phase = undefined;
}

function blame(next: Draft, { type, data }: OutcomeEvent): void {
  next.error = data.error ?? next.error;
  if (data.error_details !== undefined) next.error_details = data.error_details;
  next.error_status_code = data.error_status_code ?? next.error_status_code;
  if (type === 'ExecutionFailed') next.phase = data.phase ?? 'execution';
}

/** An outcome that says how long the run took says when it began, where nobody had. */
function backDated(event: OutcomeEvent, completed: Moment): StartMoment | undefined {
  const { duration_ms } = event.data;
  if (duration_ms === undefined) return undefined;
  return {
    at: after(completed.at, -duration_ms),
    reported: completed.reported,
    recorded_at: after(event.recorded_at, -duration_ms),
  };
}

/** The run's length on one clock: the reporter's where both ends are, else the ledger's (docs/semantics.md §2). */
function elapsed(started: StartMoment | undefined, completed: Moment, event: OutcomeEvent): number | undefined {
  if (started === undefined) return undefined;
  return started.reported && completed.reported
    ? between(started.at, completed.at)
    : between(started.recorded_at, event.recorded_at);
}
