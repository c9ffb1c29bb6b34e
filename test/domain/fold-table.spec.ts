import { evolve } from '../../src/domain/evolve.js';
import type { ExistingExecution } from '../../src/domain/execution.js';
import {
  at,
  became,
  existing,
  fact,
  fold,
  recorded,
  standing,
  type Fact,
  type Standing,
} from '../support/domain/given.js';
import { answers, grid, type GridRow } from '../support/domain/grid.js';

/**
 * §6, an event in the current attempt of a registered, undispatched execution. Cells: the status it leads to; `+` it
 * counts and the status stays; `-` it stands already, so that nothing moves but the place; else the anomaly counted.
 * `Next` is a resume with the next attempt number, `opens` where it does; `Same` one with the current, leading back to
 * the status `before` the pause. A description is no move of an attempt (identity.spec.ts).
 */
const FROM_WORKER = grid(`
                     | Regi    Disp        Queu        Star        Wait        Paus        Prog    Beat    Succ      Fail      Time      Canc      Next    Same
  pending            | dropped queued      queued      running     waiting     paused      +       +       succeeded failed    timeout   cancelled dropped dropped
  queued             | dropped +           +           running     waiting     paused      +       +       succeeded failed    timeout   cancelled dropped dropped
  running            | dropped +           superseded  +           waiting     paused      +       +       succeeded failed    timeout   cancelled opens   dropped
  waiting            | dropped +           superseded  running     +           paused      +       +       succeeded failed    timeout   cancelled dropped dropped
  paused             | dropped dropped     dropped     dropped     dropped     +           +       +       dropped   dropped   dropped   dropped   opens   before
  succeeded operator | dropped regressions regressions regressions regressions regressions dropped dropped -         conflicts conflicts conflicts dropped dropped
  succeeded worker   | dropped regressions regressions regressions regressions regressions dropped dropped -         conflicts conflicts conflicts dropped dropped
  succeeded watchdog | dropped regressions regressions regressions regressions regressions dropped dropped +         failed    timeout   cancelled dropped dropped
  failed operator    | dropped regressions regressions regressions regressions regressions dropped dropped conflicts -         conflicts conflicts opens   dropped
  failed worker      | dropped regressions regressions regressions regressions regressions dropped dropped conflicts -         conflicts conflicts opens   dropped
  failed watchdog    | dropped regressions regressions regressions regressions regressions dropped dropped succeeded +         timeout   cancelled opens   dropped
  timeout operator   | dropped regressions regressions regressions regressions regressions dropped dropped conflicts conflicts -         conflicts opens   dropped
  timeout worker     | dropped regressions regressions regressions regressions regressions dropped dropped conflicts conflicts -         conflicts opens   dropped
  timeout watchdog   | dropped regressions regressions regressions regressions regressions dropped dropped succeeded failed    +         cancelled opens   dropped
  cancelled operator | dropped regressions regressions regressions regressions regressions dropped dropped conflicts conflicts conflicts -         dropped dropped
  cancelled worker   | dropped regressions regressions regressions regressions regressions dropped dropped conflicts conflicts conflicts -         dropped dropped
  cancelled watchdog | dropped regressions regressions regressions regressions regressions dropped dropped succeeded failed    timeout   +         dropped dropped
`);

