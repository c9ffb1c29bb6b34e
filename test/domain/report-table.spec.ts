import type { ExistingExecution } from '../../src/domain/execution.js';
import { authorityOf, currentOf } from '../../src/domain/verdict.js';
import { eventFor, given, report, standing, statusOf, written, type Standing } from '../support/domain/given.js';
import { answers, grid } from '../support/domain/grid.js';

/** §3.4. Rows: where the attempt stands. Columns: the word reported, bringing nothing new. */
const OPEN = grid(`
          | pending     queued      running     waiting     paused    succeeded   failed      timeout     cancelled   progress
  pending | duplicate   applied     applied     applied     applied   applied     applied     applied     applied     applied
  queued  | superseded  duplicate   applied     applied     applied   applied     applied     applied     applied     applied
  running | superseded  superseded  duplicate   applied     applied   applied     applied     applied     applied     applied
  waiting | superseded  superseded  applied     duplicate   applied   applied     applied     applied     applied     applied
  paused  | not_resumed not_resumed not_resumed not_resumed duplicate not_running not_running not_running not_running applied
`);

/** §3.4 on the strict endpoint: the same, but waiting accepts only failed and cancelled. */
const OPEN_STRICT = grid(`
          | pending     queued      running     waiting     paused    succeeded   failed      timeout     cancelled   progress
  pending | duplicate   applied     applied     applied     applied   applied     applied     applied     applied     applied
  queued  | superseded  duplicate   applied     applied     applied   applied     applied     applied     applied     applied
  running | superseded  superseded  duplicate   applied     applied   applied     applied     applied     applied     applied
  waiting | superseded  superseded  applied     duplicate   applied   not_running applied     not_running applied     applied
  paused  | not_resumed not_resumed not_resumed not_resumed duplicate not_running not_running not_running not_running applied
`);

/** §3.3, reported by the worker. Rows: the outcome and whose. */
const TERMINAL_FROM_WORKER = grid(`
                     | pending    queued     running    waiting    paused     succeeded failed    timeout   cancelled progress
  succeeded operator | regression regression regression regression regression duplicate conflict  conflict  conflict  dropped
  succeeded worker   | regression regression regression regression regression duplicate conflict  conflict  conflict  dropped
  succeeded watchdog | regression regression regression regression regression applied   applied   applied   applied   dropped
  failed operator    | regression regression regression regression regression conflict  duplicate conflict  conflict  dropped
  failed worker      | regression regression regression regression regression conflict  duplicate conflict  conflict  dropped
  failed watchdog    | regression regression regression regression regression applied   applied   applied   applied   dropped
  timeout operator   | regression regression regression regression regression conflict  conflict  duplicate conflict  dropped
  timeout worker     | regression regression regression regression regression conflict  conflict  duplicate conflict  dropped
  timeout watchdog   | regression regression regression regression regression applied   applied   applied   applied   dropped
  cancelled operator | regression regression regression regression regression conflict  conflict  conflict  duplicate dropped
  cancelled worker   | regression regression regression regression regression conflict  conflict  conflict  duplicate dropped
  cancelled watchdog | regression regression regression regression regression applied   applied   applied   applied   dropped
`);

/** §3.3, reported by a watchdog: nothing replaces an outcome by report but the worker's word. */
const TERMINAL_FROM_WATCHDOG = grid(`
                     | pending    queued     running    waiting    paused     succeeded failed    timeout   cancelled progress
  succeeded operator | regression regression regression regression regression duplicate conflict  conflict  conflict  dropped
  succeeded worker   | regression regression regression regression regression duplicate conflict  conflict  conflict  dropped
  succeeded watchdog | regression regression regression regression regression duplicate conflict  conflict  conflict  dropped
  failed operator    | regression regression regression regression regression conflict  duplicate conflict  conflict  dropped
  failed worker      | regression regression regression regression regression conflict  duplicate conflict  conflict  dropped
  failed watchdog    | regression regression regression regression regression conflict  duplicate conflict  conflict  dropped
  timeout operator   | regression regression regression regression regression conflict  conflict  duplicate conflict  dropped
  timeout worker     | regression regression regression regression regression conflict  conflict  duplicate conflict  dropped
  timeout watchdog   | regression regression regression regression regression conflict  conflict  duplicate conflict  dropped
  cancelled operator | regression regression regression regression regression conflict  conflict  conflict  duplicate dropped
  cancelled worker   | regression regression regression regression regression conflict  conflict  conflict  duplicate dropped
  cancelled watchdog | regression regression regression regression regression conflict  conflict  conflict  duplicate dropped
`);

