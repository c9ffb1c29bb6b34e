import type { Command } from '../../../src/domain/commands.js';
import { decide } from '../../../src/domain/decide.js';
import type { Decision, Input } from '../../../src/domain/decision.js';
import type {
  EventDataByType,
  EventMetadata,
  ExecutionEvent,
  ExecutionEventType,
  Instant,
  RecordedEvent,
} from '../../../src/domain/events.js';
import { evolve } from '../../../src/domain/evolve.js';
import { initial, type ExecutionState, type ExistingExecution } from '../../../src/domain/execution.js';
import type { Heartbeat, Report } from '../../../src/domain/report.js';
import type { DecisionTime } from '../../../src/domain/decision-time.js';
import type { SilentAfter } from '../../../src/domain/decision-time.js';
import type { Authority, Status } from '../../../src/domain/status.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The moment so many milliseconds after the one at which every test begins. */
export const at = (ms: number): Instant => new Date(Date.UTC(2030, 0, 1) + ms).toISOString();

/** The default of `SILENT_AFTER`. */
export const SILENT_AFTER: SilentAfter = { ms: 15 * MINUTE, exceptions: [] };

/** A decision's moment, under the default measures of silence. */
export const nowAt = (ms: number, stale_after_ms = 3 * DAY): DecisionTime => ({
  at: at(ms),
  stale_after_ms,
  silent_after: SILENT_AFTER,
});

/** Something recorded: an event, when, and by whom. */
export interface Fact {
  readonly event: ExecutionEvent;
  /** Milliseconds after the beginning; absent: with the fact before it. */
  readonly at?: number;
  /** `nobody`: appended straight to the store, with no metadata of the ledger's. Default: the worker. */
  readonly by?: Authority | 'nobody';
  readonly occurred_at?: Instant;
  readonly digest?: string;
}

export const fact = <T extends ExecutionEventType>(
  type: T,
  data: EventDataByType[T] = {} as EventDataByType[T],
  about: Omit<Fact, 'event'> = {},
): Fact => ({ event: { type, data } as ExecutionEvent, ...about });

/** The fact as the next event of the state's stream gives it back. */
export function recorded(given: Fact, state: ExecutionState, moment: Instant): RecordedEvent {
  const { event, by = 'worker', occurred_at, digest } = given;
  const metadata: EventMetadata = {
    ...(by === 'nobody' ? {} : { reporter: { actor: 'somebody', authority: by } }),
    ...(occurred_at === undefined ? {} : { occurred_at }),
    ...(digest === undefined ? {} : { digest }),
  };
  const revision = state.revision + 1;
  return {
    ...event,
    revision,
    position: 1000n + BigInt(revision),
    recorded_at: moment,
    event_id: `event-${revision}`,
    metadata,
  };
}

/** The fold of facts, one after the other. */
export function fold(facts: readonly Fact[], from: ExecutionState = initial, since = 0): ExecutionState {
  let [state, ms] = [from, since];
  for (const next of facts) {
    ms = next.at ?? ms;
    state = evolve(state, recorded(next, state, at(ms)));
  }
  return state;
}

/** The fold of facts of which the first registers. */
export const existing = (...facts: Fact[]): ExistingExecution => fold(facts) as ExistingExecution;

/** Who says what a request says: commands are an operator's, but those that infer are a watchdog's (docs/semantics.md §1). */
const speaker = (input: Input): Authority => {
  if (input.kind === 'report') return input.authority;
  if (input.kind === 'heartbeat') return 'worker';
  return input.kind === 'abort' || input.kind === 'time_out' ? 'watchdog' : 'operator';
};

/** What was decided, and the state once it is appended. */
export interface Outcome {
  readonly decision: Decision;
  readonly before: ExecutionState;
  readonly after: ExecutionState;
  /** Expects the verdict, exactly these events, and whether the report is kept (default: as the test does not care). */
  then(verdict: Decision['verdict'], events?: readonly ExecutionEvent[], kept?: boolean): Outcome;
  /** One more request, a second later unless told otherwise. */
  when(input: Input, ms?: number): Outcome;
}

function outcome(input: Input, before: ExecutionState, ms: number): Outcome {
  const decision = decide(input, before, nowAt(ms));
  const digest = input.kind === 'register' ? { digest: input.digest } : {};
  const facts = decision.events.map((event): Fact => ({ event, by: speaker(input), ...digest }));
  const after = fold(facts, before, ms);
  return {
    decision,
    before,
    after,
    then(verdict, events, kept) {
      expect(decision.verdict).toBe(verdict);
      if (events) expect(decision.events).toStrictEqual(events);
      if (kept !== undefined) expect(decision.kept).toBe(kept);
      return this;
    },
    when: (next, later = ms + SECOND) => outcome(next, after, later),
  };
}

