import * as z from 'zod';
import { instantOut, positionOut } from './primitives.js';
import { PROJECTION_STATES } from './projections.js';

const whereabouts = z.object({
  state: z.enum(PROJECTION_STATES),
  checkpoint: positionOut,
  lag_events: z.int().optional(),
  lag_ms: z.number(),
});

const clock = z.object({
  offset_ms: z.number(),
  stamp_ahead: z.object({ ahead_ms: z.number(), found_at: instantOut }).optional(),
});

/** The answer of `GET /health/live`. */
export const liveness = z.object({ status: z.literal('live') }).meta({ id: 'Liveness' });

/** The answer of `GET /health/ready`: to a caller that may not read, one word. */
export const readiness = z
  .object({
    status: z
      .enum(['ready', 'read_only'])
      .meta({ description: 'read_only: the disk is too full to write, and everything else goes on' }),
    head: positionOut.optional(),
    checkpoint: positionOut.optional(),
    projections: z.record(z.string(), whereabouts).optional(),
    clock: clock.optional(),
  })
  .meta({ id: 'Readiness', description: 'All but the status only for callers that may read' });
