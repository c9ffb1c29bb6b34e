import { describe, expect, it } from '@jest/globals';
import { aheadBy } from '../../src/web/shared/clock.js';

const SENT = Date.UTC(2026, 0, 31, 12, 0, 0, 250);
const HOUR = 3_600_000;
/** The `Date` of an answer that was given so long after the question by the ledger's clock, which is so far ahead. */
const dateAt = (afterMs: number, aheadMs: number): number => Math.floor((SENT + afterMs + aheadMs) / 1_000) * 1_000;
const learnt = (known: number, tookMs: number, answeredMs: number, aheadMs: number): number =>
  aheadBy(known, dateAt(answeredMs, aheadMs), { sent: SENT, received: SENT + tookMs });

describe("the ledger's clock, as answers tell it", () => {
  it.each([
    [20, 10],
    [1_500, 1_490],
    [5_000, 0],
    [5_000, 4_999],
    [30_000, 15_000],
  ])('is right where both clocks agree, however long an answer takes (%i ms, given after %i)', (tookMs, answeredMs) => {
    expect(learnt(0, tookMs, answeredMs, 0)).toBe(0);
  });

  it.each([HOUR, -HOUR, 5_000, -5_000])(
    'is known to a second where it is %i ms ahead, by an answer that came soon',
    (ahead) => {
      expect(Math.abs(learnt(0, 40, 20, ahead) - ahead)).toBeLessThanOrEqual(1_040);
    },
  );

  it.each([HOUR, -HOUR])('is not known worse where it is %i ms ahead and an answer took long', (ahead) => {
    const known = learnt(0, 40, 20, ahead);
    for (const answeredMs of [10, 10_000, 19_990]) {
      const then = learnt(known, 20_000, answeredMs, ahead);
      expect(Math.abs(then - ahead)).toBeLessThanOrEqual(Math.abs(known - ahead));
    }
  });

  it('is right again once it was put right', () => {
    expect(learnt(learnt(0, 40, 20, HOUR), 40, 20, 0)).toBe(0);
  });

  it("tells nothing where this browser's clock was set while it was on its way", () => {
    expect(learnt(0, -HOUR, 20, 0)).toBe(0);
  });
});
