import type { ExecutionEvent, Instant } from './events.js';
import type { ExistingExecution, Results } from './execution.js';
import { compact } from './json.js';
import type { DecisionTime } from './decision-time.js';
import { authorityOf } from './verdict.js';

/** The reason of an attempt that a producer opened by its own number (docs/semantics.md §3.1). */
export const PRODUCER_RETRY = 'producer_retry';

/** What a resume may say besides the attempt. */
export interface ResumeOptions {
  readonly reason?: string | undefined;
  readonly unnumbered?: boolean | undefined;
  readonly deadline?: Instant | undefined;
  readonly timeout_ms?: number | undefined;
}

/** The event that opens `attempt`, or continues it; a deadline of the whole execution that has passed is dropped by it. */
export function resumedEvent(
  attempt: number,
  { reason, unnumbered, deadline, timeout_ms }: ResumeOptions,
  state: ExistingExecution,
  now: DecisionTime,
): ExecutionEvent {
  const passed = deadline === undefined && state.deadline !== undefined && state.deadline <= now.at;
  const { status } = state;
  const { error } = state as Results;
  return {
    type: 'ExecutionResumed',
    data: {
      ...compact({ reason, unnumbered: unnumbered || undefined, deadline, timeout_ms }),
      ...(passed ? { deadline_dropped: true } : {}),
      attempt,
      previous: { status, ...(error === undefined ? {} : { error }), authority: authorityOf(state) },
      takeover: status === 'running',
    },
  };
}
