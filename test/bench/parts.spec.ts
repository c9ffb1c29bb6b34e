import { expect, it } from '@jest/globals';
import { visibleRows } from '../../bench/endpoints.js';
import { measureParts } from '../../bench/parts.js';
import { row } from '../../bench/row.js';

it('a part of the benchmarks that fails loses no row of the others, and is named with its error', async () => {
  const began: string[] = [];
  const [early, late] = [row('early', 1, 'ms'), row('late', 2, 'ms')];
  const overloaded = new Error('overloaded');
  const measured = await measureParts(
    { first: async () => [early], second: () => Promise.reject(overloaded), third: async () => [late] },
    (part) => began.push(part),
  );
  expect(measured).toEqual({ rows: [early, late], failed: [['second', overloaded]] });
  expect(began).toEqual(['first', 'second', 'third']);
});

it('a machine that does not take the steady rate is measured at what it takes, and has not met the aim', () => {
  const [taken, p50, p99] = visibleRows({ p50: 5, p99: 20, rate: 1_655.4 });
  expect(taken).toMatchObject({ value: 1_655.4, target: '≥ 2000', met: false });
  expect(p50!.name).toBe('append → visible at 1,655 of 2,000 reports/s: p50');
  expect(p99).toEqual({ name: 'append → visible at 1,655 of 2,000 reports/s: p99', value: 20, unit: 'ms' });
});

it('a machine that takes the steady rate is judged by how soon a report is visible', () => {
  expect(visibleRows({ p50: 5, p99: 20, rate: 1_900 })).toMatchObject([
    { name: 'append → visible at 2,000 reports/s: p50', value: 5 },
    { name: 'append → visible at 2,000 reports/s: p99', value: 20, target: '≤ 25', met: true },
  ]);
});
