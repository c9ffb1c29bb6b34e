import fc from 'fast-check';
import type { Decision, Input } from '../../src/domain/decision.js';
import type { Description, ExecutionEvent } from '../../src/domain/events.js';
import {
  initial,
  type ExecutionState,
  type ExistingExecution,
  type PausedExecution,
} from '../../src/domain/execution.js';
import { decide } from '../../src/domain/decide.js';
import { appended, facts, identities, inputs } from '../support/domain/arbitrary.js';
import { fieldsOf } from '../support/domain/identity.js';
import {
  ask,
  at,
  became,
  DAY,
  existing,
  fact,
  fold,
  given,
  HOUR,
  MINUTE,
  nowAt,
  report,
  standing,
} from '../support/domain/given.js';

const WHOLE = {
  run_id: 'r',
  workflow_id: 'w',
  parent_execution_id: 'p',
  target: 't',
  kind: 'k',
  input: { a: [1] },
  labels: { team: 'x', branch: 'main' },
} satisfies Description;

/** The event by which a report adds to the identity. */
const describedBy = (data: Description, attempt = 1): ExecutionEvent => ({
  type: 'ExecutionDescribed',
  data: { attempt, by_report: true, ...data },
});
const identityOf = (state: ExecutionState): Description => (state as ExistingExecution).description;

const STANDINGS = [
  ...['pending', 'queued', 'running', 'waiting', 'paused'],
  ...['succeeded', 'failed', 'timeout', 'cancelled'].flatMap((status) => [`${status} worker`, `${status} watchdog`]),
];
const WORDS = [
  'pending',
  'queued',
  'running',
  'waiting',
  'paused',
  'succeeded',
  'failed',
  'timeout',
  undefined,
] as const;

describe('§3 identity fills, whenever it comes', () => {
  it('queued without any, then running with all of it', () => {
    const first = given().when(report('queued'));
    const second = first.when(report('running', { description: WHOLE }));
    second.then('applied', [describedBy(WHOLE), { type: 'ExecutionStarted', data: { attempt: 1 } }], false);
    expect(identityOf(second.after)).toEqual(WHOLE);
    second
      .when(report('running', { description: WHOLE }))
      .then('duplicate', [], false)
      .when(report('succeeded', { description: WHOLE }))
      .then('applied', [expect.objectContaining({ type: 'ExecutionSucceeded' }) as ExecutionEvent]);
  });

  it.each(STANDINGS)('%s: whatever is said, by whatever verdict, and nothing else of it changes', (name) => {
    for (const word of WORDS) {
      for (const how of [{}, { attempt: 9 }, { mode: 'strict' }, { authority: 'watchdog' }] as const) {
        const bare = given(...standing(name)).when(report(word, how));
        const told = given(...standing(name)).when(report(word, { ...how, description: WHOLE }));
        told.then(bare.decision.verdict, [describedBy(WHOLE), ...bare.decision.events], bare.decision.kept);
        const { description, revision, position, paused_revision } = told.after as PausedExecution;
        expect(description).toEqual(WHOLE);
        expect(told.after).toEqual({ ...bare.after, description, revision, position, paused_revision });
      }
    }
    given(...standing(name))
      .when(report({ unsupported: 'napping' }, { description: WHOLE }))
      .then('unsupported_status', [describedBy(WHOLE)], true);
  });

  it('the first to say a field wins; what is said otherwise is refused by itself, labels one by one', () => {
    const first = given().when(report('queued', { description: { target: 't', input: null, labels: { a: '1' } } }));
    const second = first.when(
      report('running', { description: { target: 'u', kind: 'k', input: 0, labels: { a: '2', b: '2' } } }),
    );
    second.then('applied', [
      describedBy({ kind: 'k', labels: { b: '2' } }),
      { type: 'ExecutionStarted', data: { attempt: 1 } },
    ]);
    expect(second.decision.contrary).toEqual({ target: 'u', input: 0, labels: { a: '2' } });
    expect(identityOf(second.after)).toEqual({ target: 't', kind: 'k', input: null, labels: { a: '1', b: '2' } });
    const again = second.when(report('running', { description: { target: 't', labels: { a: '1', b: '2' } } }));
    expect(again.then('duplicate', [], false).decision).not.toHaveProperty('contrary');
  });

  it('labels of any name', () => {
    const labels = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    const told = given(...standing('running')).when(report('running', { description: { labels } }));
    expect(Object.entries(identityOf(told.after).labels!)).toEqual(Object.entries(labels));
    told.when(report('running', { description: { labels } })).then('duplicate', []);
  });

  it('is no activity, and claims nothing: a registration may still do so', () => {
    const told = given(became('running')).when(report('running', { description: { target: 't' } }), MINUTE);
    expect((told.after as ExistingExecution).last_activity_at).toBe(at(0));
    const claimed = told.when(ask.register({ target: 'u', kind: 'k' }, 'a body'), DAY);
    claimed.then('applied', [{ type: 'ExecutionDescribed', data: { attempt: 1, kind: 'k' } }]);
    expect(claimed.decision.contrary).toEqual({ target: 'u' });
    expect((claimed.after as ExistingExecution).last_activity_at).toBe(at(0));
    expect(claimed.when(ask.register({ target: 'u', kind: 'k' }, 'a body')).decision.repeats).toBe(2);
  });

  it('a deadline that a resume dropped is not brought back by whoever repeats it, or says another', () => {
    const resumed = given(...standing('failed worker', { registered: { deadline: at(HOUR) } })).when(
      ask.resume(),
      2 * HOUR,
    );
    for (const deadline of [at(HOUR), at(DAY)]) {
      const again = resumed.when(ask.register({ deadline }, 'another body'));
      again.then('id_reused', []);
      expect(again.after).toMatchObject({ deadline: undefined });
    }
  });

  it('one that is past by then counts at once, as a registered one does', () => {
    const late = given(became('running')).when(ask.register({ deadline: at(1) }), HOUR);
    late.when(ask.time_out()).then('applied');
  });
});

