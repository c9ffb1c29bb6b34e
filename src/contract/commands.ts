import * as z from 'zod';
import {
  attempt,
  executionId,
  isOwnParent,
  json,
  OWN_PARENT,
  plainExecutionId,
  requestId,
  labels,
} from './primitives.js';
import { instant, jsonObject, milliseconds } from '../encoding/readings.js';

const command_id = requestId.optional();
const text = z.string();

/** `POST /executions`. */
export const registerCommand = z
  .strictObject({
    execution_id: executionId
      .refine((named) => named.attempt === undefined, 'must not name an attempt: registering opens attempt 1')
      .optional(),
    run_id: text.optional(),
    workflow_id: text.optional(),
    parent_execution_id: plainExecutionId.optional(),
    target: text.optional(),
    kind: text.optional(),
    input: json.optional(),
    labels: labels.optional(),
    deadline: instant.optional(),
    timeout_ms: milliseconds.optional(),
    command_id,
  })
  .refine((said) => said.execution_id === undefined || !isOwnParent(said.execution_id, said.parent_execution_id), {
    path: ['parent_execution_id'],
    message: OWN_PARENT,
  })
  .meta({ id: 'Register' });
export type RegisterBody = z.infer<typeof registerCommand>;

/** `POST /executions/:id/dispatch`. */
export const dispatchCommand = z
  .strictObject({ handle: json.optional(), attempt: attempt.optional(), command_id })
  .meta({ id: 'Dispatch' });
export type DispatchBody = z.infer<typeof dispatchCommand>;

/** `POST /executions/:id/abort`. */
export const abortCommand = z
  .strictObject({
    phase: z.enum(['staging', 'dispatch']),
    error: z.union([z.string(), jsonObject]),
    attempt: attempt.optional(),
    command_id,
  })
  .meta({ id: 'Abort' });
export type AbortBody = z.infer<typeof abortCommand>;

/** `POST /executions/:id/resume`. */
export const resumeCommand = z
  .strictObject({
    reason: text.optional(),
    new_attempt: z.boolean().optional(),
    unnumbered: z.boolean().optional(),
    deadline: instant.optional(),
    timeout_ms: milliseconds.optional(),
    attempt: attempt.optional(),
    command_id,
  })
  .meta({ id: 'Resume' });
export type ResumeBody = z.infer<typeof resumeCommand>;

/** `POST /executions/:id/pause`. */
export const pauseCommand = z
  .strictObject({ reason: text.optional(), attempt: attempt.optional(), command_id })
  .meta({ id: 'Pause' });
export type PauseBody = z.infer<typeof pauseCommand>;

/** `POST /executions/:id/cancel`. */
export const cancelCommand = z
  .strictObject({ reason: text.optional(), cascade: z.boolean().optional(), attempt: attempt.optional(), command_id })
  .meta({ id: 'Cancel' });
export type CancelBody = z.infer<typeof cancelCommand>;
