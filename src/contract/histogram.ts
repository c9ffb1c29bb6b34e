import * as z from 'zod';
import { HISTOGRAM_KEYS, INTERVALS, type Interval } from '../read-model/summaries.js';
import { instantOut } from './primitives.js';
import { asOf, filter, waitFor } from './queries.js';
import { isInOrder, NOT_IN_ORDER, range } from './summaries.js';

const intervals = Object.keys(INTERVALS) as Interval[];

/** The finest interval that takes so many days. */
export const intervalFor = (days: number): Interval | undefined =>
  intervals.find((interval) => days <= INTERVALS[interval].mostDays);

/** The filters of lists that the projection counts by. */
const counted = {
  status: filter.status,
  '-status': filter['-status'],
  workflow_id: filter.workflow_id,
  target: filter.target,
  kind: filter.kind,
};
const shape = {
  interval: z.enum(intervals).optional(),
  by: z.enum(HISTOGRAM_KEYS).optional(),
  ...counted,
  ...range,
  ...waitFor,
};

/** `GET /executions/histogram`. */
export const histogramQuery = z
  .strictObject(shape, {
    error: ({ code, keys = [] }) =>
      code === 'unrecognized_keys'
        ? `not counted by ${(keys as string[]).join(', ')}: expected ${Object.keys(shape).join(', ')}`
        : undefined,
  })
  .refine(isInOrder, NOT_IN_ORDER);
export type HistogramQuery = z.infer<typeof histogramQuery>;

export const histogram = z
  .object({
    from: instantOut,
    to: instantOut,
    interval: z.enum(intervals),
    by: z.enum(HISTOGRAM_KEYS),
    buckets: z.array(
      z.object({
        from: instantOut,
        counts: z
          .record(z.string(), z.int())
          .meta({ description: 'Outcomes by the ten values that most of them have in the whole time' }),
        others: z.int().optional().meta({ description: 'Outcomes of all other values' }),
        absent: z.int().optional().meta({ description: 'Outcomes of executions without one' }),
        p50_ms: z.number().optional().meta({ description: 'A hundredth more or less' }),
        p95_ms: z.number().optional(),
      }),
    ),
    as_of: asOf,
  })
  .meta({ id: 'Histogram' });
