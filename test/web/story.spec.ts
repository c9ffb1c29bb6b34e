import { describe, expect, it } from '@jest/globals';
import { differences } from '../../src/web/pages/execution/differences.js';
import { brief, find, jsonOf, type Piece } from '../../src/web/pages/execution/payload-tree.js';
import {
  entriesOf,
  lanesOf,
  skewOf,
  type RefusedEvent,
  type HistoryEvent,
} from '../../src/web/pages/execution/story.js';
import { ago, bytes, duration } from '../../src/web/shared/format.js';

const T0 = Date.parse('2026-11-27T22:00:00.000Z');
const at = (second: number): string => new Date(T0 + second * 1_000).toISOString();

/** An event of a history, by its type and the second at which it was recorded. */
const event = (
  position: number,
  type: string,
  status: HistoryEvent['status'],
  more: Partial<HistoryEvent> = {},
): HistoryEvent =>
  ({
    revision: position,
    position: String(position),
    event_id: `e${position}`,
    type,
    attempt: 1,
    status,
    recorded_at: at(position),
    data: {},
    ...more,
  }) as HistoryEvent;

const HISTORY = [
  event(0, 'ExecutionRegistered', 'pending'),
  event(1, 'ExecutionStarted', 'running'),
  event(2, 'ExecutionProgressed', 'running', { data: { progress: 10 } as never }),
  event(3, 'ExecutionProgressed', 'running', { data: { progress: 60 } as never }),
  event(5, 'ExecutionFailed', 'failed'),
  event(8, 'ExecutionResumed', 'running', { attempt: 2, reporter: { actor: 'ops', authority: 'operator' } }),
  event(10, 'ExecutionSucceeded', 'succeeded', { attempt: 2 }),
];
const REFUSED = [event(9, 'ReportRefused', 'running', { attempt: 2 })] as RefusedEvent[];

describe('a history', () => {
  const kinds = (shown: Parameters<typeof entriesOf>[2]) =>
    entriesOf(HISTORY, REFUSED, shown).map((entry) =>
      entry.kind === 'progress' ? `progress of ${entry.events.length}` : `${entry.kind} ${entry.event.position}`,
    );

  it('has refused reports where they arrived, and progress in a row as one', () => {
    expect(kinds('all')).toEqual([
      'event 0',
      'event 1',
      'progress of 2',
      'event 5',
      'event 8',
      'refused 9',
      'event 10',
    ]);
  });

  it('is filtered to what set a status, or to what was refused', () => {
    expect(kinds('outcomes')).toEqual(['event 0', 'event 1', 'event 5', 'event 8', 'event 10']);
    expect(kinds('refused')).toEqual(['refused 9']);
  });

  it('tells the clock of whoever reported where it is off by a second or more', () => {
    expect(skewOf(event(5, 'ExecutionStarted', 'running', { occurred_at: at(7) }))).toBe(
      'its own clock says 2.0 s later',
    );
    expect(skewOf(event(5, 'ExecutionFailed', 'failed', { data: { completed_at: at(1) } as never }))).toBe(
      'its own clock says 4.0 s earlier',
    );
    expect(skewOf(event(5, 'ExecutionStarted', 'running', { occurred_at: at(5.9) }))).toBeUndefined();
  });
});

describe('the attempts', () => {
  it('are lanes of pieces, each as long as its status stood', () => {
    const second = (ms: number) => (ms - T0) / 1_000;
    const lanes = lanesOf(HISTORY, T0 + 60_000).map(({ attempt, pieces, end, openedBy }) => ({
      attempt,
      pieces: pieces.map(({ status, from, to }) => [status, second(from), second(to)]),
      end: end && [end.status, second(end.at)],
      openedBy,
    }));
    expect(lanes).toEqual([
      {
        attempt: 1,
        pieces: [
          ['pending', 0, 1],
          ['running', 1, 5],
        ],
        end: ['failed', 5],
        openedBy: undefined,
      },
      { attempt: 2, pieces: [['running', 8, 10]], end: ['succeeded', 10], openedBy: 'ops (operator)' },
    ]);
  });

  it('of what still runs go on until now', () => {
    expect(lanesOf(HISTORY.slice(0, 2), T0 + 60_000)[0]!.pieces.at(-1)).toEqual({
      status: 'running',
      from: T0 + 1_000,
      to: T0 + 60_000,
    });
  });
});

describe('a payload', () => {
  const piece: Piece = {
    members: [
      ['id', { digits: '12345678901234567890' }],
      ['list', { items: ['Needle', null, true] }],
      ['needle', { items: [] }],
    ],
  };

  it('keeps every digit of its numbers', () => {
    expect(jsonOf(piece)).toBe('{"id":12345678901234567890,"list":["Needle",null,true],"needle":[]}');
    expect([brief(piece), brief(piece.members[1]![1])]).toEqual(['{ 3 }', '[ 3 ]']);
  });

  it('is searched by keys and values, whatever their case', () => {
    expect(find(piece, 'NEEDLE')).toEqual([
      { path: 'list.0', value: '"Needle"' },
      { path: 'needle', value: '[ 0 ]' },
    ]);
  });
});

it('two states differ in the fields that are not equal, those that one lacks included', () => {
  expect(differences({ a: 1, b: 'x', position: '1' }, { a: 1, c: { d: 2 }, position: '2' })).toEqual([
    { field: 'b', one: 'x', other: undefined },
    { field: 'c', one: undefined, other: '{"d":2}' },
  ]);
});

describe('figures', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [8_440, '8.4 s'],
    [59_999, '59.9 s'],
    [60_000, '1 min'],
    [72_000, '1 min 12 s'],
    [49_860_000, '13 h 51 min'],
    [180_000_000, '2 d 2 h'],
  ])('%i ms are %s', (ms, said) => expect(duration(ms)).toBe(said));

  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [2_150, '2.1 KB'],
    [5 * 1_024 ** 2, '5.0 MB'],
  ])('%i bytes are %s', (count, said) => expect(bytes(count)).toBe(said));

  it.each([
    [0, 'now'],
    [14_000, '14 s ago'],
    [-180_000, 'in 3 min'],
  ])('a moment %i ms before is %s', (before, said) => expect(ago(T0 - before, T0)).toBe(said));
});
