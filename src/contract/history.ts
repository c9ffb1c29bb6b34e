import * as z from 'zod';
import { STATUSES, AUTHORITIES } from '../domain/status.js';
import { VERDICTS } from '../domain/verdict.js';
import { instantOut, json, positionOut } from './primitives.js';

/** One event as auditors see it (docs/http-api.md, The log). */
export const historyEvent = z
  .object({
    execution_id: z.string().optional(),
    revision: z.int(),
    position: positionOut,
    event_id: z.string(),
    type: z.string(),
    attempt: z.int().optional(),
    status: z.enum(STATUSES).optional(),
    recorded_at: instantOut,
    occurred_at: instantOut.optional(),
    reporter: z.object({ actor: z.string(), authority: z.enum(AUTHORITIES) }).optional(),
    on_behalf_of: z.string().optional(),
    source: z.string().optional(),
    correlation_id: z.string().optional(),
    causation_id: z.string().optional(),
    redacted: z.array(z.string()).optional().meta({ description: 'Where REDACT replaced a value in what was sent' }),
    data: json,
  })
  .meta({ id: 'TapeEvent' });
export type HistoryEvent = z.infer<typeof historyEvent>;

export const historyPage = z
  .object({
    execution_id: z.string(),
    events: z.array(historyEvent),
    next_revision: z.int(),
    head_revision: z.int(),
    final: z.boolean(),
  })
  .meta({ id: 'TapePage' });
export type HistoryPage = z.infer<typeof historyPage>;

const against = z
  .object({ status: z.enum(STATUSES), attempt: z.int(), authority: z.enum(AUTHORITIES).nullable(), revision: z.int() })
  .nullable();

/** A refused report, with what it lost against. */
export const refusedEvent = historyEvent
  .extend({ verdict: z.enum(VERDICTS).optional(), against: against.optional() })
  .meta({ id: 'RefusedEvent' });
export type RefusedEvent = z.infer<typeof refusedEvent>;

export const refusedPage = z
  .object({ execution_id: z.string(), events: z.array(refusedEvent), next_revision: z.int(), head_revision: z.int() })
  .meta({ id: 'RefusedPage' });
export type RefusedPage = z.infer<typeof refusedPage>;

/** A page of the history of everything. */
export const logPage = z
  .object({ events: z.array(historyEvent), next_after: positionOut, head_position: positionOut })
  .meta({ id: 'LogPage' });
export type LogPage = z.infer<typeof logPage>;
