import { after, between, moment, type Moment } from './clock.js';
import type { RecordedEvent } from './events.js';
import type { ExistingExecution, PausedExecution, Results, Started, TerminalExecution } from './execution.js';
import { compact } from './json.js';
import type { Authority } from './status.js';

/** The event that ends an attempt. */
export type OutcomeEvent = Extract<
  RecordedEvent,
  { type: 'ExecutionSucceeded' | 'ExecutionFailed' | 'ExecutionTimedOut' | 'ExecutionCancelled' }
>;

/** What only a paused or a terminal state carries. */
type OfOtherStates = Partial<Pick<PausedExecution, 'paused_from' | 'paused_at' | 'paused_revision'> & Results>;

/** Ends the attempt. A worker's word replaces the guess it corrects; an operator's cancel keeps what it discards. */
export function close(
  state: ExistingExecution,
  status: TerminalExecution['status'],
  event: OutcomeEvent,
  authority: Authority,
): TerminalExecution {
  const { paused_from, paused_at, paused_revision, standing_since, ...others } = state as ExistingExecution &
    OfOtherStates;
  const { result, error, error_details, error_status_code, phase, duration_ms, ...rest } = others;
  const found = { result, error, error_details, error_status_code, phase, duration_ms };
  const completed = moment(event, event.data.completed_at, event.metadata.occurred_at);
  const discarded: { [K in keyof Results]?: Results[K] | undefined } = authority === 'operator' ? found : {};
  return compact({
    ...rest,
    started: rest.started ?? backDated(event, completed),
    status,
    authority,
    completed_at: completed.at,
    duration_ms: event.data.duration_ms ?? discarded.duration_ms ?? elapsed(rest.started, completed, event),
    result: event.data.result === undefined ? discarded.result : event.data.result,
    ...(status === 'succeeded' ? {} : errors(event, discarded)),
  }) as TerminalExecution;
}

const errors = ({ type, data }: OutcomeEvent, discarded: { [K in keyof Results]?: Results[K] | undefined }) => ({
  error: data.error ?? discarded.error,
  error_details: data.error_details === undefined ? discarded.error_details : data.error_details,
  error_status_code: data.error_status_code ?? discarded.error_status_code,
  phase: type === 'ExecutionFailed' ? (data.phase ?? 'execution') : discarded.phase,
});

/** An outcome that says how long the run took says when it began, where nobody had. */
function backDated(event: OutcomeEvent, completed: Moment): Started | undefined {
  const { duration_ms } = event.data;
  if (duration_ms === undefined) return undefined;
  return {
    at: after(completed.at, -duration_ms),
    reported: completed.reported,
    recorded_at: after(event.recorded_at, -duration_ms),
  };
}

/** The run's length on one clock: the reporter's where both ends are, else the ledger's (domain.md §2). */
function elapsed(started: Started | undefined, completed: Moment, event: OutcomeEvent): number | undefined {
  if (started === undefined) return undefined;
  return started.reported && completed.reported
    ? between(started.at, completed.at)
    : between(started.recorded_at, event.recorded_at);
}
