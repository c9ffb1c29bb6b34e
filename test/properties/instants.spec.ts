import fc from 'fast-check';
import { executionRow } from '../../projections/execution-status.js';
import { targetHealth } from '../../projections/target-health.js';
import { instant } from '../../src/encoding/readings.js';
import { showExecution } from '../../src/contract/execution.js';
import { after, readInstant } from '../../src/domain/clock.js';
import { initial, type ExecutionState } from '../../src/domain/execution.js';
import { decode } from '../../src/event-store/codec.js';
import { foldEvent } from '../../src/event-store/read-execution.js';
import { EDGES, events, moments, storedEvent, ZONED, ZONELESS } from '../support/domain/clocked-events.js';
import { nowAt } from '../support/domain/given.js';

const ONE_WIDTH = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const LIKE_ONE = /^[+-]?\d{4,6}-\d\d-\d\dT/;

/** Every text in a value that is, or was meant to be, a moment. */
function momentsIn(value: unknown): string[] {
  if (typeof value === 'string') return LIKE_ONE.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(momentsIn) : [];
}

it('whatever moments were written, every one that is kept or shown has one width, and none stops its execution', () => {
  fc.assert(
    fc.property(fc.array(events, { minLength: 1, maxLength: 8 }), (all) => {
      let state: ExecutionState = initial;
      for (const [revision, one] of all.entries()) {
        const stored = storedEvent(one, revision);
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
      expect(a < b).toBe(Date.parse(a) < Date.parse(b));
      expect(after(a, ms)).toMatch(ONE_WIDTH);
    }),
  );
});

it.each(EDGES)('%s on the wire is what it is in a stream: a moment within the calendar, or none', (written) => {
  const read = readInstant(written);
  const command = instant.safeParse(written);
  expect(command.success ? command.data : undefined).toBe(read);
});

it.each(ZONED)('%s is one moment, in whatever form of ISO 8601 with a zone it is written', (written) => {
  expect(readInstant(written)).toBe('2030-01-01T12:00:00.000Z');
  expect(instant.parse(written)).toBe('2030-01-01T12:00:00.000Z');
});

it.each(ZONELESS)('what has no zone, or is no moment in ISO 8601, is read in nobody’s zone: %s', (written) => {
  expect(readInstant(written)).toBeUndefined();
  expect(instant.safeParse(written).error!.issues[0]!.message).toContain('as ISO 8601 with a zone, such as');
});
