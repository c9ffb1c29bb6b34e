import fc from 'fast-check';
import { executionRow } from '../../projections/execution-status.js';
import { targetHealth } from '../../projections/target-health.js';
import { instant } from '../../src/contract/primitives.js';
import { showExecution } from '../../src/contract/execution.js';
import { after, FIRST_INSTANT, LAST_INSTANT, readInstant } from '../../src/domain/clock.js';
import { initial, type ExecutionState } from '../../src/domain/execution.js';
import { decode } from '../../src/event-store/codec.js';
import { foldEvent } from '../../src/event-store/read-execution.js';
import { present } from '../support/arbitrary.js';
import { nowAt } from '../support/given.js';

const ONE_WIDTH = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const LIKE_ONE = /^[+-]?\d{4,6}-\d\d-\d\dT/;

const EDGES = [
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
const moments = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.date({ min: new Date(-8.64e15), max: new Date(8.64e15), noInvalidDate: true }).map((date) => date.toISOString()),
);
const durations = fc.constantFrom(0, 1, 8.64e12, 8.64e15, 1e300);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const OUTCOMES = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionTimedOut'];
const CLOCKED = ['ExecutionRegistered', 'ExecutionDescribed', 'ExecutionResumed'];
const TYPES = [...CLOCKED, ...OUTCOMES, 'ExecutionStarted', 'ExecutionWaiting', 'ExecutionPaused'];

/** An event that a producer appended straight to the store, with moments of any kind wherever one may stand. */
const events = fc
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

/** Every text in a value that is, or was meant to be, a moment. */
function momentsIn(value: unknown): string[] {
  if (typeof value === 'string') return LIKE_ONE.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(momentsIn) : [];
}

it('whatever moments were written, every one that is kept or shown has one width, and none stops its execution', () => {
  fc.assert(
    fc.property(fc.array(events, { minLength: 1, maxLength: 8 }), (all) => {
      let state: ExecutionState = initial;
      for (const [revision, { type, data, occurred_at, recordedAt }] of all.entries()) {
        const metadata = {
          ...(occurred_at === undefined ? {} : { occurred_at }),
          reporter: { actor: 'a', authority: 'worker' as const },
        };
        const stored = {
          stream: 'execution-x',
          revision,
          position: BigInt(revision),
          recordedAt,
          eventId: `${revision}`,
          type,
          data,
          metadata,
        };
        const decoded = decode(stored);
        expect(decoded).toMatchObject({ kind: 'ours', event: { metadata: { reporter: { authority: 'worker' } } } });
        const { state: next, event } = foldEvent(state, stored) as { state: ExecutionState; event: never };
        const health = next.status === 'none' ? [] : targetHealth.contribute(state, next, event);
        expect(momentsIn([decoded, next, health]).filter((text) => !ONE_WIDTH.test(text))).toEqual([]);
        state = next;
      }
      if (state.status === 'none') return;
      const shown = [executionRow('x', state), showExecution('x', state, nowAt(0), 0)];
      expect(momentsIn(shown).filter((text) => !ONE_WIDTH.test(text))).toEqual([]);
    }),
  );
});

it('a moment is read in one width, or not at all; moments compare as their texts do', () => {
  fc.assert(
    fc.property(moments, moments, fc.integer({ min: -1e16, max: 1e16 }), (one, other, ms) => {
      const [a, b] = [readInstant(one), readInstant(other)];
      for (const read of [a, b]) if (read !== undefined) expect(read).toMatch(ONE_WIDTH);
      if (a === undefined || b === undefined) return;
      expect(a < b).toBe(Date.parse(one) < Date.parse(other));
      expect(after(a, ms)).toMatch(ONE_WIDTH);
    }),
  );
});

it.each(EDGES)('%s on the wire is a moment within the calendar, or none', (written) => {
  const read = readInstant(written);
  const command = instant.safeParse(written);
  expect(command.success ? command.data : undefined).toBe(/^[+-]/.test(written) ? undefined : read);
});
