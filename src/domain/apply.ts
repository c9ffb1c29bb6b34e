import { close, type OutcomeEvent } from './apply-outcome.js';
import { resume } from './apply-resume.js';
import { moment, startClock, stopClock } from './clock.js';
import {
  particulars,
  type EventDataByType,
  type ExecutionEvent,
  type Particulars,
  type RecordedEvent,
} from './events.js';
import type { Anomalies, ExistingExecution, OpenExecution, PausedExecution } from './execution.js';
import { compact } from './json.js';
import { isTerminal, type Authority, type OpenStatus, type Status } from './status.js';

const NO_ANOMALIES: Anomalies = { regressions: 0, dropped: 0, conflicts: 0, fenced: 0, superseded: 0 };

/** The status an event names. */
export const NAMES: Partial<Record<ExecutionEvent['type'], Status>> = {
  ExecutionQueued: 'queued',
  ExecutionStarted: 'running',
  ExecutionWaiting: 'waiting',
  ExecutionPaused: 'paused',
  ExecutionSucceeded: 'succeeded',
  ExecutionFailed: 'failed',
  ExecutionTimedOut: 'timeout',
  ExecutionCancelled: 'cancelled',
};

/** The state an opening event leaves: of a registration its own words, of anything else what a report would open. */
export function open(event: RecordedEvent): OpenExecution {
  const said = event.type === 'ExecutionRegistered' ? event.data : { created_by_report: true };
  const {
    created_by_report = false,
    deadline,
    timeout_ms,
    ...description
  }: EventDataByType['ExecutionRegistered'] = said;
  return compact({
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
    deadline,
    timeout_ms,
    clock_from: event.recorded_at,
    stood_ms: 0,
    anomalies: NO_ANOMALIES,
  } as const);
}

/** A state of this event's own, on its way to being the next one. */
type Draft = ExistingExecution & { dispatched: boolean; progress?: number };

/** What an event that counts does to the state. */
export function apply(state: ExistingExecution, event: RecordedEvent, authority: Authority): ExistingExecution {
  const { revision, position, recorded_at: last_activity_at } = event;
  // One copy, filled in below: copying a state is what folding costs.
  const alive = { ...state, revision, position, last_activity_at } as Draft;
  switch (event.type) {
    case 'ExecutionDescribed':
      return describe(alive, event);
    case 'ExecutionDispatched':
      return dispatch(alive, event);
    case 'ExecutionProgressed':
      return progress(alive, event, authority);
    case 'HeartbeatRecorded':
      return Object.assign(alive, particulars(event.data));
    case 'ExecutionResumed':
      return resume(alive, event);
    default: {
      const status = NAMES[event.type] as Status;
      Object.assign(alive, particulars(event.data as Particulars));
      if (authority === 'worker') alive.dispatched = true;
      return isTerminal(status)
        ? close(alive, status, event as OutcomeEvent, authority)
        : move(alive, status, event, authority);
    }
  }
}

function dispatch(state: ExistingExecution, event: RecordedEvent & { type: 'ExecutionDispatched' }): ExistingExecution {
  const { handle } = event.data;
  return {
    ...state,
    dispatched: true,
    ...(handle === undefined ? {} : { handle }),
    ...(state.status === 'pending' ? { status: 'queued' } : {}),
  } as ExistingExecution;
}

function progress(
  alive: Draft,
  event: RecordedEvent & { type: 'ExecutionProgressed' },
  authority: Authority,
): ExistingExecution {
  const { progress, status } = event.data;
  Object.assign(alive, particulars(event.data));
  if (progress !== undefined) alive.progress = progress;
  alive.dispatched ||= authority === 'worker' && status !== 'pending';
  return alive;
}

/** Fills what nobody had said, replaces nothing. */
function describe(state: ExistingExecution, event: RecordedEvent & { type: 'ExecutionDescribed' }): ExistingExecution {
  const { attempt: _, deadline, timeout_ms, labels, ...rest } = event.data;
  return compact({
    ...state,
    description: {
      ...rest,
      ...state.description,
      ...(labels || state.description.labels ? { labels: { ...labels, ...state.description.labels } } : {}),
    },
    deadline: state.deadline ?? deadline,
    timeout_ms: state.timeout_ms ?? timeout_ms,
    registrations: [...state.registrations, { digest: event.metadata.digest, revision: event.revision }],
  }) as ExistingExecution;
}

/** The attempt comes to stand in an open status, or stands in it still. */
function move(
  state: ExistingExecution,
  status: OpenStatus,
  event: RecordedEvent,
  authority: Authority,
): ExistingExecution {
  const at = event.recorded_at;
  if (status === 'waiting') return { ...stopClock(state, at), status } as OpenExecution;
  if (status === 'paused') return pause(state, event);
  const ticking = { ...startClock(state, at), status } as OpenExecution;
  return status === 'running' ? run(ticking, event, authority) : ticking;
}

function pause(state: ExistingExecution, event: RecordedEvent): ExistingExecution {
  // A second pause leaves the first one's moment and way back as they stand.
  if (state.status === 'paused') return state;
  return {
    ...stopClock(state, event.recorded_at),
    status: 'paused',
    paused_from: state.status,
    paused_at: event.recorded_at,
    paused_revision: event.revision,
  } as PausedExecution;
}

/** The attempt's start: its first `running`, or in a resumed attempt the worker's first. */
function run(state: OpenExecution, event: RecordedEvent, authority: Authority): OpenExecution {
  const workers = authority === 'worker';
  const first = state.started === undefined || (workers && !state.worker_ran && state.attempt > 1);
  const started = { ...moment(event, event.metadata.occurred_at), recorded_at: event.recorded_at };
  return { ...state, worker_ran: state.worker_ran || workers, ...(first ? { started } : {}) };
}
