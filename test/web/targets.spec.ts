import { expect, it } from '@jest/globals';
import { hoursOf } from '../../src/web/pages/targets/by-hour.js';
import { percent, rowsOf, sorted, sortOf, times } from '../../src/web/pages/targets/rows.js';

const took = (p95: number) => ({ count: 1, p50: 1, p95, p99: p95 });
const told = (target: string | null, outcomes: object, p95?: number) => ({
  target,
  outcomes: outcomes as Record<string, Record<string, number>>,
  ...(p95 !== undefined && { durations_ms: took(p95) }),
});

it('targets are sorted by what is asked, those without it last; slower is by the time before', () => {
  const now = [
    told('a', { succeeded: { worker: 6, operator: 2 }, failed: { worker: 1 }, timeout: { watchdog: 1 } }, 300),
    told('b', { succeeded: { worker: 20 } }, 100),
    told(null, { failed: { worker: 1 } }),
  ];
  const rows = rowsOf(now, [told('a', {}, 100), told('b', {}, 200)]);
  expect(rows[0]).toEqual({
    ...{ target: 'a', outcomes: { succeeded: 8, failed: 1, timeout: 1, cancelled: 0 }, total: 10, failing: 0.2 },
    ...{ p50: 1, p95: 300, p99: 300, slower: 3 },
  });
  const order = (sort: string) => sorted(rows, sortOf(sort)).map(({ target }) => target);
  expect(order('total')).toEqual(['b', 'a', null]);
  expect(order('failing')).toEqual([null, 'a', 'b']);
  expect(order('slower')).toEqual(['a', 'b', null]);
  expect(order('moon')).toEqual(order('total'));
});

it('every hour of the time is there, those included in which nothing ended', () => {
  const [from, to] = ['2026-11-30T05:00:00.000Z', '2026-11-30T07:20:00.000Z'];
  const hour = { hour: '2026-11-30T06:00:00.000Z', outcomes: { failed: { worker: 2 } }, durations_ms: took(7) };
  const hours = hoursOf({ from, to, targets: [{ ...told('a', {}), hours: [hour] }] });
  expect(hours.map(({ amounts }) => amounts)).toEqual([
    [0, 0, 0, 0],
    [0, 2, 0, 0],
    [0, 0, 0, 0],
  ]);
  expect(hours[1]!.p95).toBe(7);
});

it('shares and factors are written in short', () => {
  expect([0, 0.0004, 0.012, 0.5].map(percent)).toEqual(['0 %', '< 0.1 %', '1.2 %', '50 %']);
  expect([1.84, 23.4].map(times)).toEqual(['1.8 ×', '23 ×']);
});
