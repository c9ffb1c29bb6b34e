import { decideCommand } from './decide-command.js';
import { applied, conditionsOf, DUPLICATE, refused, type Decision, type Input } from './decision.js';
import { COMPLETED_WITH_ERROR, isBesideError } from './doubt.js';
import { particulars, STATUS_EVENTS, type ExecutionEvent, type Particulars } from './events.js';
import { targetAttempt, type ExecutionState, type ExistingExecution } from './execution.js';
import { fence } from './fence.js';
import { withIdentity } from './identity.js';
import { compact } from './json.js';
import { bringsNews, saysMore } from './repetition.js';
import type { Report } from './report.js';
import type { DecisionTime } from './decision-time.js';
import { PRODUCER_RETRY, resumedEvent } from './resume-event.js';
import { heartbeatEvents, decideHeartbeat } from './signs-of-life.js';
import { isTerminal, type OpenStatus, type Status, type TerminalStatus } from './status.js';
import { answer, type TransitionResult } from './transitions.js';

/** The one decision: a report or command against the state it meets (docs/semantics.md §3, §4). Pure and total. */
export const decide = (input: Input, state: ExecutionState, now: DecisionTime): Decision =>
  withIdentity(judge(input, state, now), input, state);

function judge(input: Input, state: ExecutionState, now: DecisionTime): Decision {
  switch (input.kind) {
    case 'report':
      return decideReport(input, state, now);
    case 'heartbeat':
      return decideHeartbeat(input, state, now);
    default:
      return decideCommand(input, state, now);
  }
}

// Reports (docs/semantics.md §3)

function decideReport(report: Report, state: ExecutionState, now: DecisionTime): Decision {
  const told = report.mode === 'strict';
  if (typeof report.status === 'object') return refused('unsupported_status', !told);
  if (state.status === 'none') {
    if (told) return refused('not_found');
    return (report.attempt ?? 1) > 1 ? refused('unknown_attempt') : applied(...opening(report, report.status));
  }
  const attempt = targetAttempt(state, report.attempt);
  if (opensAttempt(report, attempt, state))
    return applied(
      resumedEvent(attempt, { reason: PRODUCER_RETRY }, state, now),
      ...firstEvents(report, report.status, attempt),
    );
  const fencing = fence(state, attempt);
  if (fencing) return refused(fencing, true);
  const verdict = answer(state.status, report.status ?? 'progress', conditionsOf(report, state, now));
  return settleReport(verdict, report, report.status, state, now);
}

/** A scheduler that numbers its own tries says the first word of the next one (docs/semantics.md §3.1). */
const opensAttempt = (report: Report, attempt: number, { status, attempt: current }: ExistingExecution): boolean =>
  attempt > current &&
  report.counts_attempts === true &&
  report.status !== undefined &&
  report.authority === 'worker' &&
  (status === 'failed' || status === 'timeout');

function settleReport(
  verdict: TransitionResult,
  report: Report,
  status: Status | undefined,
  state: ExistingExecution,
  now: DecisionTime,
): Decision {
  switch (verdict) {
    case 'apply':
      return applied(...eventsOf(report, status, state));
    case 'same':
      return sameStatus(report, status as Exclude<Status, TerminalStatus>, state, now);
    case 'duplicate':
      return { ...DUPLICATE, kept: saysMore(report, state) };
    default:
      return refused(verdict, true);
  }
}

/**
 * The standing status once more: news, the worker's first word in a resumed attempt, or a sign of life
 * (docs/semantics.md §3.4).
 */
function sameStatus(
  report: Report,
  status: Exclude<Status, TerminalStatus>,
  state: ExistingExecution,
  now: DecisionTime,
): Decision {
  const first = status === 'running' && report.authority === 'worker' && state.attempt > 1 && !state.worker_ran;
  if (first) return applied(...eventsOf(report, status, state));
  return bringsNews(report, state)
    ? applied(progressed(report, state.attempt, status))
    : { ...DUPLICATE, events: heartbeatEvents(report, state, now), kept: saysMore(report, state) };
}

/** The stream's first events: the execution is registered by what was said of it. */
function opening(report: Report, status: Status | undefined): ExecutionEvent[] {
  const registered: ExecutionEvent = {
    type: 'ExecutionRegistered',
    data: { ...report.description, created_by_report: true },
  };
  return [registered, ...firstEvents(report, status, 1)];
}

/** What follows the event that opened an attempt, which leaves it pending. */
function firstEvents(report: Report, status: Status | undefined, attempt: number): ExecutionEvent[] {
  if (status !== undefined && status !== 'pending') return eventsOf(report, status, { status: 'pending', attempt });
  return bringsNews(report, {}) ? [progressed(report, attempt, status)] : [];
}

const progressed = (report: Report, attempt: number, status?: OpenStatus): ExecutionEvent => ({
  type: 'ExecutionProgressed',
  data: compact({ attempt, progress: report.progress, status, ...particulars(report) }) as Particulars & {
    attempt: number;
  },
});

/** Where an execution stands as a report meets it. */
type CurrentAttempt = Pick<ExistingExecution, 'status' | 'attempt'>;

/** The events of an applied report: its progress first, its status last, so that a terminal ends the history. */
function eventsOf(report: Report, status: Status | undefined, from: CurrentAttempt): ExecutionEvent[] {
  const { attempt } = from;
  if (status === undefined || status === 'pending') return [progressed(report, attempt, status)];
  const brought = report.progress === undefined ? [] : [broughtAlong(report.progress, status, attempt)];
  return [...brought, statusEvent(report, status, from)];
}

/** What came with an outcome says so: a correction's progress counts where lone news of a closed attempt may not. */
const broughtAlong = (progress: number, status: Status, attempt: number): ExecutionEvent => ({
  type: 'ExecutionProgressed',
  data: { attempt, progress, ...(isTerminal(status) ? { outcome: status } : {}) },
});

function statusEvent(report: Report, status: Exclude<Status, 'pending'>, from: CurrentAttempt): ExecutionEvent {
  const { attempt } = from;
  const told = { attempt, ...particulars(report) };
  if (status === 'paused') return { type: STATUS_EVENTS[status], data: { ...told, authority: report.authority } };
  if (!isTerminal(status)) return { type: STATUS_EVENTS[status], data: told };
  const { authority, result, error, error_details, error_status_code, duration_ms, completed_at } = report;
  const succeeded = status === 'succeeded';
  const data = compact({
    ...told,
    status_reason: report.status_reason ?? (succeeded && isBesideError(report) ? COMPLETED_WITH_ERROR : undefined),
    authority,
    result,
    error,
    error_details,
    error_status_code,
    duration_ms,
    completed_at,
    doubt: succeeded ? report.doubt : undefined,
    phase: status === 'failed' ? 'execution' : undefined,
    previous_status: status === 'cancelled' ? from.status : undefined,
  });
  return { type: STATUS_EVENTS[status], data } as ExecutionEvent;
}
