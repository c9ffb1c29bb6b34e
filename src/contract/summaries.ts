import * as z from 'zod';
import { FAILURES } from '../../projections/failure-pattern.js';
import { AUTHORITIES, STATUSES, TERMINAL_STATUSES } from '../domain/status.js';
import { instantOut, queryInt } from './primitives.js';
import { instant } from '../encoding/readings.js';
import { asOf, many, waitFor } from './queries.js';

/** `GET /status-counts`. */
export const countsQuery = z.strictObject({
  workflow_id: z.string().optional(),
  target: z.string().optional(),
  ...waitFor,
});
export type CountsQuery = z.infer<typeof countsQuery>;
export const statusCounts = z
  .object({ counts: z.record(z.enum(STATUSES), z.int()), as_of: asOf })
  .meta({ id: 'StatusCounts' });

/** A range of time. */
export const range = { from: instant.optional(), to: instant.optional() };
export const isInOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
  from === undefined || to === undefined || from < to;
export const NOT_IN_ORDER = { message: 'is not after from', path: ['to'] };

/** `GET /target-health`. */
export const healthQuery = z
  .strictObject({ target: z.string().optional(), ...range, ...waitFor })
  .refine(isInOrder, NOT_IN_ORDER);
export type HealthQuery = z.infer<typeof healthQuery>;

const health = {
  outcomes: z
    .partialRecord(z.enum(TERMINAL_STATUSES), z.partialRecord(z.enum(AUTHORITIES), z.int()))
    .meta({ description: 'How many, by status and by who stands behind it' }),
  durations_ms: z
    .object({ count: z.int(), p50: z.number(), p95: z.number(), p99: z.number() })
    .optional()
    .meta({ description: 'Of the outcomes whose duration is known; a hundredth more or less' }),
};
export const targetHealth = z
  .object({
    from: instantOut,
    to: instantOut,
    targets: z.array(
      z.object({
        target: z.string().nullable(),
        ...health,
        hours: z.array(z.object({ hour: instantOut, ...health })).optional(),
      }),
    ),
    as_of: asOf,
  })
  .meta({ id: 'TargetHealth' });

/** `GET /failure-groups`. */
export const failuresQuery = z
  .strictObject({
    status: many(z.enum(FAILURES)).optional(),
    workflow_id: z.string().optional(),
    target: z.string().optional(),
    kind: z.string().optional(),
    ...range,
    ...waitFor,
  })
  .refine(isInOrder, NOT_IN_ORDER);
export type FailuresQuery = z.infer<typeof failuresQuery>;

export const failureGroups = z
  .object({
    from: instantOut,
    to: instantOut,
    groups: z.array(
      z.object({
        fingerprint: z.string().meta({ description: 'Lists have it as the filter failure_group' }),
        pattern: z
          .string()
          .meta({ description: 'The error without what differs each time; empty where none was said' }),
        count: z.int().meta({ description: 'How many failures happened' }),
        standing: z.int().meta({ description: 'Of how many the executions stand so now' }),
        first_at: instantOut,
        last_at: instantOut,
        targets: z.array(z.string()).meta({ description: 'The five with the most of them' }),
        example: z.string().optional().meta({ description: 'The execution that failed last of those that stand so' }),
      }),
    ),
    truncated: z.literal(true).optional().meta({ description: 'There are more groups than the hundred shown' }),
    as_of: asOf,
  })
  .meta({ id: 'FailureGroups' });

/** `GET /executions/:id/tree`. */
export const treeQuery = z.strictObject({
  depth: queryInt(1, 20).optional(),
  limit: queryInt(1, 1000).optional(),
  ...waitFor,
});
export type TreeQuery = z.infer<typeof treeQuery>;

const counts = z.partialRecord(z.enum(STATUSES), z.int());
const node = z
  .object({
    execution_id: z.string(),
    target: z.string().optional(),
    truncated: z.array(z.string()).optional().meta({ description: 'The members that are cut here' }),
    status: z.enum(STATUSES),
    attempt: z.int(),
    created_at: instantOut,
    child_counts: counts.meta({ description: 'All its children, those included that are not shown' }),
    get children() {
      return z.array(node);
    },
  })
  .meta({ id: 'TreeNode' });
export type TreeNodeView = z.infer<typeof node>;
export const tree = z
  .object({
    run_id: z.string(),
    run_counts: counts.optional().meta({ description: 'All executions of the run; not for a confined key' }),
    root: node,
    truncated: z
      .literal(true)
      .optional()
      .meta({ description: 'There are more than were asked for, or than one answer shows' }),
    as_of: asOf,
  })
  .meta({ id: 'Tree' });