/** How a report reaches the current attempt (§3.1), each with the attempt that the state is in. */
const REACHES: readonly (Standing & { how: string; attempt: number; named?: number })[] = [
  { how: 'names none in attempt 1', attempt: 1 },
  { how: 'names attempt 1', attempt: 1, named: 1 },
  { how: 'names attempt 2', attempt: 2, named: 2 },
  { how: 'names attempt 3', attempt: 3, named: 3 },
  { how: 'names none in an unnumbered attempt 2', attempt: 2, unnumbered: true },
];

/** A resume leads to running, so a later attempt never stands before it. */
const exists = (row: string, attempt: number): boolean => attempt === 1 || !['pending', 'queued'].includes(row);

const tables = [
  { rule: '§3.4 the attempt is open', rows: OPEN, modes: ['fire_and_forget'], by: ['worker', 'watchdog'] },
  { rule: '§3.4 the attempt is open', rows: OPEN_STRICT, modes: ['strict'], by: ['worker', 'watchdog'] },
  {
    rule: '§3.3 the attempt is terminal',
    rows: TERMINAL_FROM_WORKER,
    modes: ['fire_and_forget', 'strict'],
    by: ['worker'],
  },
  {
    rule: '§3.3 the attempt is terminal',
    rows: TERMINAL_FROM_WATCHDOG,
    modes: ['fire_and_forget', 'strict'],
    by: ['watchdog'],
  },
] as const;

const cases = tables.flatMap(({ rule, rows, modes, by }) =>
  rows.flatMap((row) =>
    modes.flatMap((mode) =>
      by.flatMap((authority) =>
        REACHES.filter(({ attempt }) => exists(row.row, attempt)).map((reach) => ({
          rule,
          ...reach,
          mode,
          authority,
          name: row.row,
          row,
        })),
      ),
    ),
  ),
);

describe('every report on every standing attempt', () => {
  it.each(cases)('$rule: $name, $mode report of a $authority that $how', ({ row, mode, authority, named, ...how }) => {
    const start = given(...standing(row.row, how));
    const actual = answers(row, (word, cell) => {
      const said = report(statusOf(word), { mode, authority, ...(named === undefined ? {} : { attempt: named }) });
      const { decision } = start.when(said, 0);
      expect([word, written(decision)]).toEqual([
        word,
        cell === 'applied' ? [eventFor(word, how.attempt, authority)] : [],
      ]);
      expect([word, decision.kept]).toEqual([word, !['applied', 'duplicate'].includes(cell)]);
      return decision.verdict;
    });
    expect(actual).toEqual(row.cells);
  });

  it.each(cases)(
    '§2 progress first, the status last: $name, $mode $authority that $how',
    ({ row, mode, authority, named, ...how }) => {
      const start = given(...standing(row.row, how));
      const open = OPEN.some(({ row: name }) => name === row.row);
      answers(row, (word, cell) => {
        const said = { mode, authority, progress: 40, ...(named === undefined ? {} : { attempt: named }) } as const;
        const { decision } = start.when(report(statusOf(word), said), 0);
        const brings = cell === 'applied' || (open && cell === 'duplicate');
        const two = cell === 'applied' && !['pending', 'progress'].includes(word);
        const progressed = `ExecutionProgressed #${how.attempt}`;
        const events = !brings ? [] : two ? [progressed, eventFor(word, how.attempt, authority)] : [progressed];
        expect([word, decision.verdict, ...written(decision)]).toEqual([word, brings ? 'applied' : cell, ...events]);
        return decision.verdict;
      });
    },
  );
});

describe('what an applied report leads to', () => {
  it.each(cases)(
    'the word and its authority stand after it: $name, $mode $authority that $how',
    ({ row, mode, authority, named, ...how }) => {
      const start = given(...standing(row.row, how));
      const before = currentOf(start.state);
      answers(row, (word, cell) => {
        const said = report(statusOf(word), {
          mode,
          authority,
          progress: 40,
          ...(named === undefined ? {} : { attempt: named }),
        });
        const after = start.when(said, 0).after as ExistingExecution;
        const outcome = ['succeeded', 'failed', 'timeout', 'cancelled'].includes(word) && cell === 'applied';
        const moved = cell === 'applied' && word !== 'progress';
        expect([word, after.status, authorityOf(after), after.attempt]).toEqual([
          word,
          moved ? word : before?.status,
          outcome ? authority : before?.authority,
          how.attempt,
        ]);
        expect([word, after.anomalies]).toEqual([word, (start.state as ExistingExecution).anomalies]);
        if (cell === 'applied') expect(after.progress).toBe(40);
        return cell;
      });
    },
  );
});
