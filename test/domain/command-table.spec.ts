import type { Command } from '../../src/domain/commands.js';
import type { ExistingExecution } from '../../src/domain/execution.js';
import {
  ask,
  at,
  DAY,
  fact,
  given,
  HOUR,
  standing,
  written,
  type Fact,
  type Standing,
} from '../support/domain/given.js';
import { answers, grid } from '../support/domain/grid.js';

/**
 * §4. Rows: where the attempt stands; every execution has a deadline in a week. Columns: the command, `due` once the
 * deadline has passed, `stale` strictly longer after the last activity than RESUME_STALE_AFTER.
 */
const TABLE = grid(`
                     | register   dispatch           abort              resume        stale         pause      cancel    time_out  due
  none               | applied    not_found          not_found          not_found     not_found     not_found  not_found not_found not_found
  pending            | id_reused  applied            applied            not_resumable not_resumable applied    applied   dropped   applied
  queued             | id_reused  applied            applied            not_resumable not_resumable applied    applied   dropped   applied
  running            | id_reused  applied            applied            not_resumable applied       applied    applied   dropped   applied
  waiting            | id_reused  applied            applied            not_resumable not_resumable applied    applied   dropped   dropped
  paused             | id_reused  not_resumed        applied            applied       applied       duplicate  applied   dropped   dropped
  succeeded operator | regression regression         conflict           not_resumable not_resumable regression conflict  dropped   dropped
  succeeded worker   | regression regression         conflict           not_resumable not_resumable regression conflict  dropped   dropped
  succeeded watchdog | regression regression         conflict           not_resumable not_resumable regression applied   dropped   dropped
  failed operator    | regression regression         duplicate          applied       applied       regression applied   dropped   dropped
  failed worker      | regression regression         duplicate          applied       applied       regression applied   dropped   dropped
  failed watchdog    | regression regression         duplicate          applied       applied       regression applied   dropped   dropped
  timeout operator   | regression regression         conflict           applied       applied       regression applied   dropped   dropped
  timeout worker     | regression regression         conflict           applied       applied       regression applied   dropped   dropped
  timeout watchdog   | regression regression         conflict           applied       applied       regression applied   dropped   dropped
  cancelled operator | regression regression         conflict           not_resumable not_resumable regression duplicate dropped   dropped
  cancelled worker   | regression regression         conflict           not_resumable not_resumable regression duplicate dropped   dropped
  cancelled watchdog | regression regression         conflict           not_resumable not_resumable regression applied   dropped   dropped
`);

/** The same once the attempt is dispatched: terminal comes before dispatched, dispatched before paused. */
const DISPATCHED = grid(`
                     | register   dispatch           abort              resume        stale         pause      cancel    time_out  due
  pending            | id_reused  already_dispatched already_dispatched not_resumable not_resumable applied    applied   dropped   applied
  queued             | id_reused  already_dispatched already_dispatched not_resumable not_resumable applied    applied   dropped   applied
  running            | id_reused  already_dispatched already_dispatched not_resumable applied       applied    applied   dropped   applied
  waiting            | id_reused  already_dispatched already_dispatched not_resumable not_resumable applied    applied   dropped   dropped
  paused             | id_reused  already_dispatched already_dispatched applied       applied       duplicate  applied   dropped   dropped
  succeeded watchdog | regression regression         conflict           not_resumable not_resumable regression applied   dropped   dropped
  failed watchdog    | regression regression         duplicate          applied       applied       regression applied   dropped   dropped
  timeout watchdog   | regression regression         conflict           applied       applied       regression applied   dropped   dropped
  cancelled worker   | regression regression         conflict           not_resumable not_resumable regression duplicate dropped   dropped
`);

/** Which attempt a winning command speaks of, and what it writes. `+1`: it opens the next. */
const WRITES: Readonly<Record<string, (row: string, attempt: number) => string>> = {
  register: () => 'ExecutionRegistered',
  dispatch: (_, n) => `ExecutionDispatched #${n}`,
  abort: (_, n) => `ExecutionFailed #${n} watchdog`,
  resume: (row, n) => `ExecutionResumed #${row === 'paused' ? n : n + 1}`,
  stale: (row, n) => `ExecutionResumed #${row === 'paused' ? n : n + 1}`,
  pause: (_, n) => `ExecutionPaused #${n} operator`,
  cancel: (_, n) => `ExecutionCancelled #${n} operator`,
  due: (_, n) => `ExecutionTimedOut #${n} watchdog`,
};

