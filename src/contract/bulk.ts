import * as z from 'zod';
import { cancelOutcome, resumeOutcome } from './answers.js';
import { receipt } from './execution.js';
import { executionId, requestId } from './primitives.js';
import { filter } from './queries.js';

const text = z.string();
const flag = z.boolean();

const words = {
  resumable: flag.optional(),
  stale: flag.optional(),
  silent: flag.optional(),
  dispatched: flag.optional(),
  awaiting_worker: flag.optional(),
  cancellable: flag.optional(),
  doubt: flag.optional(),
  zombie: flag.optional(),
  past_due: flag.optional(),
  refused: flag.optional(),
  attempt_above: z.int().min(0).optional(),
};

/** The list's parameters as JSON: flags are booleans, numbers are numbers, one status or label need not be an array. */
export const bulkFilter = z
  .strictObject({ ...filter, ...words })
  .refine((given) => Object.values(given).some((value) => value !== undefined), {
    message: 'says nothing, which would be every execution: name at least one parameter of the list',
  });

/** `POST /bulk/{resume|cancel}`. */
export const bulkCommand = z
  .strictObject({
    execution_ids: z.array(executionId).min(1).max(500).optional(),
    filter: bulkFilter.optional(),
    dry_run: flag.optional(),
    reason: text.optional(),
    command_id: requestId.optional(),
  })
  .refine(({ execution_ids, filter }) => (execution_ids === undefined) !== (filter === undefined), {
    message: 'expected exactly one of execution_ids and filter',
  })
  .meta({ id: 'Bulk' });
export type BulkBody = z.infer<typeof bulkCommand>;

/** One line of the answer of `POST /bulk/{resume|cancel}`. */
export const bulkCommandReceipt = z
  .object({
    ...receipt,
    ...z.object({ ...resumeOutcome, ...cancelOutcome }).partial().shape,
    verdict: text.meta({ description: 'A verdict, or forbidden, malformed, unavailable or internal' }),
    execution_id: text.optional(),
    current: receipt.current.optional(),
    would_apply: flag.optional().meta({ description: 'Of a dry run: whether it would be applied now' }),
    error: text.optional(),
  })
  .meta({ id: 'BulkCommandReceipt' });