/** Given these facts, when this is asked (an hour after the beginning unless told otherwise), then … */
export function given(...facts: Fact[]): { state: ExecutionState; when(input: Input, ms?: number): Outcome } {
  const state = fold(facts);
  return { state, when: (input, ms = HOUR) => outcome(input, state, ms) };
}

/** A report, fire-and-forget and from the worker unless told otherwise. */
export const report = (status?: Report['status'], rest: Partial<Report> = {}): Report => ({
  kind: 'report',
  mode: 'fire_and_forget',
  authority: 'worker',
  description: {},
  ...(status === undefined ? {} : { status }),
  ...rest,
});

export const heartbeat = (rest: Partial<Heartbeat> = {}): Heartbeat => ({ kind: 'heartbeat', ...rest });

/** The commands as people send them, with no more than they need. */
export const ask = {
  register: (description = {}, digest = 'a body'): Command => ({ kind: 'register', description, digest }),
  dispatch: (rest = {}): Command => ({ kind: 'dispatch', ...rest }),
  abort: (rest = {}): Command => ({ kind: 'abort', phase: 'staging', error: 'no disk', ...rest }),
  resume: (rest = {}): Command => ({ kind: 'resume', ...rest }),
  pause: (rest = {}): Command => ({ kind: 'pause', ...rest }),
  cancel: (rest = {}): Command => ({ kind: 'cancel', ...rest }),
  time_out: (): Command => ({ kind: 'time_out' }),
};

/** The event each reported word is written as (docs/semantics.md §2). */
export const REPORTED_AS = {
  pending: 'ExecutionProgressed',
  queued: 'ExecutionQueued',
  running: 'ExecutionStarted',
  waiting: 'ExecutionWaiting',
  paused: 'ExecutionPaused',
  succeeded: 'ExecutionSucceeded',
  failed: 'ExecutionFailed',
  timeout: 'ExecutionTimedOut',
  cancelled: 'ExecutionCancelled',
  progress: 'ExecutionProgressed',
} as const satisfies Record<Status | 'progress', ExecutionEventType>;

/** The report's status where a table says `progress` for news without one. */
export const statusOf = (word: string): Status | undefined => (word === 'progress' ? undefined : (word as Status));

/** The event of an applied report in short, as {@link written} gives it: outcomes and pauses say whose they are. */
export function eventFor(word: string, attempt: number, by: string): string {
  const whose = ['paused', 'succeeded', 'failed', 'timeout', 'cancelled'].includes(word) ? ` ${by}` : '';
  return `${REPORTED_AS[word as keyof typeof REPORTED_AS]} #${attempt}${whose}`;
}

/** The fact that an attempt came to stand so. */
export function became(status: Exclude<Status, 'pending'>, by: Fact['by'] = 'worker', attempt = 1): Fact {
  const authority = by === 'nobody' ? {} : { authority: by };
  return fact(REPORTED_AS[status], { attempt, ...authority }, { by });
}

/** How a standing attempt came about. */
export interface Standing {
  /** Default 1; of a later one the attempts before it failed and were resumed. */
  readonly attempt?: number;
  /** Its resume said that its workers carry no number. */
  readonly unnumbered?: boolean;
  readonly dispatched?: boolean;
  readonly registered?: EventDataByType['ExecutionRegistered'];
}

/**
 * The facts after which an attempt stands as named: a status, or an outcome and whose (`failed watchdog`).
 * What leads there is a watchdog's word, so that nothing counts as dispatched unless the test says so; in a resumed
 * attempt the worker has said `running`.
 */
export function standing(name: string, how: Standing = {}): Fact[] {
  if (name === 'none') return [];
  const { attempt = 1, unnumbered = false, dispatched = false, registered = {} } = how;
  const [status, by = 'watchdog'] = name.split(' ') as [Status, Authority?];
  const facts = [fact('ExecutionRegistered', registered, { by: 'operator', digest: 'the first body' })];
  for (let n = 2; n <= attempt; n += 1) {
    facts.push(became('failed', 'worker', n - 1));
    facts.push(fact('ExecutionResumed', { attempt: n, unnumbered: unnumbered && n === attempt }, { by: 'operator' }));
    facts.push(became('running', 'worker', n));
  }
  if (dispatched) facts.push(fact('ExecutionProgressed', { attempt }));
  const already = attempt === 1 ? 'pending' : 'running';
  return status === already || status === 'pending' ? facts : [...facts, became(status, by, attempt)];
}

/** What a decision writes, in short: types, attempts, and whose outcome or pause. */
export const written = (decision: Decision): string[] =>
  decision.events.map(({ type, data }) => {
    const { attempt, authority } = data as { attempt?: number; authority?: Authority };
    return [type, ...(attempt === undefined ? [] : [`#${attempt}`]), ...(authority ? [authority] : [])].join(' ');
  });