/** The outcomes and pauses again, where a watchdog (`w`) or an operator (`o`) says them; `abort`: a submitter's. */
const FROM_OTHERS = grid(`
                     | Succ-w    Fail-w    abort     Time-w    Canc-w    Succ-o    Fail-o    Time-o    Canc-o    Paus-w      Paus-o
  pending            | succeeded failed    failed    timeout   cancelled succeeded failed    timeout   cancelled paused      paused
  queued             | succeeded failed    failed    timeout   cancelled succeeded failed    timeout   cancelled paused      paused
  running            | succeeded failed    failed    timeout   cancelled succeeded failed    timeout   cancelled paused      paused
  waiting            | succeeded failed    failed    timeout   cancelled succeeded failed    timeout   cancelled paused      paused
  paused             | dropped   dropped   failed    dropped   dropped   dropped   dropped   dropped   cancelled +           -
  succeeded operator | -         conflicts conflicts conflicts conflicts -         conflicts conflicts conflicts regressions regressions
  succeeded worker   | -         conflicts conflicts conflicts conflicts -         conflicts conflicts conflicts regressions regressions
  succeeded watchdog | -         conflicts conflicts conflicts conflicts -         conflicts conflicts cancelled regressions regressions
  failed operator    | conflicts -         -         conflicts conflicts conflicts -         conflicts cancelled regressions regressions
  failed worker      | conflicts -         -         conflicts conflicts conflicts -         conflicts cancelled regressions regressions
  failed watchdog    | conflicts -         -         conflicts conflicts conflicts -         conflicts cancelled regressions regressions
  timeout operator   | conflicts conflicts conflicts -         conflicts conflicts conflicts -         cancelled regressions regressions
  timeout worker     | conflicts conflicts conflicts -         conflicts conflicts conflicts -         cancelled regressions regressions
  timeout watchdog   | conflicts conflicts conflicts -         conflicts conflicts conflicts -         cancelled regressions regressions
  cancelled operator | conflicts conflicts conflicts conflicts -         conflicts conflicts conflicts -         regressions regressions
  cancelled worker   | conflicts conflicts conflicts conflicts -         conflicts conflicts conflicts -         regressions regressions
  cancelled watchdog | conflicts conflicts conflicts conflicts -         conflicts conflicts conflicts +         regressions regressions
`);

const STATUS_OF = { Succ: 'succeeded', Fail: 'failed', Time: 'timeout', Canc: 'cancelled', Paus: 'paused' } as const;
const BY = { w: 'watchdog', o: 'operator' } as const;

/** The event of a column; `by` says the worker's. `attempt` is what it names, `current` where the state stands. */
function eventOf(
  column: string,
  by: 'worker' | 'nobody' | 'watchdog',
  attempt: number | undefined,
  current: number,
): Fact {
  const named = attempt === undefined ? {} : { attempt };
  const [type, whose] = column.split('-') as [keyof typeof STATUS_OF, keyof typeof BY | undefined];
  const about = { by: whose ? BY[whose] : by, at: 5000 } as const;
  switch (column) {
    case 'Regi':
      return fact('ExecutionRegistered', { run_id: 'another' }, about);
    case 'Disp':
      return fact('ExecutionDispatched', { ...named, handle: 'h' }, about);
    case 'Prog':
      return fact('ExecutionProgressed', { ...named, progress: 77 }, about);
    case 'Beat':
      return fact('HeartbeatRecorded', named, about);
    case 'Queu':
      return fact('ExecutionQueued', named, about);
    case 'Star':
      return fact('ExecutionStarted', named, about);
    case 'Wait':
      return fact('ExecutionWaiting', named, about);
    case 'Next':
      return fact('ExecutionResumed', { attempt: current + 1 }, about);
    case 'Same':
      return fact('ExecutionResumed', named, about);
    case 'abort':
      return fact('ExecutionFailed', { ...named, phase: 'staging' }, { ...about, by: 'watchdog' });
    default:
      return { event: { ...became(STATUS_OF[type]).event, data: named } as Fact['event'], ...about };
  }
}

const COUNTERS = ['regressions', 'dropped', 'conflicts', 'fenced', 'superseded'] as const;

/** What an event did, as a cell of the tables says it. */
function effect(before: ExistingExecution, after: ExistingExecution, paused_from: string): string {
  expect(after.revision).toBe(before.revision + 1);
  expect(after.position).toBe(before.position + 1n);
  const counted = COUNTERS.filter((name) => after.anomalies[name] !== before.anomalies[name]);
  const { revision, position, anomalies } = after;
  const counts = after.last_activity_at !== before.last_activity_at;
  if (!counts) expect(after).toStrictEqual({ ...before, revision, position, anomalies });
  if (counted.length) {
    expect([counts, counted.length, anomalies[counted[0] as 'dropped']]).toEqual([false, 1, 1]);
    return counted[0] as string;
  }
  if (!counts) return '-';
  if (after.attempt === before.attempt + 1) return after.status === 'running' ? 'opens' : after.status;
  if (before.status === 'paused' && after.status === paused_from && after.attempt === before.attempt) return 'before';
  return after.status === before.status ? '+' : after.status;
}

