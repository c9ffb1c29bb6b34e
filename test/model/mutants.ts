import { decide } from '../../src/domain/decide.js';
import { applied, type Decision, type Input } from '../../src/domain/decision.js';
import type { Description, ExecutionEvent, RecordedEvent } from '../../src/domain/events.js';
import { evolve } from '../../src/domain/evolve.js';
import type { ExecutionState, ExistingExecution } from '../../src/domain/execution.js';
import { isResumable } from '../../src/domain/resumable.js';
import { authorityOf, exists, isTerminal, silence } from './laws.js';
import type { Decider } from './ledger.js';
import { IDENTIFIED, REDELIVERED, LAGGING, TIMED, WORDED } from './models.js';
import type { Model } from './steps.js';

/** A decider that breaks one rule, and the law that must catch it. */
export interface Mutant {
  readonly name: string;
  readonly broken: Partial<Decider>;
  readonly caughtBy: string;
  readonly model: Model;
}

type Blind = (head: ExistingExecution, input: Input) => object | false;

/** Decides as if the state were another: what a missing check comes to. The fold sees the same, where it is to go along. */
const seeing = (blind: Blind): Partial<Decider> => ({
  decide: (input, state, now) => decide(input, exists(state) ? seen(state, blind(state, input)) : state, now),
});
const seen = (state: ExistingExecution, as: object | false): ExistingExecution =>
  as ? ({ ...state, ...as } as ExistingExecution) : state;

/** And the fold goes along with events of this type. */
const andFolds = (type: ExecutionEvent['type'], as: (head: ExistingExecution) => object | false): Partial<Decider> => ({
  evolve: (state, event) => {
    const concerned = event.type === type && exists(state) && event.revision > state.revision;
    return evolve(concerned ? seen(state, as(state)) : state, event);
  },
});

/** Decides, then something is done to the decision. */
const then = (change: (decision: Decision, input: Input, state: ExecutionState) => Decision): Partial<Decider> => ({
  decide: (input, state, now) => change(decide(input, state, now), input, state),
});

const says = (input: Input, ...words: string[]): boolean =>
  input.kind === 'report' && words.includes(String(input.status));
const isOf = (type: ExecutionEvent['type'], { events }: Decision): boolean => events[0]?.type === type;

/** A resume of what runs already opens its attempt once more. */
const again: Partial<Decider> = {
  decide: (input, state, now) =>
    input.kind === 'resume' && state.status === 'running' && silence(state, now) === 0 && state.attempt > 1
      ? applied({ type: 'ExecutionResumed', data: { attempt: state.attempt } })
      : decide(input, state, now),
  evolve: (state, event) => {
    const reopens = event.type === 'ExecutionResumed' && exists(state) && event.data.attempt === state.attempt;
    return reopens && state.status === 'running' ? { ...state, revision: event.revision } : evolve(state, event);
  },
};

const forgetful = (state: ExecutionState, event: RecordedEvent): ExecutionState =>
  evolve(event.revision === state.revision ? { ...state, revision: state.revision - 1 } : state, event);

const of = (model: Model, caughtBy: string, name: string, broken: Partial<Decider>): Mutant => ({
  name,
  broken,
  caughtBy,
  model,
});

/** The decision without what it adds to the identity. */
const unsaid = (decision: Decision): Decision => ({
  ...decision,
  events: decision.events.filter(({ type }) => type !== 'ExecutionDescribed'),
});
const identityOf = (state: ExecutionState): Description => (exists(state) ? state.description : {});
/** Knows nothing of the identity. */
const nameless = (state: ExecutionState): ExecutionState => (exists(state) ? { ...state, description: {} } : state);

