import type { ExecutionEvent } from '../../src/domain/events.js';
import type { Report } from '../../src/domain/report.js';
import type { Authority, Status } from '../../src/domain/status.js';
import {
  at,
  existing,
  fact,
  given,
  heartbeat,
  MINUTE,
  report,
  REPORTED_AS,
  standing,
  statusOf,
} from '../support/domain/given.js';
import { answers, grid } from '../support/domain/grid.js';

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
      for (const mode of ['fire_and_forget', 'strict'] as const) {
        for (const authority of ['worker', 'watchdog'] as const) {
          for (const word of Object.keys(REPORTED_AS)) {
            const actual = answers(row, (named, cell) => {
              const attempt = named === 'none' ? {} : { attempt: Number(named) };
              const { verdict, events, kept } = start.when(
                report(statusOf(word), { mode, authority, ...attempt }),
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

  describe('a producer that counts its own tries', () => {
    const counted = (status?: Status, rest: Partial<Report> = {}) =>
      report(status, { attempt: 2, counts_attempts: true, ...rest });
    const FAILED = standing('failed worker');

    it.each(['failed', 'timeout'].flatMap((status) => ['worker', 'watchdog', 'operator'].map((by) => [status, by])))(
      'opens the next attempt of a %s one (%s), pending, its own word behind it',
      (status, by) => {
        const resumed: ExecutionEvent = {
          type: 'ExecutionResumed',
          data: {
            attempt: 2,
            previous: { status: status as Status, authority: by as Authority },
            takeover: false,
            reason: 'producer_retry',
          },
        };
        const start = given(...standing(`${status} ${by}`));
        const pending = start.when(counted('pending')).then('applied', [resumed]).after;
        expect(pending).toMatchObject({ status: 'pending', attempt: 2, worker_ran: false, started: undefined });
        const running = start.when(counted('running', { worker: 'w' })).after;
        expect(running).toMatchObject({
          status: 'running',
          attempt: 2,
          worker_ran: true,
          dispatched: true,
          worker: 'w',
        });
        const ended = start.when(counted('succeeded', { progress: 100 }));
        expect(ended.decision.events.map(({ type }) => type)).toEqual([
          'ExecutionResumed',
          'ExecutionProgressed',
          'ExecutionSucceeded',
        ]);
        expect(ended.after).toMatchObject({ status: 'succeeded', attempt: 2, authority: 'worker', progress: 100 });
      },
    );

    it('may skip numbers; none is opened twice, and what is older is fenced', () => {
      given(...FAILED)
        .when(counted('running', { attempt: 7 }))
        .then('applied')
        .when(counted('running', { attempt: 7 }))
        .then('duplicate')
        .when(counted('failed', { attempt: 6 }))
        .then('fenced', [], true)
        .when(counted('running', { attempt: 8 }))
        .then('unknown_attempt', [], true);
    });

    it('opens nothing by progress, a heartbeat, a guess, the number behind an id, or on any other attempt', () => {
      const start = given(...FAILED);
      start.when(counted(undefined, { progress: 5 })).then('unknown_attempt', [], true);
      start.when(heartbeat({ attempt: 2 })).then('unknown_attempt', []);
      start.when(counted('running', { authority: 'watchdog' })).then('unknown_attempt', [], true);
      start.when(report('running', { attempt: 2 })).then('unknown_attempt', [], true);
      for (const name of [...OPEN, ...TERMINAL.filter((one) => /^(succeeded|cancelled)/.test(one))])
        given(...standing(name))
          .when(counted('running'))
          .then('unknown_attempt', [], true);
      given().when(counted('running')).then('unknown_attempt', []);
    });

    it('drops a deadline that has passed', () => {
      const { after } = given(...standing('failed worker', { registered: { deadline: at(MINUTE) } })).when(
        counted('running'),
      );
      expect(after).toMatchObject({ status: 'running', deadline: undefined });
    });

    it('appended straight to the store it is read alike; an operator who gives that reason still has it running', () => {
      const resumed = { attempt: 3, reason: 'producer_retry' };
      const opened = (by: Authority | 'nobody') => existing(...FAILED, fact('ExecutionResumed', resumed, { by }));
      expect(opened('nobody')).toMatchObject({ status: 'pending', attempt: 3 });
      expect(opened('worker')).toMatchObject({ status: 'pending', attempt: 3 });
      expect(opened('operator')).toMatchObject({ status: 'running', attempt: 3 });
    });
  });
});
