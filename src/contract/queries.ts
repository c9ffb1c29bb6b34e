import * as z from 'zod';
import { STATUSES } from '../domain/status.js';
import { plainStatus } from '../domain/words.js';
import { duration } from '../quantity-schemas.js';
import { instant } from '../encoding/readings.js';
import { SORTS, type ListFilter } from '../read-model/list-request.js';
import { executionSummary } from './execution.js';
import { instantOut, plainExecutionId, position, positionOut, queryFlag, queryInt, waitMs } from './primitives.js';

/** Any read of projected data may ask to wait until the projection has passed a position. */
export const waitFor = { wait_for: position.optional(), wait_ms: waitMs.optional() };
export type WaitFor = { wait_for?: bigint | undefined; wait_ms?: number | undefined };

/** One of them, or several. */
export const many = <S extends z.ZodType>(schema: S) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(schema).min(1).max(100),
  );
type Many<S extends z.ZodType> = ReturnType<typeof many<S>>;
const status = z.string().transform((word, context) => {
  const known = plainStatus(word);
  if (known) return known;
  context.addIssue({ code: 'custom', message: `expected one of ${STATUSES.join(', ')}` });
  return z.NEVER;
});
const label = z.string().regex(/^[^:]+:/, 'expected key:value');

/**
 * What can be asked the other way round, one value of each: filters that compare a text. A flag is asked so by `false`, a moment or
 * a number by its other bound, and what is looked up by a prefix is looked for.
 */
const negatable = {
  status,
  workflow_id: z.string(),
  run_id: z.string(),
  target: z.string(),
  kind: z.string(),
  parent_execution_id: plainExecutionId,
  label,
  error: z
    .string()
    .min(3)
    .max(255)
    .meta({ description: 'Text that its error holds within the first 1,000 characters, in upper or lower case' }),
  failure_group: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'expected the fingerprint of a group of failures')
    .meta({ description: 'The fingerprint of the group of failures that it stands in' }),
};

/** Each with a `-` before its name: what has none of these values is listed. */
const negated = Object.fromEntries(
  Object.entries<z.ZodType>(negatable).map(([name, value]) => [`-${name}`, many(value).optional()]),
) as { [K in keyof typeof negatable as `-${K}`]: z.ZodOptional<Many<(typeof negatable)[K]>> };

/** What an execution must be like to be listed. */
export const filter = {
  ...z.object(negatable).partial().shape,
  status: many(status).optional(),
  label: many(label).optional(),
  q: z.string().min(1).max(255).optional(),
  resumable: queryFlag.optional(),
  stale: queryFlag.optional(),
  silent: queryFlag.optional(),
  silent_for: duration.meta({ description: 'A duration such as 10m: silent for longer than that' }).optional(),
  dispatched: queryFlag.optional(),
  awaiting_worker: queryFlag.optional(),
  cancellable: queryFlag.optional(),
  doubt: queryFlag
    .meta({
      description:
        'An outcome that somebody should look at: a success beside an error or by a word that casts doubt on it, or what its worker contradicted',
    })
    .optional(),
  zombie: queryFlag
    .meta({ description: 'Not sealed, and a worker of an older attempt reported while the current one stood' })
    .optional(),
  past_due: queryFlag
    .meta({ description: 'Open, and its deadline has passed: it waits, is paused, or is about to be timed out' })
    .optional(),
  refused: queryFlag.optional(),
  attempt_above: queryInt(0, Number.MAX_SAFE_INTEGER).optional(),
  created_after: instant.optional(),
  created_before: instant.optional(),
  started_after: instant.optional(),
  started_before: instant.optional(),
  completed_after: instant.optional(),
  completed_before: instant.optional(),
  last_activity_after: instant.optional(),
  last_activity_before: instant.optional(),
  ...negated,
};
/** How many are on a page. */
export const limit = queryInt(1, 500).optional();
const sort = z.enum(SORTS).optional();
/** `GET /executions`: a query, or the cursor that pins one, with as much of it as its caller likes to repeat. */
export const listQuery = z.strictObject({
  ...filter,
  sort,
  limit,
  cursor: z.string().min(1).optional(),
  count: queryFlag.optional().meta({ description: 'Whether those on all pages are counted, exactly up to 10,000' }),
  ...waitFor,
});
export type ListQuery = z.infer<typeof listQuery>;
/** Schemas of all filters that the tables are asked by, and of no other: one that they do not know would select every execution. */
export type FilterSchemas<S> = { [K in keyof ListFilter]-?: z.ZodType<ListFilter[K]> } & {
  [K in Exclude<keyof S, keyof ListFilter>]: never;
};
export const filterObject = z.object(filter satisfies FilterSchemas<typeof filter>);

export const asOf = z.object({
  position: positionOut,
  at: instantOut,
  lag_events: z.int().optional(),
  lag_ms: z.number(),
});
export const listPage = z
  .object({
    executions: z.array(executionSummary),
    next_cursor: z.string().optional(),
    total: z.int().optional().meta({ description: 'With count=true: how many there are on all pages' }),
    total_is_exact: z.boolean().optional().meta({ description: 'False where there are more than the 10,000 of total' }),
    as_of: asOf,
  })
  .meta({ id: 'ListPage' });

/** `GET /executions/:id`. */
export const executionQuery = z.strictObject({ until: z.literal('terminal').optional(), ...waitFor });
export const historyQuery = z.strictObject({
  from_revision: queryInt(0, Number.MAX_SAFE_INTEGER).optional(),
  limit: queryInt(1, 1000).optional(),
  wait_ms: waitMs.optional(),
});
export const refusedQuery = historyQuery.omit({ wait_ms: true });
export const logQuery = z.strictObject({
  after: position.optional(),
  limit: queryInt(1, 1000).optional(),
  wait_ms: waitMs.optional(),
});
export const streamQuery = z.strictObject({ after: position.optional() });
export const stateQuery = z
  .strictObject({ at_revision: queryInt(0, Number.MAX_SAFE_INTEGER).optional(), at_time: instant.optional() })
  .refine((at) => (at.at_revision === undefined) !== (at.at_time === undefined), {
    message: 'expected exactly one of at_revision and at_time',
  });
export const batchStatusBody = z
  .strictObject({ execution_ids: z.array(z.string()).min(1).max(500) })
  .meta({ id: 'BatchStatus' });
