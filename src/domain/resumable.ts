import { after } from './clock.js';
import { deadlineOf, type ExecutionState, type ExistingExecution } from './execution.js';
import { answer } from './transitions.js';
import type { Instant } from './events.js';
import { STATUSES, type Status } from './status.js';
import type { DecisionTime } from './decision-time.js';

/**
 * The moment that whoever was last active before is silent (docs/semantics.md §4, strictly older); how a query says
 * {@link hasGoneStale}.
 */
export const staleBefore = (now: DecisionTime): Instant => after(now.at, -now.stale_after_ms);

/** Nothing heard for longer than `RESUME_STALE_AFTER`, or nobody knows since when. */
export const hasGoneStale = (last_activity_at: Instant | undefined, now: DecisionTime): boolean =>
  last_activity_at === undefined || Date.parse(now.at) - Date.parse(last_activity_at) > now.stale_after_ms;

/** Whether a resume would win (docs/semantics.md §4): the one predicate for the command, the query and the dashboard. */
export const isResumable = (state: ExecutionState, now: DecisionTime): boolean =>
  state.status !== 'none' &&
  answer(state.status, 'resume', () => hasGoneStale(state.last_activity_at, now)) === 'apply';

/** Open, not waiting or paused: the statuses in which something should be heard of an execution. */
export const EXPECTED_STATUSES: readonly Status[] = ['pending', 'queued', 'running'];
export const isExpected = (state: ExecutionState): state is ExistingExecution =>
  state.status !== 'none' && EXPECTED_STATUSES.includes(state.status);

/** The flag `stale` (docs/semantics.md §1): something should be heard of it, and was not. Shown, never judged. */
export const isStale = (state: ExecutionState, now: DecisionTime): boolean =>
  isExpected(state) && hasGoneStale(state.last_activity_at, now);

/** The statuses in which a deadline that has passed times the attempt out. */
const TIMED_OUT_FROM: ReadonlySet<Status> = new Set(
  STATUSES.filter((status) => answer(status, 'time_out', () => true) === 'apply'),
);

/** The deadline that a time-out would win by; while it waits or is paused, none would (docs/semantics.md §4). */
export const dueAt = (state: ExistingExecution): Instant | undefined =>
  TIMED_OUT_FROM.has(state.status) ? deadlineOf(state) : undefined;
