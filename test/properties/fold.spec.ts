import fc from 'fast-check';
import { deadlineOf, initial, type ExecutionState, type ExistingExecution } from '../../src/domain/execution.js';
import { isResumable, isStale } from '../../src/domain/resumable.js';
import { authorityOf, currentOf } from '../../src/domain/verdict.js';
import { decode } from '../../src/event-store/codec.js';
import { foldLeniently } from '../../src/event-store/read-execution.js';
import { facts, holdsInvariants, TERMINAL } from '../support/domain/arbitrary.js';
import { at, DAY, fold, nowAt, type Fact } from '../support/domain/given.js';
import { streams } from '../support/domain/stored.js';
import { tries } from '../support/tries.js';

/** §7.3, counted over the steps of one attempt: who changed the outcome after the first terminal. */
function changesOfOutcome(states: readonly ExecutionState[]): Map<number, string[]> {
  const changes = new Map<number, string[]>();
  states.forEach((after, i) => {
    const before = states[i - 1];
    if (!before || before.status === 'none' || after.status === 'none' || before.attempt !== after.attempt) return;
    if (!TERMINAL.includes(before.status) || before.last_activity_at === after.last_activity_at) return;
    const whose = [before, after].map((state) => authorityOf(state)).join(' → ');
    changes.set(after.attempt, [...(changes.get(after.attempt) ?? []), whose]);
  });
  return changes;
}

const anomaliesOf = (state: ExecutionState): Readonly<Record<string, number>> =>
  state.status === 'none' ? {} : { ...state.anomalies };

const steps = (events: readonly Fact[]): ExecutionState[] => {
  const states: ExecutionState[] = [initial];
  // Every fact at a moment of its own, so that one that counts is told from one that does not.
  events.forEach((event, i) => states.push(fold([{ ...event, at: (event.at ?? 0) * 1000 + i }], states[i])));
  return states;
};

describe('§7 of the fold, whatever was appended', () => {
  it('it is total, and a terminal stays terminal, a sealed one as it is, attempts only rise', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 40 }), (events) => {
        const states = steps(events);
        states.forEach((state, i) => {
          expect(state.revision).toBe(i - 1);
          if (i > 0) holdsInvariants(states[i - 1] as ExecutionState, state);
          const now = nowAt(5 * DAY);
          void [isResumable(state, now), isStale(state, now), currentOf(state)];
          if (state.status !== 'none') void deadlineOf(state);
        });
      }),
      { numRuns: tries(250) },
    );
  });

  it("§7.3 after its first terminal: at most one worker's correction, then at most one operator's discard", () => {
    const outcomes = facts.filter(({ event }) => !['ExecutionProgressed', 'ExecutionResumed'].includes(event.type));
    const resumes = facts.filter(({ event }) => event.type === 'ExecutionResumed');
    const mostly = fc.oneof({ weight: 9, arbitrary: outcomes }, { weight: 1, arbitrary: resumes });
    fc.assert(
      fc.property(fc.array(mostly, { minLength: 5, maxLength: 40 }), (events) => {
        for (const changes of changesOfOutcome(steps(events)).values()) {
          expect(changes.length).toBeLessThanOrEqual(2);
          const last = changes.at(-1) as string;
          if (changes.length === 2) expect(changes[0]).toBe('watchdog → worker');
          expect(last.endsWith('→ worker') ? last : last.replace(/^\w+/, 'any')).toMatch(
            /^watchdog → worker$|^any → operator$/,
          );
        }
      }),
      { numRuns: tries(250) },
    );
  });

  it('§6 it reads on through anything that a stream may hold: ours, broken, foreign; and nothing twice', () => {
    let [ours, others] = [0, 0];
    fc.assert(
      fc.property(streams, (stream) => {
        let state: ExecutionState = initial;
        for (const stored of stream) {
          const after = foldLeniently(state, stored);
          expect([after.revision, after.position]).toEqual([stored.revision, stored.position]);
          expect(foldLeniently(after, stored)).toBe(after);
          for (const [name, count] of Object.entries(anomaliesOf(state))) {
            expect(anomaliesOf(after)[name]! - count).toBeGreaterThanOrEqual(0);
          }
          void [isResumable(after, nowAt(DAY)), isStale(after, nowAt(DAY)), currentOf(after)];
          if (after.status !== 'none') void deadlineOf(after);
          if (decode(stored).kind === 'ours') ours++;
          else {
            others++;
            const { revision, position } = after;
            expect(after).toStrictEqual({ ...state, revision, position });
          }
          state = after;
        }
      }),
      { numRuns: tries(400) },
    );
    // Neither kind is so rare that nothing was shown of it.
    expect(ours).toBeGreaterThan(tries(500));
    expect(others).toBeGreaterThan(tries(200));
  });

  it('what does not count changes nothing but revision, position and anomalies', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 15 }), facts, (events, last) => {
        const before = fold(events) as ExistingExecution;
        const after = fold([{ ...last, at: 99 * DAY }], before) as ExistingExecution;
        if (after.last_activity_at !== at(99 * DAY)) {
          const { revision, position, anomalies, ...rest } = after;
          // A description moves nothing else than what it is for, and is nobody's work.
          const { description, deadline, timeout_ms, registrations } = rest;
          const said =
            last.event.type === 'ExecutionDescribed' ? { description, deadline, timeout_ms, registrations } : {};
          expect(after).toStrictEqual({ ...before, revision, position, anomalies, ...said });
        } else expect(after.anomalies).toEqual(before.anomalies);
      }),
      { numRuns: tries(250) },
    );
  });
});