/** The status that stands after a winning command, where the row does not decide it. */
const LEADS_TO: Readonly<Record<string, string>> = {
  register: 'pending',
  abort: 'failed',
  pause: 'paused',
  cancel: 'cancelled',
  due: 'timeout',
};

function statusAfter(column: string, row: string, attempt: number): string {
  const status = row.split(' ')[0] as string;
  if (column === 'dispatch') return status === 'pending' ? 'queued' : status;
  if (column !== 'resume' && column !== 'stale') return LEADS_TO[column] as string;
  return status === 'paused' && attempt === 1 ? 'pending' : 'running';
}

const command = (column: string, attempt?: number): Command => {
  const named = attempt === undefined ? {} : { attempt };
  const { register, time_out, ...named_ones } = ask;
  if (column === 'register') return register({}, 'another body');
  if (column === 'time_out' || column === 'due') return time_out();
  return named_ones[(column === 'stale' ? 'resume' : column) as keyof typeof named_ones](named);
};

const MOMENT: Readonly<Record<string, number>> = { stale: 3 * DAY + 1, due: 7 * DAY };
const A_WEEK = { deadline: at(7 * DAY) };
const exists = (row: string, attempt: number): boolean => attempt === 1 || !['pending', 'queued'].includes(row);

interface Case extends Standing {
  name: string;
  row: (typeof TABLE)[number];
  attempt: number;
  /** Whether the commands name the attempt. */
  names: boolean;
}

const cases = [TABLE, DISPATCHED].flatMap((rows, i) =>
  rows.flatMap((row) =>
    [1, 2]
      .filter((attempt) => exists(row.row, attempt) && (i === 1 || attempt === 1))
      .flatMap((attempt) =>
        // An abort that names none speaks for attempt 1, so in a later one the table holds for those that name it.
        [true, false]
          .filter((names) => names || attempt === 1)
          .map((names): Case => ({ name: row.row, row, attempt, names, dispatched: i === 1, registered: A_WEEK })),
      ),
  ),
);

describe('§4 every command on every standing attempt', () => {
  it.each(cases)('$name, attempt $attempt, dispatched: $dispatched, named: $names', ({ row, names, ...how }) => {
    const start = given(...standing(row.row, how));
    const actual = answers(row, (column, cell) => {
      const asked = command(column, names ? how.attempt : undefined);
      const { decision, after } = start.when(asked, MOMENT[column] ?? HOUR);
      const wins = cell === 'applied';
      expect([column, written(decision)]).toEqual([column, wins ? [WRITES[column]?.(row.row, how.attempt)] : []]);
      expect([column, decision.kept]).toEqual([column, false]);
      if (wins) expect([column, after.status]).toEqual([column, statusAfter(column, row.row, how.attempt)]);
      if (wins && row.row !== 'none') {
        expect((after as ExistingExecution).anomalies).toEqual((start.state as ExistingExecution).anomalies);
      }
      return decision.verdict;
    });
    expect(actual).toEqual(row.cells);
  });

  const others = ['dispatch', 'abort', 'resume', 'pause', 'cancel'];
  it.each(TABLE.filter(({ row }) => row !== 'none' && exists(row, 2)))(
    'one that names an attempt that is not current is fenced, before anything else is asked: $row',
    ({ row }) => {
      for (const attempt of [1, 3]) {
        for (const column of others) {
          given(...standing(row, { attempt: 2 }))
            .when(command(column, attempt))
            .then('fenced', [], false);
        }
      }
    },
  );

  it.each(TABLE.filter(({ row }) => row !== 'none' && exists(row, 2)))(
    'abort speaks for attempt 1 unless it names another: $row in attempt 2',
    ({ row }) => {
      for (const unnumbered of [true, false]) {
        given(...standing(row, { attempt: 2, unnumbered }))
          .when(ask.abort())
          .then('fenced', [], false);
      }
    },
  );

  it('a resumed attempt that nobody could dispatch is aborted by its number', () => {
    const resumed: Fact[] = [
      ...standing('failed worker'),
      fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' }),
    ];
    given(...resumed)
      .when(ask.abort({ attempt: 2, phase: 'dispatch' }))
      .then('applied', [
        {
          type: 'ExecutionFailed',
          data: { attempt: 2, authority: 'watchdog', phase: 'dispatch', error: 'no disk' },
        },
      ]);
  });
});
