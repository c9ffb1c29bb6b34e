import * as z from 'zod';
import { compact } from '../domain/json.js';
import {
  deadlineOf,
  type ExistingExecution,
  type TerminalExecution,
  type UnreadablePoint,
} from '../domain/execution.js';
import { runOf } from '../domain/identity.js';
import { inShort } from '../domain/in-short.js';
import { isResumable, isStale } from '../domain/resumable.js';
import type { DecisionTime } from '../domain/decision-time.js';
import { awaitsWorker, isSilent } from '../domain/silence.js';
import { AUTHORITIES, isSealed, STATUSES } from '../domain/status.js';
import { reportAs } from '../domain/stream.js';
import { authorityOf, VERDICTS } from '../domain/verdict.js';
import { instantOut, json, positionOut } from './primitives.js';

const text = z.string();
const optional = text.optional();

export const anomalies = z.object({
  regressions: z.int(),
  dropped: z.int(),
  conflicts: z.int(),
  fenced: z.int(),
  superseded: z.int(),
});

/** What is shown of an execution where many are, and to who changes it: all but its payloads, and no long text whole. */
export const executionSummary = z
  .object({
    execution_id: text,
    run_id: text,
    workflow_id: optional,
    parent_execution_id: optional,
    target: optional,
    kind: optional,
    labels: z.record(text, text),
    status: z.enum(STATUSES),
    sealed: z.boolean(),
    attempt: z.int(),
    report_as: text.meta({ description: 'The id the worker of this attempt reports with' }),
    authority: z.enum(AUTHORITIES).nullable(),
    status_reason: optional,
    progress: z.number().optional(),
    message: optional,
    worker: optional,
    error: optional,
    error_status_code: z.number().optional(),
    phase: optional,
    created_at: instantOut,
    started_at: instantOut.optional(),
    completed_at: instantOut.optional(),
    duration_ms: z.number().optional(),
    last_activity_at: instantOut,
    deadline: instantOut.optional(),
    stale: z.boolean(),
    silent: z.boolean(),
    resumable: z.boolean(),
    cancellable: z.boolean(),
    dispatched: z.boolean(),
    awaiting_worker: z.boolean().meta({ description: 'A resume opened this attempt, and no worker has taken it up' }),
    handle: json.optional(),
    refused_count: z.int(),
    anomalies,
    revision: z.int(),
    position: positionOut,
    unreadable: z
      .object({ revision: z.int(), error: text })
      .optional()
      .meta({ description: 'The event of its stream that cannot be read on: it is shown as it stood before' }),
    truncated: z.array(text).optional().meta({
      description: 'The members that are cut here, or left out, for they are long: whole at GET /executions/:id',
    }),
  })
  .meta({ id: 'ExecutionSummary' });
export type ExecutionSummary = z.infer<typeof executionSummary>;

/** An execution as every endpoint shows it (docs/http-api.md, The execution). */
export const execution = executionSummary
  .omit({ truncated: true })
  .extend({ input: json.optional(), result: json.optional(), error_details: json.optional() })
  .meta({ id: 'Execution' });
export type ExecutionView = z.infer<typeof execution>;

export const current = z
  .object({
    status: z.enum(STATUSES),
    attempt: z.int(),
    authority: z.enum(AUTHORITIES).nullable(),
    sealed: z.boolean(),
    dispatched: z.boolean(),
    revision: z.int(),
  })
  .nullable()
  .meta({ id: 'Current' });

/** What a report said and could not be read, and why: the rest of it was decided. */
export const ignored = z
  .array(z.object({ path: z.string(), message: z.string() }))
  .meta({ description: 'Members of the report that were left out, and members that are none but look like ours' });

/** The members of every answer (docs/semantics.md §5). */
export const receipt = {
  verdict: z.enum(VERDICTS),
  applied: z.boolean(),
  replayed: z.boolean().optional(),
  execution_id: text,
  position: positionOut.optional(),
  current,
  allowed: z
    .array(z.enum(STATUSES))
    .optional()
    .meta({ description: 'Beside unsupported_status: the words of the ledger' }),
  ignored: ignored.optional(),
};

/** Parts of a state that only some statuses have. */
type Loose = ExistingExecution & Partial<Omit<TerminalExecution, keyof ExistingExecution>>;

/** The execution as it stands at `now`: the one place where a state becomes what the wire shows. */
export function showExecution(
  executionId: string,
  state: ExistingExecution,
  now: DecisionTime,
  refusedCount?: number,
  unreadable?: UnreadablePoint,
): ExecutionView {
  const { description, started } = state;
  const { result, error, error_details, error_status_code, phase, completed_at, duration_ms } = state as Loose;
  const authority = authorityOf(state);
  const sealed = isSealed(state.status, authority);
  return compact({
    execution_id: executionId,
    run_id: runOf(executionId, state),
    workflow_id: description.workflow_id,
    parent_execution_id: description.parent_execution_id,
    target: description.target,
    kind: description.kind,
    labels: { ...description.labels },
    status: state.status,
    sealed,
    attempt: state.attempt,
    report_as: reportAs(executionId, state.attempt),
    authority,
    status_reason: state.status_reason,
    progress: state.progress,
    message: state.message,
    worker: state.worker,
    input: description.input,
    result,
    error,
    error_details,
    error_status_code,
    phase,
    created_at: state.created_at,
    started_at: started?.at,
    completed_at,
    duration_ms,
    last_activity_at: state.last_activity_at,
    deadline: deadlineOf(state),
    stale: isStale(state, now),
    silent: isSilent(state, now),
    resumable: isResumable(state, now),
    cancellable: !sealed,
    dispatched: state.dispatched,
    awaiting_worker: awaitsWorker(state),
    handle: state.handle,
    refused_count: refusedCount,
    anomalies: { ...state.anomalies },
    revision: state.revision,
    position: String(state.position),
    unreadable,
  }) as ExecutionView;
}

/** An execution of which many are shown, and what of it is cut already. */
export interface ShortenedExecution {
  readonly executionId: string;
  readonly state: ExistingExecution;
  readonly refusedCount?: number;
  readonly truncated?: readonly string[] | undefined;
  readonly unreadable?: UnreadablePoint | undefined;
}

/** The execution as it stands at `now`, in short: the one place where lists, frames and batches get theirs from. */
export function showInShort(
  { executionId, state, refusedCount, truncated = [], unreadable }: ShortenedExecution,
  now: DecisionTime,
): ExecutionSummary {
  const short = inShort(state);
  const shown: ExecutionSummary = showExecution(executionId, short.state, now, refusedCount, unreadable);
  if (truncated.length + short.truncated.length > 0) shown.truncated = [...new Set([...truncated, ...short.truncated])];
  return shown;
}
