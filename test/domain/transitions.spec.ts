import { STATUSES } from '../../src/domain/status.js';
import { answer, checkComplete, MOVES, TRANSITIONS, type TransitionRule } from '../../src/domain/transitions.js';
import { VERDICTS } from '../../src/domain/verdict.js';

type Table = Record<string, Record<string, TransitionRule>>;
const copy = (): Table => structuredClone(TRANSITIONS) as Table;

describe('every status × every report or command has exactly one answer', () => {
  it('the moves are every status, progress, heartbeat and every command', () => {
    expect(MOVES).toEqual([
      ...['pending', 'queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'timeout', 'cancelled'],
      ...['progress', 'heartbeat'],
      ...['register', 'dispatch', 'abort', 'resume', 'pause', 'cancel', 'time_out'],
    ]);
  });

  it.each(STATUSES)('a table without an answer on %s is refused at load, naming the hole', (status) => {
    for (const move of MOVES) {
      const table = copy();
      delete (table[status] as Record<string, TransitionRule>)[move];
      expect(() => checkComplete(table)).toThrow(`no answer for ${move} on ${status}`);
    }
    const table = copy();
    delete table[status];
    expect(() => checkComplete(table)).toThrow(`on ${status}`);
  });

  it('the whole table passes', () => {
    expect(() => checkComplete(copy())).not.toThrow();
  });

  it('every answer is a verdict or a way of being applied, whatever its condition', () => {
    const known = ['apply', 'same', ...VERDICTS];
    for (const status of STATUSES) {
      for (const move of MOVES) {
        for (const holds of [true, false]) expect(known).toContain(answer(status, move, () => holds));
      }
    }
  });
});
