import fc from 'fast-check';
import { decide } from '../../src/domain/decide.js';
import { initial, type ExecutionState, type ExistingExecution } from '../../src/domain/execution.js';
import { isResumable } from '../../src/domain/resumable.js';
import { currentOf, isRefusal } from '../../src/domain/verdict.js';
import { appended, holdsInvariants, inputs, sealed } from '../support/domain/arbitrary.js';
import { ask, DAY, nowAt } from '../support/domain/given.js';
import { tries } from '../support/tries.js';

describe('§7 of the decision, whatever was asked', () => {
  it('what it writes counts, every event of it, and what it refuses writes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(inputs, fc.integer({ min: 1, max: 2 * DAY })), { maxLength: 40 }), (asked) => {
        let [state, ms]: [ExecutionState, number] = [initial, 0];
        for (const [input, later] of asked) {
          ms += later;
          const before = state;
          const { verdict, events: written, kept } = decide(input, before, nowAt(ms));
          // What it adds to the identity it adds by any verdict (identity.spec.ts).
          const events = written.filter(({ type }) => type !== 'ExecutionDescribed');
          state = appended(input, written, before, ms);
          holdsInvariants(before, state);
          if (state.status !== 'none') {
            expect(state.anomalies).toEqual({ regressions: 0, dropped: 0, conflicts: 0, fenced: 0, superseded: 0 });
          }
          const told = input.kind === 'report';
          const exists = before.status !== 'none';
          if (isRefusal(verdict)) expect([verdict, events, kept]).toEqual([verdict, [], told && exists]);
          if (verdict === 'duplicate') expect(events.filter(({ type }) => type !== 'HeartbeatRecorded')).toEqual([]);
          // §7.6
          if (input.kind === 'resume' && before.status !== 'none') {
            const current = (input.attempt ?? before.attempt) === before.attempt;
            expect(verdict === 'applied').toBe(current && isResumable(before, nowAt(ms)));
          }
          // §7.7
          if (input.kind === 'cancel' && exists && sealed(before as ExistingExecution)) expect(state).toBe(before);
        }
      }),
      { numRuns: tries(250) },
    );
  });

  it('§7.5 of two resumes decided on one state only the first wins on the next', () => {
    fc.assert(
      fc.property(fc.array(inputs, { minLength: 1, maxLength: 15 }), (asked) => {
        const state = asked.reduce<ExecutionState>(
          (from, input, i) => appended(input, decide(input, from, nowAt(i)).events, from, i),
          initial,
        );
        const first = decide(ask.resume(), state, nowAt(100));
        if (first.verdict !== 'applied') return;
        const after = appended(ask.resume(), first.events, state, 100);
        expect(decide(ask.resume({ attempt: currentOf(state)?.attempt }), after, nowAt(101)).verdict).toMatch(
          /^(fenced|not_resumable)$/,
        );
      }),
      { numRuns: tries(250) },
    );
  });
});
