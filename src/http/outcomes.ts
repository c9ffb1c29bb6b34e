import type { Cascade, Child } from '../application/deciding/cascade-cancel.handler.js';
import { receiptOf } from '../application/deciding/receipt.js';
import type { DecisionResult } from '../application/request.js';
import type { EventDataByType } from '../domain/events.js';
import { isTerminal } from '../domain/status.js';
import { reportAs } from '../domain/stream.js';
import { failureOf } from './problem.filter.js';

/** People took a resume for a start, and waited for work that nobody did. */
export const STARTS_NOTHING =
  'The ledger starts no work: start it, and have its worker report with the id in report_as';

/** What a resume that won answers beside its receipt (docs/http-api.md, Commands). */
export function resumed({ event, executionId }: DecisionResult) {
  const { previous, takeover = false, attempt = 1 } = event!.data as EventDataByType['ExecutionResumed'];
  return {
    previous_status: previous?.status,
    takeover,
    attempt,
    report_as: reportAs(executionId, attempt),
    note: STARTS_NOTHING,
  };
}

/** What a pause answers beside its receipt, whether it won or found it paused. */
export function paused({ event, state }: DecisionResult) {
  const { previous_status = state.status } = (event?.data ?? {}) as Partial<EventDataByType['ExecutionPaused']>;
  const since = state.status === 'paused' ? state.paused_at : undefined;
  return { previous_status, paused_at: event?.recorded_at ?? since };
}

/** What a cancel answers beside its receipt, whether it won or not. */
export function cancelled({ event, state }: DecisionResult) {
  if (event) {
    const { previous_status } = event.data as EventDataByType['ExecutionCancelled'];
    return { cancelled: true, previous_status, cancelled_at: event.recorded_at };
  }
  if (state.status === 'none') return { cancelled: false };
  const over = isTerminal(state.status) ? { already_terminal: true as const } : {};
  return { cancelled: false, ...over, previous_status: state.status };
}

/** What keeps one execution of many from its verdict, as its receipt says it. */
export const failed = (executionId: string, error: unknown) => ({
  ...failureOf(error),
  execution_id: executionId,
});

const child = (one: Child) =>
  'failed' in one
    ? { ...failed(one.executionId, one.failed), cancelled: false }
    : { ...receiptOf(one), ...cancelled(one) };

/** What a cancel that cascades answers more. */
export const cascadeAnswer = ({ children, omitted }: Cascade) => ({
  children: children.map(child),
  ...(omitted === undefined ? {} : { children_omitted: omitted }),
});
