import * as z from 'zod';
import { instantOut, positionOut } from './primitives.js';

/** `live`: it follows the log. `paused`: by its keeper. `stalled`: nobody leads it, or it does not get on. */
export const PROJECTION_STATES = ['live', 'paused', 'stalled'] as const;
export type ProjectionState = (typeof PROJECTION_STATES)[number];

export const parkedEvent = z.object({
  position: positionOut,
  event_type: z.string(),
  execution_id: z.string(),
  error: z.string(),
});

/** A projection as its doors show it (wire.md, Operations). */
export const projection = z
  .object({
    name: z.string(),
    version: z.int(),
    state: z.enum(PROJECTION_STATES),
    checkpoint: positionOut,
    head: positionOut,
    lag_events: z.int().optional(),
    lag_ms: z.number(),
    leader: z.object({ pid: z.int(), since: instantOut }).optional(),
    retrying: z.literal(true).optional().meta({ description: 'Parked events are being tried again' }),
    parked_count: z.int(),
    parked: z.array(parkedEvent).meta({ description: 'The oldest, at most 1,000' }),
  })
  .meta({ id: 'Projection' });
export type ProjectionView = z.infer<typeof projection>;

export const projectionList = z.object({ projections: z.array(projection) }).meta({ id: 'ProjectionList' });
