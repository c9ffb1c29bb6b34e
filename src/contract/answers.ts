import * as z from 'zod';
import { STATUSES } from '../domain/status.js';
import { execution, executionSummary, receipt } from './execution.js';
import { instantOut } from './primitives.js';
import { refusedEvent } from './history.js';

const status = z.enum(STATUSES);

/** What an answer shows beside its receipt where it can be had: the verdict stands, whether or not it can. */
export const EXTRAS = ['refused_count', 'refused_while_paused', 'children'] as const;
export type Extra = (typeof EXTRAS)[number];
const omitted = z
  .array(z.enum(EXTRAS))
  .optional()
  .meta({ description: 'What is left out because it could not be read; what was asked for is decided all the same' });

/** The answer of `POST /workflow/executions/events`. */
export const eventAnswer = z
  .object({
    success: z.literal(true),
    created: z.literal(true).optional(),
    updated: z.literal(true).optional(),
    ...receipt,
  })
  .meta({ id: 'EventAnswer' });

/** The execution as a report or registration left it, with its receipt. */
export const strictAnswer = execution
  .extend({ ...receipt, refused_count: z.int().optional(), omitted })
  .meta({ id: 'StrictAnswer', description: 'Where the API key lacks the scope read: its receipt alone' });

/** A receipt alone. */
export const receiptAnswer = z.object(receipt).meta({ id: 'Receipt' });
export const heartbeatAnswer = z.object({ ...receipt, cancelled: z.boolean() }).meta({ id: 'HeartbeatAnswer' });
export const resumeOutcome = {
  previous_status: status,
  takeover: z.boolean(),
  attempt: z.int(),
  report_as: z.string(),
  note: z.string().meta({ description: 'What is left to be done: a resume starts no work' }),
};
export const resumeAnswer = z
  .object({
    ...receipt,
    ...resumeOutcome,
    refused_while_paused: z
      .array(refusedEvent)
      .optional()
      .meta({ description: 'The last ones, where they are more than 4 MiB: all are at GET /executions/:id/refused' }),
    truncated: z.array(z.literal('refused_while_paused')).optional(),
    omitted,
  })
  .meta({ id: 'ResumeAnswer' });
export const pauseAnswer = z
  .object({ ...receipt, previous_status: status, paused_at: instantOut })
  .meta({ id: 'PauseAnswer' });
export const cancelOutcome = {
  cancelled: z.boolean(),
  already_terminal: z.literal(true).optional(),
  previous_status: status,
  cancelled_at: instantOut.optional(),
};

/** What keeps a receipt from being one. */
const unavailableFields = {
  verdict: z.string().meta({ description: 'A verdict, or forbidden, malformed, unavailable or internal' }),
  current: receipt.current.optional(),
  error: z.string().optional(),
};

/** What became of one descendant. */
const childReceipt = z
  .object({ ...receipt, ...cancelOutcome, ...unavailableFields, previous_status: status.optional() })
  .meta({ id: 'ChildReceipt' });

/** Why descendants may have been left out of a cascade. */
export const OMISSIONS = ['depth', 'number', 'not_projected', 'confined'] as const;
export type Omission = (typeof OMISSIONS)[number];
export const cancelAnswer = z
  .object({
    ...receipt,
    ...cancelOutcome,
    children: z.array(childReceipt).optional(),
    children_omitted: z
      .enum(OMISSIONS)
      .optional()
      .meta({ description: 'Why there are, or may be, descendants that were not asked' }),
    omitted,
  })
  .meta({ id: 'CancelAnswer' });

/** One line of the answer of `POST /reports`. */
export const bulkReceipt = z
  .object({
    ...receipt,
    line: z.int(),
    verdict: z.string().meta({ description: 'A verdict, or forbidden, malformed, unavailable or internal' }),
    execution_id: z.string().optional(),
    current: receipt.current.optional(),
    error: z.string().optional(),
    next_line: z
      .int()
      .optional()
      .meta({ description: 'This line and all from next_line on were not begun: go on there' }),
  })
  .meta({ id: 'BulkReceipt' });
export const sourceAnswer = z
  .object({ receipts: z.array(receiptAnswer), ignored: z.string().optional() })
  .meta({ id: 'SourceAnswer' });

const notFound = z.object({ execution_id: z.string(), status: z.literal('not_found') });
/** What is shown of those that an answer has no room for. */
const barely = executionSummary
  .pick({ execution_id: true, status: true, attempt: true, revision: true })
  .extend({ truncated: z.tuple([z.literal('*')]) });
export type BareSummary = z.infer<typeof barely>;
export const batchStatus = z
  .record(z.string(), z.union([executionSummary, barely, notFound]))
  .meta({ id: 'BatchStatusAnswer' });
