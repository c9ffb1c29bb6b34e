import { describe, expect, it } from '@jest/globals';
import { linesOf, slices, tally, type Receipt } from '../../src/web/pages/executions/tally.js';

const receipt = (id: string, more: Partial<Receipt>): Receipt => ({
  execution_id: id,
  verdict: 'applied',
  applied: false,
  current: { status: 'succeeded', attempt: 1, authority: 'worker', sealed: true, dispatched: true, revision: 2 },
  ...more,
});

describe('the receipts of a bulk command', () => {
  it('are told by what won, or would, and by why the others did not, the most frequent reason first', () => {
    const told = tally([
      receipt('a', { would_apply: true }),
      receipt('b', { applied: true }),
      receipt('c', { verdict: 'duplicate', would_apply: false }),
      ...['d', 'e'].map((id) => receipt(id, { verdict: 'conflict', would_apply: false })),
      { verdict: 'unavailable', applied: false, error: 'the store is out of reach' },
    ]);
    expect([told.count, told.won]).toEqual([6, 2]);
    expect(told.lost.map(({ count, words, examples }) => [count, words, examples])).toEqual([
      [2, 'succeeded: another outcome stands', ['d', 'e']],
      [1, 'succeeded: it stands so already', ['c']],
      [1, 'the store is out of reach', []],
    ]);
  });

  it('are read line by line, wherever the parts of the answer end', async () => {
    async function* parts() {
      yield* ['{"a"', ':1}\n{"b":', '2}\n\n{"c":3}'];
    }
    const lines = [];
    for await (const line of linesOf(parts())) lines.push(line);
    expect(lines).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it('are asked for so many at a time', () => {
    expect(slices([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(slices([], 2)).toEqual([]);
  });
});