describe('§6 a description in a stream', () => {
  const append = (data: object, attempt: object = {}) =>
    fact('ExecutionDescribed', { ...attempt, ...data }, { by: 'nobody', at: 9 * DAY });

  it.each(STANDINGS)('%s: fills whatever the attempt that it names, and moves nothing else', (name) => {
    const before = existing(...standing(name));
    for (const attempt of [{}, { attempt: 1 }, { attempt: 7 }]) {
      const after = fold([append(WHOLE, attempt)], before) as ExistingExecution;
      const { revision, position } = after;
      expect(after).toEqual({ ...before, description: WHOLE, revision, position });
    }
  });

  it('what it says otherwise counts as a conflict', () => {
    const before = existing(...standing('running', { registered: { target: 't' } }));
    const after = fold([append({ target: 'u', kind: 'k' })], before) as ExistingExecution;
    expect(after.description).toEqual({ target: 't', kind: 'k' });
    expect(after.anomalies).toEqual({ ...before.anomalies, conflicts: 1 });
  });
});

/** The identity as the first to say each field has it, told field by field. */
function naively(said: readonly Description[]): { identity: Map<string, string>; contrary: string[][] } {
  const identity = new Map<string, string>();
  const contrary = said.map((one) =>
    fieldsOf(one).flatMap(([field, value]) => {
      if (!identity.has(field)) identity.set(field, value);
      return identity.get(field) === value ? [] : [field];
    }),
  );
  return { identity, contrary };
}
/** Asks one after the other; each decision, and the state they leave. */
function tell(
  said: readonly Input[],
  from: ExecutionState = initial,
): { decisions: Decision[]; state: ExecutionState } {
  let state = from;
  const decisions = said.map((input, n) => {
    const decision = decide(input, state, nowAt(n));
    state = appended(input, decision.events, state, n);
    return decision;
  });
  return { decisions, state };
}

describe('§7.10 identity and the order of arrival', () => {
  const words = fc.constantFrom('pending', 'queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', undefined);
  const parts = fc.subarray(fieldsOf(WHOLE).map(([field]) => field));
  /** A part of what there is to say of it. */
  const part = (names: readonly string[]): Description => {
    const labels = Object.entries(WHOLE.labels).filter(([key]) => names.includes(`label ${key}`));
    const fields = Object.entries(WHOLE).filter(([field]) => names.includes(field));
    return { ...Object.fromEntries(fields), ...(labels.length > 0 ? { labels: Object.fromEntries(labels) } : {}) };
  };
  const reports = fc
    .array(fc.tuple(words, parts), { minLength: 1, maxLength: 6 })
    .map((all) => all.map(([word, names]) => report(word, { description: part(names) })));

  it("every order of one worker's reports ends in the same identity, all that they said", () => {
    const shuffled = reports.chain((said) =>
      fc.tuple(fc.constant(said), fc.shuffledSubarray(said, { minLength: said.length })),
    );
    fc.assert(
      fc.property(shuffled, ([said, otherwise]) => {
        const { identity } = naively(said.map(({ description }) => description));
        for (const order of [said, otherwise, [...said].reverse()]) {
          const { decisions, state } = tell(order);
          expect(new Map(fieldsOf(identityOf(state)))).toEqual(identity);
          for (const decision of decisions) expect(decision).not.toHaveProperty('contrary');
        }
      }),
    );
  });

  it('whoever says what: of each field the first wins, the others are refused, and no verdict depends on it', () => {
    const asked = fc.array(fc.tuple(inputs, identities), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(asked, (all) => {
        const said = all.flatMap(([input, description]): Input[] =>
          input.kind === 'report' ? [{ ...input, description }] : input.kind === 'register' ? [] : [input],
        );
        const told = tell(said, existing(...standing('running')));
        const bare = tell(
          said.map((input) => ('description' in input ? { ...input, description: {} } : input)),
          existing(...standing('running')),
        );
        const about = said.map((input) => ('description' in input ? input.description : {}));
        const { identity, contrary } = naively(about);
        expect(new Map(fieldsOf(identityOf(told.state)))).toEqual(identity);
        for (const [n, { verdict, kept, events, contrary: refused }] of told.decisions.entries()) {
          const [described, rest] =
            events[0]?.type === 'ExecutionDescribed' ? [events[0], events.slice(1)] : [undefined, events];
          expect({ verdict, kept, events: rest }).toEqual({
            verdict: bare.decisions[n]!.verdict,
            kept: bare.decisions[n]!.kept,
            events: bare.decisions[n]!.events,
          });
          expect(fieldsOf(refused ?? {}).map(([field]) => field)).toEqual(contrary[n]);
          if (described) expect(Object.keys(described.data).length).toBeGreaterThan(2);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('after whatever others appended: a field that stands never changes', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 8 }), fc.array(identities, { maxLength: 4 }), (appendedBefore, all) => {
        let state = fold(appendedBefore);
        for (const description of all) {
          const before = state;
          state = appended(
            report(undefined),
            decide(report(undefined, { description }), state, nowAt(0)).events,
            state,
            0,
          );
          if (before.status !== 'none') {
            expect(identityOf(state)).toMatchObject(identityOf(before));
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
