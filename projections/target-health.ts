import { DDSketch } from '@datadog/sketches-js';
import type { ExecutionState, TerminalExecution } from '../src/domain/execution.js';
import type { Instant } from '../src/domain/events.js';
import { isTerminal } from '../src/domain/status.js';
import { moved, type CounterProjection, type Row } from './projection.js';

/** By how much a quantile may differ from the true one: a hundredth of it. */
export const ACCURACY = 0.01;
/** A run is not shorter than this, in milliseconds: nothing has no logarithm. */
const SHORTEST_MS = 0.01;
const { mapping } = new DDSketch({ relativeAccuracy: ACCURACY });

/**
 * How each target fares, by the hour: its outcomes by status and authority, and a sketch of how long they took. The sketch's
 * buckets are rows like any other, so that it is merged by adding, and a corrected outcome is taken out of it again.
 */
export const targetHealth: CounterProjection = {
  kind: 'counters',
  name: 'target-health',
  version: 4,
  key: ['target', 'hour', 'status', 'authority', 'bucket'],
  columns: {
    target: { type: 'text', nullable: true },
    /** Begins it; of when the outcome was, not of when it was heard of. */
    hour: { type: 'instant' },
    status: { type: 'text', short: true },
    authority: { type: 'text', short: true },
    /** Of the duration; null where it is not known. */
    bucket: { type: 'integer', nullable: true },
    count: { type: 'bigint' },
  },
  indexes: [{ columns: ['hour'] }],
  // An outcome is replaced by a correction, and stands when the next attempt is opened.
  contribute: (before, after) => (isTerminal(after.status) ? moved(outcomeOf(before), outcomeOf(after)) : []),
};

export const isOutcome = (state: ExecutionState): state is TerminalExecution =>
  state.status !== 'none' && isTerminal(state.status);

/** The bucket of the sketch that a duration lies in; null where it is not known. */
export const bucketOf = (duration_ms: number | undefined): number | null =>
  duration_ms === undefined ? null : mapping.key(Math.max(duration_ms, SHORTEST_MS));

function outcomeOf(state: ExecutionState): Row[] {
  if (!isOutcome(state)) return [];
  const { description, status, authority, completed_at, duration_ms } = state;
  const bucket = bucketOf(duration_ms);
  return [{ target: description.target ?? null, hour: hourOf(completed_at), status, authority, bucket }];
}

/** A reporter's clock may be anywhere; calendars of databases begin with the year 1. */
export const inCalendar = (at: Instant): Instant => (/^(?!0000)\d{4}-/.test(at) ? at : '0001-01-01T00:00:00.000Z');

const hourOf = (at: Instant): Instant => `${inCalendar(at).slice(0, 'yyyy-mm-ddThh'.length)}:00:00.000Z`;

/** Three digits: a bucket is no more exact. */
const rounded = (ms: number): number => Number(ms.toPrecision(3));

/** The duration that stands for a bucket, in milliseconds. */
export const durationOf = (bucket: number): number => rounded(mapping.value(bucket));

/** Quantiles of durations in milliseconds, of a sketch's buckets with their counts; undefined where there are none. */
export function quantiles(
  buckets: Iterable<readonly [bucket: number, count: number]>,
): { readonly count: number; readonly p50: number; readonly p95: number; readonly p99: number } | undefined {
  const sketch = new DDSketch({ relativeAccuracy: ACCURACY });
  for (const [bucket, count] of buckets) if (count > 0) sketch.accept(mapping.value(bucket), count);
  if (sketch.count === 0) return undefined;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => rounded(sketch.getValueAtQuantile(q)));
  return { count: sketch.count, p50: p50!, p95: p95!, p99: p99! };
}
