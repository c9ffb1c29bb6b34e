import { fact, given, heartbeat, report, REPORTED_AS, standing, statusOf } from '../support/given.js';
import { answers, grid } from '../support/grid.js';

describe('§3.1 which attempt', () => {
  const OPEN = ['pending', 'queued', 'running', 'waiting', 'paused'];
  const TERMINAL = ['succeeded', 'failed', 'timeout', 'cancelled'].flatMap((status) =>
    ['operator', 'worker', 'watchdog'].map((authority) => `${status} ${authority}`),
  );
  /** A resume leads to running, so a later attempt never stands before it. */
  const exists = (name: string, attempt: number): boolean => attempt === 1 || !['pending', 'queued'].includes(name);

  /** Rows: the attempt the state is in. Columns: the attempt the report names. `-`: it is the current one. */
  const RELATION = grid(`
                      | none   1      2               3               4
    1                 | -      -      unknown_attempt unknown_attempt unknown_attempt
    2                 | fenced fenced -               unknown_attempt unknown_attempt
    2 unnumbered      | -      fenced -               unknown_attempt unknown_attempt
    3                 | fenced fenced fenced          -               unknown_attempt
    3 unnumbered      | -      fenced fenced          -               unknown_attempt
  `);
  const relations = RELATION.flatMap((row) =>
    [...OPEN, ...TERMINAL]
      .filter((name) => exists(name, Number(row.row[0])))
      .map((name) => ({ name, attempt: row.row, row })),
  );

  it.each(relations)(
    'attempt $attempt is $name: an older one is fenced, one never opened is unknown',
    ({ name, row }) => {
      const how = { attempt: Number(row.row[0]), unnumbered: row.row.includes('unnumbered') };
      const start = given(...standing(name, how));
      for (const door of ['fire_and_forget', 'strict'] as const) {
        for (const authority of ['worker', 'watchdog'] as const) {
          for (const word of Object.keys(REPORTED_AS)) {
            const actual = answers(row, (named, cell) => {
              const attempt = named === 'none' ? {} : { attempt: Number(named) };
              const { verdict, events, kept } = start.when(
                report(statusOf(word), { door, authority, ...attempt }),
              ).decision;
              if (cell === '-') return ['fenced', 'unknown_attempt'].includes(verdict) ? verdict : '-';
              expect([word, events, kept]).toEqual([word, [], true]);
              return verdict;
            });
            expect(actual).toEqual(row.cells);
          }
        }
      }
    },
  );

  it.each(relations)('attempt $attempt is $name: a heartbeat is fenced likewise, and never kept', ({ name, row }) => {
    const how = { attempt: Number(row.row[0]), unnumbered: row.row.includes('unnumbered') };
    const open = OPEN.includes(name);
    const expected = answers(row, (_, cell) => (cell !== '-' ? cell : open ? 'applied' : 'dropped'));
    const actual = answers(row, (named) => {
      const { decision } = given(...standing(name, how)).when(
        heartbeat(named === 'none' ? {} : { attempt: Number(named) }),
      );
      expect(decision.kept).toBe(false);
      if (decision.verdict !== 'applied') expect(decision.events).toEqual([]);
      return decision.verdict;
    });
    expect(actual).toEqual(expected);
  });

  it('the latest resume of the attempt decides: one from paused that does not say unnumbered ends it', () => {
    const unnumbered = standing('paused', { attempt: 2, unnumbered: true });
    given(...unnumbered)
      .when(report())
      .then('applied');
    given(...unnumbered, fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' }))
      .when(report())
      .then('fenced', [], true);
  });

  it('a resume from paused may make attempt 1 unnumbered, which still takes its number', () => {
    const start = given(
      ...standing('paused'),
      fact('ExecutionResumed', { attempt: 1, unnumbered: true }, { by: 'operator' }),
    );
    start.when(report()).then('applied');
    start.when(report(undefined, { attempt: 1 })).then('applied');
  });

  it('status words are checked before attempts', () => {
    const said = report({ unsupported: 'exploded' }, { attempt: 7 });
    given(...standing('running'))
      .when(said)
      .then('unsupported_status', [], true);
    given(...standing('running', { attempt: 2 }))
      .when({ ...said, attempt: 1 })
      .then('unsupported_status', [], true);
  });
});
