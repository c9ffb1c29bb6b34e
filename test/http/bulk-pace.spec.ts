import { describe, expect, it } from '@jest/globals';
import { BulkPace } from '../../src/http/bulk-pace.js';

/** Has slices of a body decided by a store that takes `msOf(reports)` for so many together; answers each slice. */
function decide(slices: number, msOf: (reports: number) => number, pace = new BulkPace(() => now)) {
  return Array.from({ length: slices }, () => {
    const reports = pace.next;
    const ms = msOf(reports);
    now += ms;
    pace.took(ms, reports);
    return { reports, ms };
  });
}
let now = 0;

const writing = (perSecond: number) => (reports: number) => (1_000 / perSecond) * reports;
const reportsOf = (slices: ReturnType<typeof decide>): number => slices.reduce((sum, { reports }) => sum + reports, 0);
const rateOf = (slices: ReturnType<typeof decide>): number =>
  (1_000 * reportsOf(slices)) / slices.reduce((sum, { ms }) => sum + ms, 0);

describe('the pace of large bodies', () => {
  it.each([2, 8, 60, 1_000])(
    'a store that writes %d a second is never given more than it writes within its time-outs',
    (perSecond) => {
      const slices = decide(100, writing(perSecond));
      expect(Math.max(...slices.map(({ ms }) => ms))).toBeLessThanOrEqual(4_000);
      expect(rateOf(slices)).toBeGreaterThan(0.9 * perSecond);
    },
  );

  it('a fast store is given thousands at once after a few slices', () => {
    const slices = decide(6, (reports) => 5 + reports / 20);
    expect(slices.at(-1)!.reports).toBe(4_096);
  });

  it.each([200, 700, 1_500])('a disk of which each commit takes %d ms is given the more, whatever one takes', (ms) => {
    expect(reportsOf(decide(15, (reports) => ms + reports / 20))).toBeGreaterThan(3_000);
  });

  it.each([0.3, 0.5])('a store that writes %d a second is given one after the other', (perSecond) => {
    const slices = decide(20, writing(perSecond));
    expect(slices.slice(3).map(({ reports }) => reports)).toEqual(Array.from({ length: 17 }, () => 1));
    expect(Math.max(...slices.map(({ reports }) => reports))).toBeLessThanOrEqual(2);
  });

  it('a store that grows slow is given less, one that recovers more', () => {
    const pace = new BulkPace(() => now);
    decide(10, writing(2_000), pace);
    const slow = decide(20, writing(50), pace);
    expect(slow.at(-1)!.ms).toBeLessThan(2_000);
    expect(decide(10, writing(2_000), pace).at(-1)!.reports).toBeGreaterThan(500);
  });

  it('what wrote nothing, such as replays, is no reason to give it more', () => {
    const pace = new BulkPace(() => now);
    for (let slice = 0; slice < 20; slice++) pace.took(1, 0);
    expect(pace.next).toBe(1);
  });

  it.each([
    ['a store that failed', (pace: BulkPace) => pace.beginAnew()],
    ['one that was asked nothing for long', () => void (now += 60_000)],
  ])('%s is tried anew with one', (_what, happen) => {
    const pace = new BulkPace(() => now);
    decide(10, writing(1_000), pace);
    expect(pace.next).toBeGreaterThan(900);
    happen(pace);
    expect(pace.next).toBe(1);
  });
});
