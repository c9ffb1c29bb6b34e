import { describe, expect, it } from '@jest/globals';
import { askedOf, countable, newerThan, partsOf, searchOf } from '../../src/web/pages/overview/asked.js';
import { columnsOf, partsOfBuckets } from '../../src/web/pages/overview/series.js';
import { columnAt, labelledOf, ticksOf } from '../../src/web/shared/chart/scale.js';
import { beginOf, endedFrom, iso, lastOf } from '../../src/web/shared/last.js';

describe('the address of the overview', () => {
  it('narrows the figures, and has the last day by outcome for what it does not say or nobody knows', () => {
    const narrow = { workflow_id: 'w', target: 't', kind: 'k' };
    expect(askedOf({ ...narrow, last: '7d', by: 'kind' })).toEqual({ narrow, last: '7d', by: 'kind' });
    expect(askedOf({ last: 'year', by: 'moon', other: 'x' })).toEqual({ narrow: {}, last: '24h', by: 'status' });
    expect(countable(narrow)).toEqual({ workflow_id: 'w', target: 't' });
  });

  it('is left for what the API names', () => {
    const query = '/api/v1/executions?status=failed&status=timeout&resumable=true';
    expect(searchOf(query)).toEqual({ status: ['failed', 'timeout'], resumable: 'true' });
    expect(searchOf('/api/v1/projections')).toEqual({});
  });
});

describe('the time of figures', () => {
  it('has whole units up to the present one', () => {
    const now = Date.parse('2026-11-30T07:58:30.500Z');
    expect(iso(beginOf('1h', 60_000, now))).toBe('2026-11-30T06:59:00.000Z');
    expect(iso(beginOf('24h', 3_600_000, now))).toBe('2026-11-29T08:00:00.000Z');
    expect(endedFrom(now)).toEqual({ completed_after: '2026-11-30T07:58:30.499Z' });
    expect(lastOf({ last: '31d' }, ['24h', '7d'])).toBe('24h');
  });
});

it('a pattern shows in marks what differs from error to error', () => {
  expect(partsOf('HTTP <n> from <url> <b>')).toEqual([
    { text: 'HTTP ', varies: false },
    { text: '‹n›', varies: true },
    { text: ' from ', varies: false },
    { text: '‹url›', varies: true },
    { text: ' <b>', varies: false },
  ]);
});

it('what is newer than what is shown is counted, whether it came or moved on', () => {
  const at = (execution_id: string, revision: number) => ({ execution_id, revision });
  expect(newerThan([at('a', 1), at('b', 1)], [at('c', 0), at('a', 2), at('b', 1)])).toBe(2);
});

describe('the bars of outcomes', () => {
  const from = '2026-11-30T07:00:00.000Z';
  const bucket = (counts: Record<string, number>, more = {}) => ({ from, counts, ...more });

  it('have the statuses in an order of their own, other parts by how much there is of them', () => {
    const byStatus = partsOfBuckets([bucket({ failed: 3, succeeded: 1 })], 'status');
    expect(byStatus.map(({ name }) => name)).toEqual(['succeeded', 'failed', 'timeout', 'cancelled']);
    const buckets = [bucket({ a: 1, b: 2 }, { absent: 4 }), bucket({ c: 9 })];
    const parts = partsOfBuckets(buckets, 'target');
    expect(parts.map(({ name }) => name)).toEqual(['c', 'b', 'a', 'none said']);
    expect(columnsOf(buckets, parts).map(({ amounts }) => amounts)).toEqual([
      [0, 2, 1, 4],
      [9, 0, 0, 0],
    ]);
  });

  it('have names as producers choose them, those that every object has included', () => {
    const buckets = [bucket({ a: 1 }), bucket({ constructor: 2 })];
    const parts = partsOfBuckets(buckets, 'target');
    expect(columnsOf(buckets, parts).map(({ amounts }) => amounts)).toEqual([
      [0, 1],
      [2, 0],
    ]);
  });

  it('stand against round figures, with some of the times below', () => {
    expect(ticksOf(1_580)).toEqual([0, 1_000, 2_000]);
    expect(ticksOf(0)).toEqual([0, 1]);
    expect(labelledOf(48, 6)).toEqual([0, 8, 16, 24, 32, 40]);
    expect([columnAt(0, 100, 10), columnAt(55, 100, 10), columnAt(100, 100, 10)]).toEqual([0, 5, 9]);
  });
});
