import * as z from 'zod';
import { instantOut, queryInt } from './primitives.js';
import { jsonObject } from '../encoding/readings.js';

/** What people do to the ledger itself, or to many executions at once. */
export const OPERATION_KINDS = [
  'projection_rebuild',
  'projection_verify',
  'projection_pause',
  'projection_resume',
  'projection_rollback',
  'projection_prune',
  'projection_retry',
  'bulk_resume',
  'bulk_cancel',
  'keys_change',
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** `GET /operations`. */
export const operationsQuery = z.strictObject({
  actor: z.string().min(1).max(100).optional(),
  kind: z.enum(OPERATION_KINDS).optional(),
  after: queryInt(0, Number.MAX_SAFE_INTEGER).optional(),
  limit: queryInt(1, 500).optional(),
});
export type OperationsQuery = z.infer<typeof operationsQuery>;

export const operationView = z
  .object({
    number: z.int().meta({ description: 'Counted from 1, in the order in which they were recorded' }),
    recorded_at: instantOut,
    kind: z.string(),
    actor: z.string().meta({
      description: 'The name of the API key; "command line", or "key file" where nobody knows who changed it',
    }),
    on_behalf_of: z.string().optional(),
    source: z.string().optional(),
    correlation_id: z.string().optional(),
    about: jsonObject.meta({
      description: 'What it was about: a projection and its version, the filter and the counts of a bulk, the keys',
    }),
  })
  .meta({ id: 'Operation' });
export type OperationView = z.infer<typeof operationView>;

export const operationPage = z
  .object({
    operations: z.array(operationView),
    next_after: z.int().meta({ description: 'Where to go on; the `after` that was asked for where there is no more' }),
  })
  .meta({ id: 'OperationPage' });
export type OperationPage = z.infer<typeof operationPage>;
