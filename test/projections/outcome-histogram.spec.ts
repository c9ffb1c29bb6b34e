import { describe, expect, it } from '@jest/globals';
import { outcomeHistogram } from '../../projections/outcome-histogram.js';
import type { ProjectedEvent } from '../../projections/projection.js';
import { evolve } from '../../src/domain/evolve.js';
import { initial, type ExecutionState, type ExistingExecution } from '../../src/domain/execution.js';
import { at, became, fact, HOUR, MINUTE, recorded, SECOND, type Fact } from '../support/domain/given.js';

/** What remains in the rows of a scope of all that these facts added and took back. */
function contributed(scope: string, ...facts: Fact[]): string[] {
  const sums = new Map<string, number>();
  let [state, ms]: [ExecutionState, number] = [initial, 0];
  for (const one of facts) {
    ms = one.at ?? ms;
    const event = recorded(one, state, at(ms));
    const after = evolve(state, event) as ExistingExecution;
    const given = { ...event, execution_id: 'x' } as ProjectedEvent;
    for (const { key, add } of outcomeHistogram.contribute(state, after, given)) {
      const { at: begins, status, kind, target, workflow_id, bucket } = key;
      const timed = bucket === null ? '' : ', timed';
      const named = `${String(begins).slice(0, 16)} ${String(status)} ${[kind, target, workflow_id].join('/')}${timed}`;
      if (key['scope'] === scope) sums.set(named, (sums.get(named) ?? 0) + add['count']!);
    }
    state = after;
  }
  return [...sums].flatMap(([named, count]) => (count === 0 ? [] : [`${count} ${named}`]));
}

const registered = fact('ExecutionRegistered', { kind: 'k', target: 't', workflow_id: 'w' });
const later = (one: Fact, ms: number): Fact => ({ ...one, at: ms });
const resumed = fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' });
const done = later(became('succeeded'), HOUR + MINUTE + SECOND);
const timed = [registered, became('running'), done];

describe('an outcome', () => {
  it.each<[string, string[]]>([
    ['minute', ['1 2030-01-01T01:01 succeeded k/t/w, timed']],
    ['day', ['1 2030-01-01T00:00 succeeded k/t/w, timed']],
    ['day-durations', ['1 2030-01-01T00:00 succeeded k//, timed']],
    ['day-targets', ['1 2030-01-01T00:00 succeeded k/t/']],
    ['day-workflows', ['1 2030-01-01T00:00 succeeded k//w']],
  ])('is in the rows of %s once', (scope, expected) => expect(contributed(scope, ...timed)).toEqual(expected));

  it.each<[string, Fact[], string[]]>([
    ['is none while it is open', [registered, became('running'), became('waiting')], []],
    [
      'that was a guess is replaced by the worker’s, in the worker’s minute',
      [registered, became('timeout', 'watchdog'), later(became('succeeded'), MINUTE)],
      ['1 2030-01-01T00:01 succeeded k/t/w'],
    ],
    [
      'stands when the next attempt is opened, which has its own',
      [registered, became('failed'), resumed, later(became('succeeded', 'worker', 2), HOUR)],
      ['1 2030-01-01T00:00 failed k/t/w', '1 2030-01-01T01:00 succeeded k/t/w, timed'],
    ],
    [
      'that is discarded is a cancel, in the minute of the cancel',
      [registered, became('failed'), later(became('cancelled', 'operator'), 3 * MINUTE)],
      ['1 2030-01-01T00:03 cancelled k/t/w'],
    ],
    [
      'goes with the target that comes late',
      [became('failed'), fact('ExecutionDescribed', { target: 't', by_report: true }), became('running')],
      ['1 2030-01-01T00:00 failed /t/'],
    ],
    [
      'told by a clock before the calendar’s beginning is put there',
      [registered, fact('ExecutionFailed', { completed_at: '-000044-03-15T12:00:00.000Z' })],
      ['1 0001-01-01T00:00 failed k/t/w'],
    ],
  ])('%s', (_name, facts, expected) => expect(contributed('minute', ...facts)).toEqual(expected));
});
