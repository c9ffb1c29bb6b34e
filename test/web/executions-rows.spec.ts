import { describe, expect, it } from '@jest/globals';
import type { components } from '../../src/client/openapi.js';
import { chosen, moved, written } from '../../src/web/pages/executions/column-choice.js';
import { held, later, newer } from '../../src/web/pages/executions/held.js';
import { said, tookMs } from '../../src/web/pages/executions/says.js';

type ExecutionSummary = components['schemas']['ExecutionSummary'];

const NOW = Date.parse('2026-11-30T12:00:00.000Z');
const at = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString();
const execution = (id: string, more: Partial<ExecutionSummary> = {}): ExecutionSummary => ({
  execution_id: id,
  run_id: id,
  labels: {},
  status: 'running',
  sealed: false,
  attempt: 1,
  report_as: `${id}~1`,
  authority: null,
  created_at: at(-60),
  last_activity_at: at(-60),
  stale: false,
  silent: false,
  resumable: false,
  cancellable: true,
  dispatched: true,
  awaiting_worker: false,
  refused_count: 0,
  anomalies: { regressions: 0, dropped: 0, conflicts: 0, fenced: 0, superseded: 0 },
  revision: 1,
  position: '9',
  ...more,
});
const page = (...executions: ExecutionSummary[]) => ({ executions });

describe('the rows that are held', () => {
  it('hold an execution once that moved between two pages while they were read', () => {
    const { rows, at: places } = held([page(execution('a'), execution('b')), page(execution('b'), execution('c'))]);
    expect(rows.map(({ execution_id: id }) => id)).toEqual(['a', 'b', 'c']);
    expect(places.get('c')).toBe(2);
  });

  it('show the answer that reflects more, whichever came last, and the latest of two that reflect the same', () => {
    const [old, young] = [execution('a', { position: '9' }), execution('a', { position: '10' })];
    expect(later(old, young)).toBe(young);
    expect(later(young, old)).toBe(young);
    const silent = execution('a', { silent: true });
    expect(later(old, silent)).toBe(silent);
  });

  it.each([
    ['none, while nothing came', ['b', 'a'], { count: 0, isMore: false }],
    ['those that came', ['d', 'c', 'b', 'a'], { count: 2, isMore: false }],
    ['none, when the first of them no longer matches', ['a'], { count: 0, isMore: false }],
    ['at least so many, when none of them is among the first', ['f', 'e'], { count: 2, isMore: true }],
  ])('tell how many are newer: %s', (_, head, expected) => {
    const rows = held([page(execution('b'), execution('a'))]);
    expect(
      newer(
        head.map((id) => execution(id)),
        rows,
        'created_at',
      ),
    ).toEqual(expected);
  });

  it('count one that moved to the top by what they are sorted by', () => {
    const rows = held([page(execution('c'), execution('b'), execution('a'))]);
    const head = [execution('a', { last_activity_at: at(0) }), execution('c'), execution('b')];
    expect(newer(head, rows, 'last_activity_at').count).toBe(1);
  });
});

describe('what an execution says', () => {
  it.each([
    [
      { silent: true, error: 'no' },
      { text: 'silent for 1 min', tone: 'late' },
    ],
    [
      { error: 'no', status_reason: 'why' },
      { text: 'no', tone: 'bad' },
    ],
    [
      { status_reason: 'why', message: 'step 3' },
      { text: 'why', tone: 'plain' },
    ],
    [{ message: 'step 3' }, { text: 'step 3', tone: 'plain' }],
    [{}, undefined],
  ] as const)('%j', (more, expected) => {
    expect(said(execution('a', more), NOW)).toEqual(expected);
  });

  it('is how long it took, or so far, and nothing where that is not known', () => {
    expect(tookMs(execution('a', { duration_ms: 5 }), NOW)).toBe(5);
    expect(tookMs(execution('a', { started_at: at(-3) }), NOW)).toBe(3_000);
    expect(tookMs(execution('a', { started_at: at(-3), completed_at: at(-1) }), NOW)).toBeUndefined();
    expect(tookMs(execution('a'), NOW)).toBeUndefined();
  });
});

describe('the columns', () => {
  const isColumn = (name: string): name is 'a' | 'b' | 'c' => ['a', 'b', 'c'].includes(name);

  it('are those of the address in its order, without what nobody knows, or the usual', () => {
    expect(chosen('c,x,a,c', isColumn, ['b'])).toEqual(['c', 'a']);
    expect(chosen(undefined, isColumn, ['b'])).toEqual(['b']);
    expect(chosen('x', isColumn, ['b'])).toEqual(['b']);
    expect(chosen(written(['c', 'a']), isColumn, ['b'])).toEqual(['c', 'a']);
  });

  it('move a place, and stay at the ends', () => {
    expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
  });
});
