import fc from 'fast-check';
import { authorityOfInput, type Input } from '../../../src/domain/decision.js';
import type { Description, ExecutionEvent, ExecutionEventType } from '../../../src/domain/events.js';
import type { ExecutionState, ExistingExecution } from '../../../src/domain/execution.js';
import type { Status } from '../../../src/domain/status.js';
import { authorityOf } from '../../../src/domain/verdict.js';
import { ask, at, DAY, fact, fold, heartbeat, HOUR, report, type Fact } from './given.js';

const TYPES: readonly ExecutionEventType[] = [
  'ExecutionRegistered',
  'ExecutionDescribed',
  'ExecutionDispatched',
  'ExecutionQueued',
  'ExecutionStarted',
  'ExecutionWaiting',
  'ExecutionPaused',
  'ExecutionProgressed',
  'HeartbeatRecorded',
  'ExecutionSucceeded',
  'ExecutionFailed',
  'ExecutionTimedOut',
  'ExecutionCancelled',
  'ExecutionResumed',
];
const WORDS: readonly (Status | undefined)[] = [
  ...(['pending', 'queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'timeout', 'cancelled'] as const),
  undefined,
];

const attempts = fc.constantFrom(undefined, 1, 2, 3, 4);
const authorities = fc.constantFrom('operator', 'worker', 'watchdog');
/** The value, or none. */
export const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

/** The record without its undefined members. */
export const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

/** Anything a producer may append straight to the store. */
export const facts: fc.Arbitrary<Fact> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    by: fc.constantFrom('operator', 'worker', 'watchdog', 'nobody'),
    ms: fc.integer({ min: 0, max: 9 * DAY }),
    occurred_at: fc.constantFrom(undefined, at(-DAY), at(DAY), at(900 * DAY), 'no date'),
    data: fc
      .record({
        attempt: attempts,
        authority: optional(authorities),
        progress: optional(fc.integer({ min: 0, max: 100 })),
        status: optional(fc.constantFrom(...WORDS)),
        outcome: fc.constantFrom(undefined, 'succeeded', 'failed', 'nonsense'),
        result: optional(fc.constantFrom(null, 1, { a: 1 })),
        error: optional(fc.constantFrom('e', 'f')),
        doubt: fc.constantFrom(undefined, true, false),
        duration_ms: optional(fc.constantFrom(0, 5, 1e300)),
        completed_at: fc.constantFrom(undefined, at(-DAY), at(900 * DAY), 'no date'),
        phase: fc.constantFrom(undefined, 'staging', 'execution'),
        unnumbered: fc.constantFrom(undefined, true, false),
        deadline: fc.constantFrom(undefined, at(DAY)),
        timeout_ms: fc.constantFrom(undefined, 5, 1e300),
        worker: fc.constantFrom(undefined, 'w', 'v'),
        workflow_id: fc.constantFrom(undefined, 'a', 'b'),
        parent_execution_id: fc.constantFrom(undefined, 'p', 'q'),
        by_report: fc.constantFrom(undefined, true, 'nonsense'),
      })
      .map(present),
  })
  .map(({ type, by, ms, occurred_at, data }) => ({
    ...fact(type, data as never, { by: by as Fact['by'] & string, at: ms }),
    ...(occurred_at === undefined ? {} : { occurred_at }),
  }));

/** What may be said of an identity: often nothing, in which case most is said of the rest; else what others say, or otherwise. */
export const identities: fc.Arbitrary<Description> = fc.oneof(
  fc.constant({}),
  fc
    .record({
      run_id: fc.constantFrom(undefined, 'a', 'b'),
      workflow_id: fc.constantFrom(undefined, 'v', 'w'),
      parent_execution_id: fc.constantFrom(undefined, 'p', 'q'),
      target: fc.constantFrom(undefined, 's', 't'),
      input: fc.constantFrom(undefined, null, 1, { a: [1] }),
      labels: fc.constantFrom(undefined, {}, { a: '1' }, { a: '2', b: '1' }, { __proto__: null, constructor: 'c' }),
    })
    .map((said) => present(said) as Description),
);

const reports = fc
  .record({
    status: fc.constantFrom(...WORDS),
    mode: fc.constantFrom('fire_and_forget' as const, 'strict' as const),
    authority: fc.constantFrom('worker' as const, 'watchdog' as const),
    attempt: attempts,
    counts_attempts: fc.constantFrom(undefined, true as const),
    progress: optional(fc.integer({ min: 0, max: 3 })),
    result: optional(fc.constantFrom(null, 1)),
    error: optional(fc.constantFrom('e', 'f')),
    duration_ms: optional(fc.constantFrom(5, 1e300)),
    description: identities,
  })
  .map(({ status, ...rest }): Input => report(status, present(rest) as object));

/** Anything that can be asked. */
export const inputs: fc.Arbitrary<Input> = fc.oneof(
  { weight: 5, arbitrary: reports },
  { weight: 1, arbitrary: attempts.map((attempt) => heartbeat(present({ attempt }) as object)) },
  {
    weight: 4,
    arbitrary: fc.oneof(
      fc.constantFrom('a', 'b').map((digest) => ask.register({ timeout_ms: HOUR, run_id: digest }, digest)),
      attempts.map((attempt) => ask.dispatch(present({ attempt }))),
      attempts.map((attempt) => ask.abort(present({ attempt }))),
      fc
        .record({ attempt: attempts, new_attempt: fc.boolean(), unnumbered: fc.boolean() })
        .map((rest) => ask.resume(present(rest))),
      attempts.map((attempt) => ask.pause(present({ attempt }))),
      attempts.map((attempt) => ask.cancel(present({ attempt }))),
      fc.constant(ask.time_out()),
    ),
  },
);

/** Anything of that which an endpoint lets through: no number that a double holds only by rounding (encoding/json.ts). */
export const tellable: fc.Arbitrary<Input> = inputs.map((input) =>
  input.kind === 'report' && input.duration_ms === 1e300 ? { ...input, duration_ms: 5 } : input,
);

/** The state once what was decided is appended, in the name of whoever asked. */
export const appended = (
  input: Input,
  events: readonly ExecutionEvent[],
  state: ExecutionState,
  ms: number,
): ExecutionState =>
  fold(
    events.map((event) => ({ event, by: authorityOfInput(input) })),
    state,
    ms,
  );

/** The outcomes (docs/semantics.md §1). */
export const TERMINAL: readonly string[] = ['succeeded', 'failed', 'timeout', 'cancelled'];

/** Succeeded or cancelled, by worker or operator (docs/semantics.md §1). */
export const sealed = (state: ExistingExecution): boolean =>
  ['succeeded', 'cancelled'].includes(state.status) && ['operator', 'worker'].includes(authorityOf(state) as string);

/** §7.1–4, held over one step of the fold. */
export function holdsInvariants(before: ExecutionState, after: ExecutionState): void {
  if (before.status === 'none' || after.status === 'none') return;
  if (before.attempt === after.attempt && TERMINAL.includes(before.status)) expect(TERMINAL).toContain(after.status);
  expect(after.attempt - before.attempt).toBeGreaterThanOrEqual(0);
  if (sealed(before)) {
    const whole = ({
      status,
      attempt,
      ...state
    }: ExistingExecution & { result?: unknown; error?: unknown; completed_at?: unknown }) => [
      status,
      attempt,
      authorityOf({ status, attempt, ...state } as ExistingExecution),
      state.result,
      state.error,
      state.completed_at,
    ];
    expect(whole(after)).toEqual(whole(before));
  }
}
