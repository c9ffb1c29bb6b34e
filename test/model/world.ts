import { targetAttempt, initial, type ExecutionState, type ExistingExecution } from '../../src/domain/execution.js';
import type { RecordedEvent } from '../../src/domain/events.js';
import { isTerminal } from '../../src/domain/status.js';
import { at, DAY, MINUTE, SECOND } from '../support/domain/given.js';
import { DEADLINE, TIMEOUT, type ModelInput } from './alphabet.js';
import { fieldsOf } from '../support/domain/identity.js';

export const STALE_AFTER = 3 * DAY;
/** A sign of life is written where none was for longer than this (docs/semantics.md §2). */
export const BEAT = 5 * MINUTE;

/** What the laws remember by themselves, so that they need not believe what the fold says. */
export interface Witness {
  /** Dispatched, or a worker's report beyond pending applied, in this attempt (docs/semantics.md §1). */
  readonly dispatched: boolean;
  /** The latest resume of this attempt said that its workers carry no number. */
  readonly unnumbered: boolean;
  /** Somebody registered something that can run out. */
  readonly timed: boolean;
  /** Who said what of the identity first, field by field. */
  readonly said: Readonly<Record<string, string>>;
}

/** A request that was applied under an id, and the receipt its caller got, or lost. */
export interface Bound {
  readonly asked: ModelInput;
  readonly receipt: RecordedEvent;
}

/** Where everything stands: the stream of one execution, the time, and who believes what. */
export interface World {
  readonly head: ExecutionState;
  /** Milliseconds since the model began. */
  readonly clock: number;
  readonly witness: Witness;
  /** What a second process believes the head to be, where that is an earlier one. */
  readonly old?: ExecutionState | undefined;
  /** The id in play; the others' are other names of this one, for ids never meet. */
  readonly bound?: Bound | undefined;
}

export const BEGINNING: World = {
  head: initial,
  clock: 0,
  witness: { dispatched: false, unnumbered: false, timed: false, said: {} },
};

/** The steps of time. Between them it stands still; each is longer than all those shorter ones that a path can have. */
export const TIMES = {
  'a while passes': BEAT + SECOND,
  'silence falls': STALE_AFTER + SECOND,
  'the timeout runs out': 1.1 * TIMEOUT,
  'the deadline passes': 1.01 * DEADLINE,
} as const;
export type Time = keyof typeof TIMES;

const passes = (time: string, state: ExistingExecution, clock: number): boolean =>
  time === 'the timeout runs out'
    ? !isTerminal(state.status) && timeoutOf(state, clock).endsWith('ahead') && state.standing_since === undefined
    : time !== 'the deadline passes' || deadlineOf(state, clock) === 'ahead';

/** The world after that time, where letting it pass can change anything. */
export const later = (world: World, time: Time): World | undefined =>
  world.head.status === 'none' || !passes(time, world.head, world.clock)
    ? undefined
    : { ...world, clock: world.clock + TIMES[time] };

const BEGAN = Date.parse(at(0));
const parsed = new Map<string, number>();
/** Of the few instants of a model, each parsed once. */
function millis(instant: string): number {
  const known = parsed.get(instant);
  if (known !== undefined) return known;
  const ms = Date.parse(instant) - BEGAN;
  parsed.set(instant, ms);
  return ms;
}

/** Fails the search where a deadline came near by itself: its states would no longer be what their keys say. */
function ahead(left: number, room: number): 'ahead' {
  if (left < room)
    throw new Error('the model ran out of time: a deadline came near without the step that lets it pass');
  return 'ahead';
}

function deadlineOf({ deadline }: ExistingExecution, clock: number): string {
  if (deadline === undefined) return '';
  const left = millis(deadline) - clock;
  return left <= 0 ? 'passed' : ahead(left, 0.25 * DEADLINE);
}

/** Of a time-out, or of the one that a registration may still bring: that counts from the same moment. */
function timeoutOf(state: ExistingExecution, clock: number): string {
  const until = state.standing_since === undefined ? clock : millis(state.standing_since);
  const left = (state.timeout_ms ?? TIMEOUT) - (until - millis(state.clock_from) - state.stood_ms);
  const brought = state.timeout_ms === undefined ? 'if brought ' : '';
  return brought + (left <= 0 ? 'passed' : ahead(left, 0.5 * TIMEOUT));
}

function silenceOf(state: ExistingExecution, clock: number): string {
  const silent = clock - millis(state.last_activity_at);
  if (silent > STALE_AFTER && state.status === 'running') return 'silent';
  return silent > BEAT ? 'a while' : '';
}

const has = (state: object, ...names: string[]): string =>
  names.filter((name) => (state as Record<string, unknown>)[name] !== undefined).join();

/** What is known of the identity. Of a deadline: whether a registration of now would say the same one. */
function identityOf({ description }: ExistingExecution, clock: number): string {
  const { deadline } = description;
  const others = fieldsOf(description).filter(([field]) => field !== 'deadline');
  const same = deadline !== undefined && millis(deadline) === clock + DEADLINE;
  return (
    JSON.stringify([...others].sort()) + (deadline === undefined ? '' : same ? 'same deadline' : 'another deadline')
  );
}

/**
 * Exactly what the answers to come depend on. Left out is what no decision and no law of a later step reads: revision,
 * position and moments but for what has run out; in a closed attempt its news, dispatch and silence, which the next
 * one does not inherit; which text a message has, for there is one; whether `unnumbered` where the only attempt is 1.
 */
export function stateKey(state: ExecutionState, clock: number): string {
  if (state.status === 'none') return 'none';
  const { status, attempt, registrations } = state;
  const body = registrations.length === 0 ? 'unclaimed' : registrations.map(({ digest }) => digest).join();
  const deadline = deadlineOf(state, clock);
  const always = [status, attempt, targetAttempt(state, undefined), body, deadline, identityOf(state, clock)];
  if (isTerminal(status)) {
    const { authority, timeout_ms } = state as ExistingExecution & { authority: string };
    return [...always, authority, has(state, 'result', 'error'), timeout_ms].join('|');
  }
  const { dispatched, worker_ran, paused_from } = state as ExistingExecution & { paused_from?: string };
  const first = attempt > 1 && worker_ran;
  const news = has(state, 'progress', 'message');
  return [...always, timeoutOf(state, clock), silenceOf(state, clock), dispatched, first, news, paused_from].join('|');
}

/** The world's place among those that were visited. */
export function worldKey({ head, clock, old, bound }: World): string {
  const others = [old && stateKey(old, clock), bound?.asked.name];
  return [stateKey(head, clock), ...others].join(' & ');
}
