import * as z from 'zod';
import { absentable, attempt, executionId, json, labels, plainExecutionId, requestId } from './primitives.js';
import { instant, measure, measuredMilliseconds, percent } from '../encoding/readings.js';

const text = absentable(z.string());
const flag = absentable(z.boolean());

/*
 * Producers send more than we know: what no schema here names is left out of what was read, so that nobody reads a field
 * that nothing has looked at. A report is kept, and told from another by its digest, as it came.
 */

/** What any report may carry beside its status. */
const news = {
  progress: absentable(percent),
  message: text,
  data: json.optional(),
  status_reason: text,
  worker: text,
  attempt: absentable(attempt),
  event_id: absentable(requestId),
  occurred_at: absentable(instant),
};

const outcome = {
  result: json.optional(),
  error: json.optional().meta({ description: 'A string; an object is kept whole in error_details' }),
  error_details: absentable(json),
  error_status_code: absentable(measure),
  duration_ms: absentable(measuredMilliseconds),
  completed_at: absentable(instant),
  inferred: flag.meta({ description: 'Inferred by somebody else than the worker: lowers the authority to watchdog' }),
};

/** What a report with a status may say of who the execution is. */
const identity = {
  workflow_id: text,
  run_id: text,
  reasoner_id: text,
  type: text,
  agent_node_id: text,
  target: text,
  kind: text,
  labels: absentable(labels),
  parent_execution_id: absentable(plainExecutionId),
  parent_workflow_id: text,
  input_data: absentable(json),
};

/** `POST /workflow/executions/events`: fire-and-forget. */
export const eventReport = z
  .object({
    execution_id: executionId,
    status: text,
    ...identity,
    ...news,
    ...outcome,
  })
  .meta({ id: 'EventReport' });
export type EventReport = z.infer<typeof eventReport>;

/** `POST /executions/:id/status`: strict. */
export const statusReport = z
  .object({
    status: z.string(),
    ...identity,
    ...news,
    ...outcome,
  })
  .meta({ id: 'StatusReport' });
export type StatusReport = z.infer<typeof statusReport>;

const NEWS = ['progress', 'message', 'data', 'status_reason', 'worker'] as const;

/** `POST /executions/:id/progress`. */
export const progressReport = z
  .object(news)
  .refine((report) => NEWS.some((key) => report[key] !== undefined), {
    message: `expected at least one of ${NEWS.join(', ')}`,
  })
  .meta({ id: 'ProgressReport' });
export type ProgressReport = z.infer<typeof progressReport>;

/** `POST /executions/:id/heartbeat`. */
export const heartbeat = z
  .object({ attempt: absentable(attempt), worker: text, event_id: absentable(requestId) })
  .meta({ id: 'Heartbeat' });
export type HeartbeatBody = z.infer<typeof heartbeat>;

/** How many reports, and bytes, `POST /reports` takes at once. */
export const MAX_REPORTS = 10_000;
export const MAX_REPORTS_BYTES = 64 * 1024 * 1024;
/** How many lines it takes, blank ones included: they cost work, if no receipt. */
export const MAX_REPORT_LINES = 10 * MAX_REPORTS;
