import fc from 'fast-check';
import { decide } from '../../src/domain/decide.js';
import type { Status } from '../../src/domain/status.js';
import { authorityOf } from '../../src/domain/verdict.js';
import { appended, optional, present } from '../support/arbitrary.js';
import { fact, fold, nowAt, report, type Fact } from '../support/given.js';

describe('§3 order does not matter where it must not', () => {
  const open = fc.constantFrom('pending', 'queued', 'running', 'waiting', undefined);
  const terminal = fc.constantFrom('succeeded' as const, 'failed' as const, 'timeout' as const, 'cancelled' as const);
  const says = <S>(status: fc.Arbitrary<S>, authority: 'worker' | 'watchdog') =>
    fc.tuple(status, optional(fc.integer({ min: 0, max: 9 }))).map(([word, progress]) => ({
      word: word as Status | undefined,
      authority,
      ...present({ progress }),
    }));
  const anyOpen = fc.array(fc.oneof(says(open, 'worker'), says(open, 'watchdog')), { maxLength: 6 });

  /** Worker terminals one, or all equal, whatever watchdogs guess; or none, with one watchdog terminal. */
  const sets = fc.oneof(
    fc
      .tuple(terminal, fc.integer({ min: 1, max: 3 }), fc.array(says(terminal, 'watchdog'), { maxLength: 3 }), anyOpen)
      .map(([status, times, guesses, rest]) => ({
        ends: [status, 'worker'] as const,
        said: [
          ...Array.from({ length: times }, () => ({ word: status, authority: 'worker' as const })),
          ...guesses,
          ...rest,
        ],
      })),
    fc.tuple(terminal, anyOpen).map(([status, rest]) => ({
      ends: [status, 'watchdog'] as const,
      said: [{ word: status, authority: 'watchdog' as const }, ...rest],
    })),
  );

  const shuffled = sets.chain(({ ends, said }) =>
    fc.record({
      ends: fc.constant(ends),
      said: fc.shuffledSubarray(
        said as { word: Status | undefined; authority: 'worker' | 'watchdog'; progress?: number }[],
        {
          minLength: said.length,
          maxLength: said.length,
        },
      ),
    }),
  );

  const resumedAs = (attempt: number): Fact[] => [
    fact('ExecutionRegistered', {}, { by: 'operator' }),
    ...Array.from({ length: attempt - 1 }, (_, i) => [
      fact('ExecutionFailed', { attempt: i + 1 }),
      fact('ExecutionResumed', { attempt: i + 2 }, { by: 'operator' as const }),
    ]).flat(),
  ];

  it.each([
    ['on no stream', [], undefined],
    ['in a registered attempt 1', resumedAs(1), 1],
    ['in a resumed attempt 3', resumedAs(3), 3],
  ])(
    '%s every order of arrival ends in the same status and authority, and nothing disturbs it',
    (_, start, attempt) => {
      fc.assert(
        fc.property(shuffled, ({ ends, said }) => {
          let state = fold(start);
          let reached = false;
          said.forEach(({ word, ...rest }, i) => {
            const input = report(word, { ...rest, ...(attempt === undefined ? {} : { attempt }) });
            const { events } = decide(input, state, nowAt(i));
            if (reached) expect(events).toEqual([]);
            state = appended(input, events, state, i);
            const stands = `${state.status} ${authorityOf(state)}` === ends.join(' ');
            expect(reached && !stands).toBe(false);
            reached = stands;
          });
          expect([state.status, authorityOf(state)]).toEqual([...ends]);
        }),
        { numRuns: 250 },
      );
    },
  );
});