/** One for each rule that somebody could forget. */
export const MUTANTS: readonly Mutant[] = [
  of(LAGGING, '§7.13', 'a refusal is given without asking whether the head still stands', { confirms: () => true }),
  of(LAGGING, '§7.13', 'an append does not say which revision it was decided on', { admits: () => true }),
  of(REDELIVERED, '§3.0', 'an id that is bound applies once more', { asksIdsFirst: false }),
  of(WORDED, '§3.1', 'a report without a number means the current attempt', {
    decide: (input, state, now) =>
      decide(input.kind === 'report' && exists(state) ? { attempt: state.attempt, ...input } : input, state, now),
  }),
  of(WORDED, '§7.4', 'a number behind the id opens the attempt', {
    decide: (input, state, now) =>
      decide(input.kind === 'report' && input.attempt ? { ...input, counts_attempts: true } : input, state, now),
  }),
  of(WORDED, '§7.4', "a producer's own number opens nothing", {
    decide: (input, state, now) => {
      if (input.kind !== 'report') return decide(input, state, now);
      const { counts_attempts: _, ...report } = input;
      return decide(report, state, now);
    },
  }),
  of(WORDED, '§7.2', "a producer's own number opens what succeeded", {
    ...seeing(({ status }, input) => status === 'succeeded' && 'counts_attempts' in input && { status: 'failed' }),
    ...andFolds('ExecutionResumed', ({ status }) => status === 'succeeded' && { status: 'failed' }),
  }),
  of(WORDED, '§7.4', 'a watchdog opens by a number', {
    decide: (input, state, now) =>
      decide(input.kind === 'report' && input.counts_attempts ? { ...input, authority: 'worker' } : input, state, now),
  }),
  of(
    WORDED,
    '§7.10',
    "a watchdog's guess stands against the worker",
    seeing(({ status }, input) => isTerminal(status) && input.kind === 'report' && { authority: 'operator' }),
  ),
  of(
    WORDED,
    '§7.7',
    "a watchdog's guess is sealed against a cancel",
    seeing(({ status }, { kind }) => isTerminal(status) && kind === 'cancel' && { authority: 'worker' }),
  ),
  of(
    WORDED,
    '§4 abort',
    'an abort asks for a dispatch, and not for reports',
    seeing(({ handle }, { kind }) => kind === 'abort' && { dispatched: handle !== undefined }),
  ),
  of(WORDED, '§7.2', 'what succeeded can be resumed', {
    ...seeing(({ status }, { kind }) => kind === 'resume' && status === 'succeeded' && { status: 'failed' }),
    ...andFolds('ExecutionResumed', ({ status }) => status === 'succeeded' && { status: 'failed' }),
  }),
  of(WORDED, '§7.2', 'a cancel overwrites a sealed success', {
    ...seeing(({ status }, { kind }) => kind === 'cancel' && status === 'succeeded' && { authority: 'watchdog' }),
    ...andFolds('ExecutionCancelled', ({ status }) => status === 'succeeded' && { authority: 'watchdog' }),
  }),
  of(WORDED, '§7.1', 'a late running opens what has failed', {
    ...seeing(({ status }, input) => says(input, 'running') && status === 'failed' && { status: 'queued' }),
    ...andFolds('ExecutionStarted', ({ status }) => status === 'failed' && { status: 'queued' }),
  }),
  of(WORDED, '§3.4 an open', 'an attempt goes back to queued', {
    ...seeing(({ status }, input) => says(input, 'queued') && status === 'running' && { status: 'pending' }),
    ...andFolds('ExecutionQueued', ({ status }) => status === 'running' && { status: 'pending' }),
  }),
  of(WORDED, '§3.4 a paused', 'a pause is left by a report', {
    ...seeing(({ status }, input) => says(input, 'running') && status === 'paused' && { status: 'queued' }),
    ...andFolds('ExecutionStarted', ({ status }) => status === 'paused' && { status: 'queued' }),
  }),
  of(WORDED, '§3.4 an open', 'a success is taken from who waits and is told so', {
    decide: (input, state, now) =>
      decide(
        input.kind === 'report' && state.status === 'waiting' ? { ...input, mode: 'fire_and_forget' } : input,
        state,
        now,
      ),
  }),
  of(WORDED, '§7.5', 'a second resume opens the same attempt', again),
  of(
    TIMED,
    '§4 only a deadline',
    'a wait is timed out',
    seeing(({ status }, { kind }) => kind === 'time_out' && status === 'waiting' && { status: 'running' }),
  ),
  of(
    TIMED,
    '§4 a resume',
    'a deadline that has passed survives the resume',
    then((decision) => {
      const [resumed, ...rest] = decision.events;
      return resumed?.type === 'ExecutionResumed'
        ? { ...decision, events: [{ ...resumed, data: { ...resumed.data, deadline_dropped: false } }, ...rest] }
        : decision;
    }),
  ),
  of(
    WORDED,
    '§3 heartbeats',
    'a heartbeat counts where all is over',
    then((decision, input, state) => (input.kind === 'heartbeat' && isTerminal(state.status) ? applied() : decision)),
  ),
  of(
    WORDED,
    '§7.8',
    'every heartbeat is written',
    then((decision, input, state) =>
      input.kind === 'heartbeat' && decision.verdict === 'applied'
        ? applied({ type: 'HeartbeatRecorded', data: { attempt: (state as ExistingExecution).attempt } })
        : decision,
    ),
  ),
  of(
    WORDED,
    '§3.3',
    'the same outcome is stamped again',
    seeing(({ status, attempt }, input) => says(input, status) && isTerminal(status) && { status: 'running', attempt }),
  ),
  of(WORDED, '§7.3', 'a guess replaces a guess', {
    ...seeing((head, input) => says(input, 'failed') && authorityOf(head) === 'watchdog' && { status: 'running' }),
    ...andFolds('ExecutionFailed', (head) => authorityOf(head) === 'watchdog' && { status: 'running' }),
  }),
  of(
    WORDED,
    '§7.12',
    'progress follows the final it came with',
    then((decision) =>
      isOf('ExecutionProgressed', decision) ? { ...decision, events: [...decision.events].reverse() } : decision,
    ),
  ),
  of(
    WORDED,
    '§4 dispatch',
    'a dispatch wins twice',
    seeing((_, { kind }) => kind === 'dispatch' && { dispatched: false }),
  ),
  of(
    WORDED,
    '§4 register',
    'a second registration describes',
    seeing(
      ({ registrations }, { kind }) =>
        kind === 'register' && registrations.length > 0 && { registrations: [], created_by_report: true },
    ),
  ),
  of(
    WORDED,
    '§7.11',
    'a fenced report is not kept',
    then((decision) => (decision.verdict === 'fenced' ? { ...decision, kept: false } : decision)),
  ),
  of(
    IDENTIFIED,
    '§3 identity',
    'what a report says of the identity counts only where it opens the stream',
    then((decision, input) => (input.kind === 'report' ? unsaid(decision) : decision)),
  ),
  of(
    IDENTIFIED,
    '§3 identity',
    'only what is applied adds to the identity',
    then((decision) => (decision.verdict === 'applied' ? decision : unsaid(decision))),
  ),
  of(
    IDENTIFIED,
    '§3 identity',
    'nothing is added to the identity of what is over',
    then((decision, _, state) => (isTerminal(state.status) ? unsaid(decision) : decision)),
  ),
  of(IDENTIFIED, '§3 identity', 'the last to say a field wins', {
    decide: (input, state, now) => decide(input, nameless(state), now),
    evolve: (state, event) => {
      if (event.type !== 'ExecutionDescribed' || event.revision <= state.revision) return evolve(state, event);
      const after = evolve(nameless(state), event) as ExistingExecution;
      return { ...after, description: { ...identityOf(state), ...after.description } };
    },
  }),
  of(
    IDENTIFIED,
    '§3 identity',
    'what is said otherwise is forgotten',
    then(({ contrary: _, ...decision }) => decision),
  ),
  of(
    IDENTIFIED,
    '§4 only',
    'a report claims by what it adds',
    then((decision) => ({
      ...decision,
      events: decision.events.map((event) =>
        event.type === 'ExecutionDescribed' ? { ...event, data: { ...event.data, by_report: false } } : event,
      ),
    })),
  ),
  of(IDENTIFIED, '§6 what', 'what is added to the identity is a sign of life', {
    evolve: (state, event) => {
      const after = evolve(state, event);
      const added = event.type === 'ExecutionDescribed' && exists(after) && event.revision > state.revision;
      return added ? { ...after, last_activity_at: event.recorded_at } : after;
    },
  }),
  of(WORDED, '§4 resumable', 'the predicate forgets whom silence took', {
    isResumable: (state, now) => state.status !== 'running' && isResumable(state, now),
  }),
  of(WORDED, '§7.9', 'an event that is read twice counts twice', { evolve: forgetful }),
];
