import fc from 'fast-check';
import { FIRST_INSTANT, LAST_INSTANT } from '../../../src/domain/clock.js';
import { present } from './arbitrary.js';

/** Moments at the ends of the calendar, and beyond, in the forms that people write. */
export const EDGES = [
  '9999-12-31T23:59:59-05:00',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.9999999Z',
  '0001-01-01T00:00:00Z',
  '0001-01-01T00:00:00+00:01',
  '0000-12-31T23:59:59-05:00',
  '0000-01-01T00:00:00Z',
  '+010000-01-01T04:59:59.000Z',
  '+275760-09-13T00:00:00.000Z',
  '+999999-01-01T00:00:00.000Z',
  '-000044-03-15T12:00:00.000Z',
  '2030-01-01T02:00:00+02:00',
  '2030-01-01T00:00:00.5Z',
];
/** One moment in every form of ISO 8601 that has a zone. */
export const ZONED = [
  '2030-01-01T12:00:00.000Z',
  '2030-01-01T12:00Z',
  '2030-01-01t12:00:00z',
  '2030-01-01T17:45:00+05:45',
  '2030-01-01T17:45:00+0545',
  '2030-01-01T12:00:00,0001+00',
  '2030-01-01T12:00:00.000999-0000',
];
/** What means a moment to its reader alone, or none: no zone, no ISO 8601, no such day. */
export const ZONELESS = [
  '2030-01-01T12:00:00',
  '2030-01-01T12:00:00.000',
  '2030-01-01',
  '2030-01-01 12:00:00Z',
  '2023-01-10 13:50:54 UTC',
  'Tue, 01 Jan 2030 12:00:00 GMT',
  'Tue Jan 01 2030 12:00:00',
  '01/02/2030',
  '1893499200000',
  '2030-02-30T12:00:00Z',
  '2030-13-01T12:00:00Z',
  '2030-01-01T12:60:00Z',
  '2030-01-01T12:00:00+99:00',
  ' 2030-01-01T12:00:00Z',
  'yesterday',
  '',
];
/** Moments of any kind, and what is none. */
export const moments = fc.oneof(
  fc.constantFrom(...EDGES, ...ZONED, ...ZONELESS),
  fc.date({ min: new Date(-8.64e15), max: new Date(8.64e15), noInvalidDate: true }).map((date) => date.toISOString()),
);
const durations = fc.constantFrom(0, 1, 8.64e12, 8.64e15, 1e300);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const OUTCOMES = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionTimedOut'];
const CLOCKED = ['ExecutionRegistered', 'ExecutionDescribed', 'ExecutionResumed'];
const TYPES = [...CLOCKED, ...OUTCOMES, 'ExecutionStarted', 'ExecutionWaiting', 'ExecutionPaused'];

/** An event that a producer appended straight to the store, with moments of any kind wherever one may stand. */
export const events = fc
  .record({
    type: fc.constantFrom(...TYPES),
    more: fc.record(
      { deadline: moments, timeout_ms: durations, completed_at: moments, duration_ms: durations },
      { requiredKeys: [] },
    ),
    attempt: fc.integer({ min: 1, max: 3 }),
    occurred_at: maybe(moments),
    recordedAt: fc.constantFrom(FIRST_INSTANT, '2030-01-01T00:00:00.000Z', LAST_INSTANT),
  })
  .map(({ type, more, attempt, ...rest }) => {
    const { deadline, timeout_ms, completed_at, duration_ms } = more;
    const clocks = present({ deadline, timeout_ms });
    const outcome = present({ completed_at, duration_ms });
    return {
      ...rest,
      type,
      data: { attempt, ...(OUTCOMES.includes(type) ? outcome : {}), ...(CLOCKED.includes(type) ? clocks : {}) },
    };
  });

/** One of these as the store gives it, at a revision. */
export const storedEvent = (
  { type, data, occurred_at, recordedAt }: typeof events extends fc.Arbitrary<infer E> ? E : never,
  revision: number,
) => ({
  stream: 'execution-x',
  revision,
  position: BigInt(revision),
  recordedAt,
  eventId: `${revision}`,
  type,
  data,
  metadata: {
    ...(occurred_at === undefined ? {} : { occurred_at }),
    reporter: { actor: 'a', authority: 'worker' as const },
  },
});
