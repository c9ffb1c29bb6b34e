import { expect, it } from '@jest/globals';
import { stampAfter, StoreClock } from '../../src/event-store/store-clock.js';

const at = (ms: number): string => new Date(ms).toISOString();

it('a clock is put right by what the store says, as far as the time that the answer took leaves no doubt', () => {
  let own = 10_000;
  const clock = new StoreClock(() => own);
  own = 10_100;
  clock.learn(3_610_050, 10_000); // said at some moment of these 100 ms
  expect(clock.offsetMs).toBe(3_599_950);
  own = 20_000;
  clock.learn(3_620_000, 10_000); // an answer that took ten seconds says nothing new
  expect(clock.offsetMs).toBe(3_600_000);
  clock.learn(3_625_000, 15_000);
  expect(clock.offsetMs).toBe(3_605_000);
  expect(clock.now()).toBe(3_625_000);
});

it('an answer in which this machine’s clock was set back tells nothing', () => {
  let own = 10_000;
  const clock = new StoreClock(() => own);
  own = 5_000;
  clock.learn(10_000, 10_000);
  expect(clock.offsetMs).toBe(0);
});

it.each([
  [undefined, 1_000, 1_000, 0],
  [500, 1_000, 1_000, 0],
  [1_500, 1_000, 1_500, 0],
  [301_000, 1_000, 301_000, 0],
  [301_001, 1_000, 1_000, 300_001],
  [253_402_300_799_999, 1_000, 1_000, 253_402_300_798_999],
])('a stamp after %s, when the clock stands at %i, is %i', (last, now, stamp, aheadMs) => {
  expect(stampAfter(last === undefined ? undefined : at(last), at(now))).toEqual({ at: at(stamp), aheadMs });
});
