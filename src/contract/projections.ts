import * as z from 'zod';
import { instantOut, positionOut } from './primitives.js';
import { asOf, limit, many, waitFor } from './queries.js';

/** `live`: it follows the log. `paused`: by its keeper. `stalled`: nobody leads it, or it does not get on. */
export const PROJECTION_STATES = ['live', 'paused', 'stalled'] as const;
export type ProjectionState = (typeof PROJECTION_STATES)[number];

export const parkedEvent = z.object({
  position: positionOut,
  event_type: z.string(),
  execution_id: z.string(),
  error: z.string(),
});

const drift = z.object({
  rows: z.int(),
  fields: z.record(z.string(), z.int()).meta({ description: 'How often each column differs' }),
  sample: z
    .array(
      z.object({
        execution_id: z.string(),
        field: z.string(),
        live: z.string().nullable(),
        rebuilt: z.string().nullable(),
      }),
    )
    .meta({ description: 'The first differences, at most 20; of counters execution_id is the key' }),
});

/** What is told of everything that takes its time. */
const progress = {
  version: z.int().meta({ description: 'The version that is made; 0 before anybody has begun' }),
  phase: z.enum(['loading', 'indexing', 'catching up', 'comparing']).optional(),
  checkpoint: positionOut,
  events: z.int().meta({ description: 'Events folded so far' }),
  events_total: z
    .int()
    .optional()
    .meta({ description: 'As many as there will be; absent where positions count no events' }),
  events_per_second: z.number(),
  most_events_per_second: z.int().optional().meta({ description: 'As fast as it may go' }),
  eta_ms: z.int().optional(),
  by: z
    .object({ pid: z.int(), name: z.string(), since: instantOut })
    .optional()
    .meta({ description: 'The session of the database that is at it' }),
  started_at: instantOut,
  finished_at: instantOut.optional(),
  error: z.string().optional(),
};

export const rebuildView = z
  .object({
    state: z.enum(['running', 'paused', 'verifying', 'swapped', 'failed']),
    ...progress,
    rows: z.int().optional().meta({ description: 'Rows that were compared' }),
    drift: drift.optional(),
  })
  .meta({ id: 'Rebuild' });
export type RebuildView = z.infer<typeof rebuildView>;

export const verifyView = z
  .object({
    state: z.enum(['running', 'paused', 'verifying', 'verified', 'failed']),
    ...progress,
    sample: z.int().optional().meta({ description: 'How many executions were to be taken; absent: all' }),
    rows: z.int(),
    drift,
  })
  .meta({ id: 'Verify' });
export type VerifyView = z.infer<typeof verifyView>;

export const rollbackView = z
  .object({
    state: z.enum(['running', 'swapped', 'failed']),
    started_at: instantOut,
    finished_at: instantOut.optional(),
    error: z.string().optional(),
  })
  .meta({ id: 'Rollback' });

/** `POST /projections/:name/rebuild`. */
export const rebuildBody = z
  .strictObject({ events_per_second: z.int().min(1).max(1_000_000_000).optional() })
  .meta({ id: 'AskForRebuild' });

/** `POST /projections/:name/verify`. */
export const verifyBody = z
  .strictObject({ sample: z.int().min(1).max(100_000).optional() })
  .meta({ id: 'AskForVerify' });

/** A projection as its endpoints show it (docs/http-api.md, Operations). */
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
    previous_version: z.int().optional().meta({ description: 'What a rollback goes back to' }),
    rebuild: rebuildView.optional(),
    verify: verifyView.optional(),
    rollback: rollbackView.optional(),
    parked_count: z.int(),
    parked: z.array(parkedEvent).meta({ description: 'The oldest, at most 1,000' }),
    drifted: z
      .object({
        rows: z.int(),
        since: instantOut,
        sample: z
          .array(z.object({ execution_id: z.string(), field: z.string(), found_at: instantOut }))
          .meta({ description: 'Those that were found first, at most 20, each with the first column that differs' }),
      })
      .optional()
      .meta({
        description: 'Rows that the patrol found not to be the fold of their stream, and has not found right since',
      }),
  })
  .meta({ id: 'Projection' });
export type ProjectionView = z.infer<typeof projection>;

export const projectionList = z.object({ projections: z.array(projection) }).meta({ id: 'ProjectionList' });

/** What `GET /projections/:name/rows` takes besides the columns' names. */
export const rowsShape = {
  absent: many(z.string()).optional().meta({ description: 'Columns where nobody said anything: those that hold null' }),
  limit,
  cursor: z.string().min(1).optional(),
  ...waitFor,
};
/** `GET /projections/:name/rows`: the columns are another projection's each time, and read by its types. */
export const rowsQuery = z.looseObject(rowsShape);

const row = z.looseObject({
  truncated: z
    .array(z.string())
    .optional()
    .meta({ description: 'Columns that are cut, or left out where they are no text' }),
});
export const rowsPage = z
  .object({
    rows: z.array(row).meta({ description: 'In the order of the key; a member for each column' }),
    next_cursor: z.string().optional(),
    as_of: asOf,
  })
  .meta({ id: 'RowsPage' });
