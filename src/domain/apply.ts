import { close, type OutcomeEvent } from './apply-outcome.js';
import { resume } from './apply-resume.js';
import { moment, startClock, stopClock } from './clock.js';
import { STATUS_BY_EVENT, type EventDataByType, type Particulars, type RecordedEvent } from './events.js';
import {
  draftOf,
  isUnclaimed,
  type Anomalies,
  type Draft,
  type ExistingExecution,
  type OpenExecution,
} from './execution.js';
import { compare, filled } from './identity.js';
import { isTerminal, type Authority, type OpenStatus, type Status } from './status.js';

const NO_ANOMALIES: Anomalies = { regressions: 0, dropped: 0, conflicts: 0, fenced: 0, superseded: 0 };

/** The state an opening event leaves: of a registration its own words, of anything else what a report would open. */
export function open(event: RecordedEvent): OpenExecution {
  const said = event.type === 'ExecutionRegistered' ? event.data : { created_by_report: true };
  const { created_by_report = false, ...description }: EventDataByType['ExecutionRegistered'] = said;
  return draftOf({
    status: 'pending',
    revision: event.revision,
    position: event.position,
    description,
    created_at: event.recorded_at,
    created_by_report,
    registrations: created_by_report ? [] : [{ digest: event.metadata.digest, revision: event.revision }],
    attempt: 1,
    unnumbered: false,
    dispatched: false,
    worker_ran: false,
    last_activity_at: event.recorded_at,
    deadline: description.deadline,
    timeout_ms: description.timeout_ms,
    clock_from: event.recorded_at,
    stood_ms: 0,
    anomalies: NO_ANOMALIES,
  }) as OpenExecution;
}

/** What an event that counts does to the state. */
export function apply(state: ExistingExecution, event: RecordedEvent, authority: Authority): ExistingExecution {
  // The one copy, filled in below.
  const next = draftOf(state);
  next.revision = event.revision;
  next.position = event.position;
  next.last_activity_at = event.recorded_at;
  return fill(next, event, authority) as ExistingExecution;
}

function fill(next: Draft, event: RecordedEvent, authority: Authority): Draft {
  switch (event.type) {
    case 'ExecutionDispatched':
      return dispatch(next, event);
    case 'ExecutionProgressed':
      return progress(next, event, authority);
    case 'HeartbeatRecorded':
      return note(next, event.data);
    case 'ExecutionResumed':
      return resume(next, event, authority);
    default: {
      const status = STATUS_BY_EVENT[event.type] as Status;
      // A reason is the reason of a status: the last one's would explain another.
      if (isTerminal(status) || status !== next.status) next.status_reason = undefined;
      note(next, event.data as Particulars);
      if (authority === 'worker') next.dispatched = true;
      if (isTerminal(status)) close(next, status, event as OutcomeEvent, authority);
      else move(next, status, event, authority);
      return next;
    }
  }
}

/** What any report may say of the work. */
function note(next: Draft, { worker, status_reason, message, data }: Particulars): Draft {
  if (worker !== undefined) next.worker = worker;
  if (status_reason !== undefined) next.status_reason = status_reason;
  if (message !== undefined) next.message = message;
  if (data !== undefined) next.data = data;
  return next;
}

function dispatch(next: Draft, { data }: RecordedEvent & { type: 'ExecutionDispatched' }): Draft {
  next.dispatched = true;
  if (data.handle !== undefined) next.handle = data.handle;
  if (next.status !== 'pending') return next;
  next.status = 'queued';
  next.status_reason = undefined;
  return next;
}

function progress(next: Draft, { data }: RecordedEvent & { type: 'ExecutionProgressed' }, authority: Authority): Draft {
  note(next, data);
  if (data.progress !== undefined) next.progress = data.progress;
  next.dispatched ||= authority === 'worker' && data.status !== 'pending';
  return next;
}

/** An event that says who the execution is. */
type DescribedEvent = RecordedEvent & { readonly type: 'ExecutionDescribed' };

/**
 * Fills what nobody had said, replaces nothing, wherever the execution stands: the identity is no attempt's, and nobody was
 * at work to say it. What contradicts it counts as a conflict.
 */
export function describe(state: ExistingExecution, { data, metadata, revision, position }: DescribedEvent) {
  const { fresh, contrary } = compare(data, state.description);
  const next = draftOf(state);
  next.revision = revision;
  next.position = position;
  if (fresh !== undefined) next.description = filled(state.description, fresh);
  // A resume may have said other ones, or dropped the one that stood: only what is new counts.
  next.deadline ??= fresh?.deadline;
  next.timeout_ms ??= fresh?.timeout_ms;
  if (data.by_report !== true && isUnclaimed(state) && !isTerminal(state.status)) {
    next.registrations = [...state.registrations, { digest: metadata.digest, revision }];
  }
  if (contrary !== undefined) next.anomalies = { ...state.anomalies, conflicts: state.anomalies.conflicts + 1 };
  return next as ExistingExecution;
}

/** The attempt comes to stand in an open status, or stands in it still. */
function move(next: Draft, status: OpenStatus, event: RecordedEvent, authority: Authority): void {
  if (status === 'paused') return pause(next, event);
  next.status = status;
  if (status === 'waiting') return stopClock(next, event.recorded_at);
  startClock(next, event.recorded_at);
  if (status === 'running') run(next, event, authority);
}

function pause(next: Draft, { recorded_at, revision }: RecordedEvent): void {
  // A second pause leaves the first one's moment and way back as they stand.
  if (next.status === 'paused') return;
  stopClock(next, recorded_at);
  next.paused_from = next.status as OpenExecution['status'];
  next.paused_at = recorded_at;
  next.paused_revision = revision;
  next.status = 'paused';
}

/** The attempt's start: its first `running`, or in a resumed attempt the worker's first. */
function run(next: Draft, event: RecordedEvent, authority: Authority): void {
  const workers = authority === 'worker';
  if (next.started === undefined || (workers && !next.worker_ran && next.attempt > 1)) {
    next.started = { ...moment(event, event.metadata.occurred_at), recorded_at: event.recorded_at };
  }
  next.worker_ran ||= workers;
}