const exists = (row: string, attempt: number): boolean => attempt === 1 || !['pending', 'queued'].includes(row);

interface Case extends Standing {
  name: string;
  row: GridRow;
  attempt: number;
  by: 'worker' | 'nobody';
  named: string;
}

/** Attempt 1 named or not, attempt 2 by number or, unnumbered, without one. */
const cases = [...FROM_WORKER, ...FROM_OTHERS].flatMap((row): Case[] => {
  const common = { name: row.row, row };
  return (['worker', 'nobody'] as const).flatMap((by) =>
    [
      { ...common, by, attempt: 1, named: 'named' },
      { ...common, by, attempt: 1, named: 'unnamed' },
      { ...common, by, attempt: 2, named: 'named' },
      { ...common, by, attempt: 2, named: 'unnamed', unnumbered: true },
    ].filter(({ attempt }) => exists(row.row, attempt)),
  );
});

describe('§6 every event in every state', () => {
  it.each(cases)('$name, attempt $attempt, $named, by $by', ({ row, by, named, ...how }) => {
    const before = existing(...standing(row.row, how));
    const actual = answers(row, (column, cell) => {
      // In attempt 2 the worker has run, and what is dispatched is neither dispatched again nor aborted.
      if (how.attempt === 2 && ['Disp', 'abort'].includes(column)) return cell;
      // A registration names no attempt.
      if (how.attempt === 2 && column === 'Regi') return cell;
      const event = eventOf(column, by, named === 'named' ? how.attempt : undefined, how.attempt);
      return effect(before, fold([event], before) as ExistingExecution, how.attempt === 1 ? 'pending' : 'running');
    });
    expect(actual).toEqual(row.cells);
  });

  const rows = FROM_WORKER.map((row) => ({
    row: row.row,
    columns: Object.keys({ ...row.cells, ...FROM_OTHERS[0]?.cells }),
  }));

  it.each(rows)('§6 reading an event twice changes nothing: $row', ({ row, columns }) => {
    const before = existing(...standing(row));
    for (const column of columns) {
      const event = recorded(eventOf(column, 'worker', 1, 1), before, at(5000));
      const once = evolve(before, event);
      expect(evolve(once, event)).toBe(once);
    }
  });

  const OPEN = ['pending', 'queued', 'running', 'waiting', 'paused'];
  it.each(OPEN)('what is dispatched is neither dispatched again nor aborted: %s', (name) => {
    for (const attempt of exists(name, 2) ? [1, 2] : [1]) {
      const before = existing(...standing(name, { attempt, dispatched: true }));
      for (const column of ['Disp', 'abort']) {
        const after = fold([eventOf(column, 'watchdog', attempt, attempt)], before) as ExistingExecution;
        expect(effect(before, after, '')).toBe('dropped');
      }
    }
  });

  it.each(rows.filter(({ row }) => exists(row, 2)))(
    '§3.1 older or none is fenced, one never opened counts as fenced too: $row in attempt 2',
    ({ row, columns }) => {
      const before = existing(...standing(row, { attempt: 2 }));
      for (const column of columns.filter((one) => one !== 'Next')) {
        // A resume opens what nobody has: see `Next`.
        for (const attempt of column === 'Same' ? [undefined, 1] : [undefined, 1, 4]) {
          const event = eventOf(column, 'worker', attempt, 2);
          // A registration names no attempt and so speaks for the first.
          const after = fold([event], before) as ExistingExecution;
          expect([column, attempt, effect(before, after, '')]).toEqual([column, attempt, 'fenced']);
        }
      }
    },
  );

  it.each(rows.filter(({ row }) => exists(row, 2)))(
    '§3.1 unnumbered: none is the current one, an older number is still fenced: $row',
    ({ row, columns }) => {
      const before = existing(...standing(row, { attempt: 2, unnumbered: true }));
      for (const column of columns.filter((one) => !['Next', 'Regi'].includes(one))) {
        const after = fold([eventOf(column, 'worker', 1, 2)], before) as ExistingExecution;
        expect([column, effect(before, after, '')]).toEqual([column, 'fenced']);
      }
    },
  );
});
