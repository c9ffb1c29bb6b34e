import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ACCURACY, quantiles, targetHealth } from '../../projections/target-health.js';
import type { ProjectedEvent } from '../../projections/projection.js';
import { evolve } from '../../src/domain/evolve.js';
import { initial, type ExecutionState, type ExistingExecution } from '../../src/domain/execution.js';
import { at, became, fact, HOUR, MINUTE, recorded, SECOND, type Fact } from '../support/domain/given.js';

type Key = { target: string | null; hour: string; status: string; authority: string; bucket: number | null };

/** What remains of all that these facts added and took back. */
function contributed(...facts: Fact[]): { key: Key; count: number }[] {
  const sums = new Map<string, { key: Key; count: number }>();
  let [state, ms]: [ExecutionState, number] = [initial, 0];
  for (const one of facts) {
    ms = one.at ?? ms;
    const event = recorded(one, state, at(ms));
    const after = evolve(state, event) as ExistingExecution;
    const given = { ...event, execution_id: 'x' } as ProjectedEvent;
    for (const { key, add } of targetHealth.contribute(state, after, given)) {
      const sum = sums.get(JSON.stringify(key)) ?? { key: key as Key, count: 0 };
      sums.set(JSON.stringify(key), { ...sum, count: sum.count + add['count']! });
    }
    state = after;
  }
  return [...sums.values()].filter(({ count }) => count !== 0);
}
const inShort = ({ key, count }: { key: Key; count: number }): string =>
  `${count} at ${key.hour.slice(0, 13)}h: ${key.status} by ${key.authority}${key.bucket === null ? '' : ', timed'}`;

const registered = fact('ExecutionRegistered', { target: 't' });
const resumed = fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' });
const later = (one: Fact, ms: number): Fact => ({ ...one, at: ms });

describe('an outcome', () => {
  it.each<[string, Fact[], string[]]>([
    ['is none while it is open', [registered, became('running'), became('waiting')], []],
    [
      'counts once, however often it is told',
      [registered, became('running'), later(became('failed'), 100 * SECOND), became('failed')],
      ['1 at 2030-01-01T00h: failed by worker, timed'],
    ],
    [
      'counts in its own hour',
      [registered, later(became('failed'), HOUR + MINUTE)],
      ['1 at 2030-01-01T01h: failed by worker'],
    ],
    [
      'that was a guess is replaced by the worker’s, in the worker’s hour',
      [registered, became('timeout', 'watchdog'), later(became('succeeded'), 2 * HOUR)],
      ['1 at 2030-01-01T02h: succeeded by worker'],
    ],
    [
      'that was guessed right is the worker’s from then on',
      [registered, became('failed', 'watchdog'), became('failed')],
      ['1 at 2030-01-01T00h: failed by worker'],
    ],
    [
      'that was refused counts nothing',
      [registered, became('failed'), became('succeeded')],
      ['1 at 2030-01-01T00h: failed by worker'],
    ],
    [
      'stands when the next attempt is opened, which has its own',
      [registered, became('failed'), resumed, later(became('succeeded', 'worker', 2), HOUR)],
      ['1 at 2030-01-01T00h: failed by worker', '1 at 2030-01-01T01h: succeeded by worker, timed'],
    ],
    [
      'that is discarded is a cancel, in the hour of the cancel',
      [registered, became('failed'), later(became('cancelled', 'operator'), 3 * HOUR)],
      ['1 at 2030-01-01T03h: cancelled by operator'],
    ],
    [
      'goes with the target that comes late',
      [became('failed'), fact('ExecutionDescribed', { target: 't', by_report: true }), became('running')],
      ['1 at 2030-01-01T00h: failed by worker'],
    ],
    [
      'told by a clock before the calendar’s beginning is put there',
      [registered, fact('ExecutionFailed', { completed_at: '-000044-03-15T12:00:00.000Z' })],
      ['1 at 0001-01-01T00h: failed by worker'],
    ],
  ])('%s', (_name, facts, expected) => expect(contributed(...facts).map(inShort)).toEqual(expected));
});

describe('the sketch', () => {
  const bucketOf = (duration_ms: number): number =>
    contributed(registered, fact('ExecutionSucceeded', { duration_ms }))[0]!.key.bucket!;

  it('tells a quantile to a hundredth, of durations of any length', () => {
    const property = fc.property(
      fc.array(fc.double({ min: 0.02, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (durations) => {
        const sketch = quantiles(durations.map((one) => [bucketOf(one), 1] as const))!;
        const sorted = [...durations].sort((a, b) => a - b);
        const rank = Math.floor(0.5 * (sorted.length - 1));
        expect(sketch.count).toBe(durations.length);
        // Three digits are shown, which rounds once more.
        expect(Math.abs(sketch.p50 / sorted[rank]! - 1)).toBeLessThan(ACCURACY + 0.006);
      },
    );
    fc.assert(property, { numRuns: 100 });
  });

  it('is merged by adding, and has none where nothing is timed', () => {
    const [short, long] = [bucketOf(10), bucketOf(1_000)];
    expect(
      quantiles([
        [short, 98],
        [long, 2],
      ]),
    ).toMatchObject({ count: 100, p50: expect.closeTo(10, 0) });
    expect(
      quantiles([
        [short, 1],
        [short, 1],
        [long, 8],
      ])!.p50,
    ).toBeGreaterThan(900);
    expect(quantiles([])).toBeUndefined();
    expect(quantiles([[short, 0]])).toBeUndefined();
    expect([bucketOf(0), bucketOf(1e-300)]).toEqual([bucketOf(0.01), bucketOf(0.01)]);
    expect(Number.isInteger(bucketOf(1e300))).toBe(true);
  });
});
