import type { Input } from '../../src/domain/decision.js';
import type { RecordedEvent } from '../../src/domain/events.js';
import type { ExecutionState, ExistingExecution } from '../../src/domain/execution.js';
import type { Report } from '../../src/domain/report.js';
import type { DecisionTime } from '../../src/domain/decision-time.js';
import type { Answer, Decider, SentRequest } from './ledger.js';
import { BEAT, type World } from './world.js';

/** One request answered: what was asked of which world, the answer, and the world it left. */
export interface Step {
  readonly sent: SentRequest;
  readonly input: Input;
  readonly now: DecisionTime;
  readonly before: World;
  readonly answer: Answer;
  readonly after: World;
  readonly decider: Decider;
}

/**
 * What must hold of every step, by its name in docs/semantics.md. The words of the ledger are said again here, not
 * imported.
 */
export type Law = readonly [name: string, holds: (step: Step) => boolean];

const TERMINAL = ['succeeded', 'failed', 'timeout', 'cancelled'];
export const isTerminal = (status: string): boolean => TERMINAL.includes(status);
export const exists = (state: ExecutionState): state is ExistingExecution => state.status !== 'none';
export const authorityOf = (state: ExecutionState): string | undefined => (state as { authority?: string }).authority;
export const isSealed = (state: ExecutionState): boolean =>
  ['succeeded', 'cancelled'].includes(state.status) && ['worker', 'operator'].includes(authorityOf(state) ?? '');
/** How long nothing was heard of it, in milliseconds. */
export const silence = (state: ExistingExecution, now: DecisionTime): number =>
  Date.parse(now.at) - Date.parse(state.last_activity_at);
export const isResumable = (state: ExecutionState, now: DecisionTime): boolean =>
  ['failed', 'timeout', 'paused'].includes(state.status) ||
  (state.status === 'running' && silence(state, now) > now.stale_after_ms);

/** The attempt that a request speaks for (docs/semantics.md §3.1, §4); registering and timing out are about the execution. */
export function speaksFor({ input, before: { head, witness } }: Step): number | undefined {
  if (!exists(head) || input.kind === 'register' || input.kind === 'time_out') return undefined;
  if (input.attempt !== undefined) return input.attempt;
  if (input.kind === 'report' || input.kind === 'heartbeat') return witness.unnumbered ? head.attempt : 1;
  return input.kind === 'abort' ? 1 : head.attempt;
}
/** Whether it is about the current attempt of an execution that exists. */
export const fits = (step: Step): boolean => {
  const attempt = speaksFor(step);
  return exists(step.before.head) && (attempt === undefined || attempt === step.before.head.attempt);
};

const sameAttempt = ({ before, after }: Step): boolean =>
  exists(before.head) && exists(after.head) && before.head.attempt === after.head.attempt;

const WHAT_STANDS = ['status', 'attempt', 'authority', 'result', 'error', 'completed_at'] as const;
const standing = (state: ExecutionState): string =>
  JSON.stringify(WHAT_STANDS.map((name) => (state as unknown as Record<string, unknown>)[name]));
const standsAsBefore = ({ before, after }: Step): boolean =>
  before.head === after.head || standing(before.head) === standing(after.head);

const ENDS = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionTimedOut', 'ExecutionCancelled'];
export const isEnd = ({ type }: { readonly type: string }): boolean => ENDS.includes(type);

/** A final may be followed by a worker's word on a guess, then by an operator's discard: each is stronger than the last. */
function mayReplace({ input, before: { head } }: Step): boolean {
  if (input.kind === 'cancel') return !isSealed(head);
  return input.kind === 'report' && input.authority === 'worker' && authorityOf(head) === 'watchdog';
}

/** The first word of a try that its producer counts itself, after one that has failed (docs/semantics.md §3.1). */
export function opensByItself({ input, before: { head } }: Step): boolean {
  if (input.kind !== 'report' || !exists(head) || !input.counts_attempts) return false;
  const says = input.authority === 'worker' && input.status !== undefined && typeof input.status !== 'object';
  return says && ['failed', 'timeout'].includes(head.status) && input.attempt! > head.attempt;
}

function opensRightly(step: Step): boolean {
  const { input, before, after, now } = step;
  const { head } = before;
  if (!exists(after.head)) return !exists(head);
  if (!exists(head)) return after.head.attempt === 1;
  const opened = after.head.attempt - head.attempt;
  if (opensByItself(step)) return after.head.attempt === (input as Report).attempt;
  return opened === 0 || (opened === 1 && input.kind === 'resume' && isResumable(head, now));
}

/** What it wrote beside what it adds to the identity, which it does by any verdict (laws-of-identity.ts). */
export const besideIdentity = ({ events }: Answer): RecordedEvent[] =>
  events.filter(({ type }) => type !== 'ExecutionDescribed');

/** Of a refusal or a duplicate nothing else is in the stream but the sign of life it counts as, where one was due. */
function writesNothing({ answer, before: { head }, now, input }: Step): boolean {
  const { applied } = answer;
  const events = besideIdentity(answer);
  if (applied && input.kind !== 'heartbeat') return true;
  if (events.length === 0) return true;
  const counts = applied || (input.kind === 'report' && exists(head) && input.status === head.status);
  return counts && events.length === 1 && events[0]!.type === 'HeartbeatRecorded' && silence(head as never, now) > BEAT;
}

/** What the write side applied counts in the fold: it is no anomaly, and the last of it is what was last heard. */
function counts({ after: { head }, before, answer, now }: Step): boolean {
  const { events } = answer;
  if (events.length === 0) return head === before.head;
  if (!exists(head) || head.revision !== before.head.revision + events.length) return false;
  const heard = besideIdentity(answer).length > 0 ? now.at : (before.head as ExistingExecution).last_activity_at;
  return head.last_activity_at === heard && Object.values(head.anomalies).every((count) => count === 0);
}

/** A terminal word that was applied ends the history with its one final; nothing else writes one. */
function oneFinal({ input, answer: { applied, events } }: Step): boolean {
  const finals = events.filter(isEnd).length;
  const asksForOne =
    ['abort', 'cancel', 'time_out'].includes(input.kind) ||
    (input.kind === 'report' && isTerminal(String(input.status)));
  return applied && asksForOne ? finals === 1 && isEnd(events.at(-1)!) : finals === 0;
}

/** The winner's equal, coming after it, must lose. */
function wonOnce(step: Step): boolean {
  const { input, answer, after, decider, now } = step;
  const opens = ({ events }: { readonly events: readonly { readonly type: string }[] }): boolean =>
    events.some(({ type }) => type === 'ExecutionResumed');
  if (opensByItself(step)) return !opens(decider.decide(input, after.head, now));
  if (input.kind !== 'resume' || !answer.applied) return true;
  const { attempt: _, ...again } = input;
  return [input, again].every((next) => decider.decide(next, after.head, now).verdict !== 'applied');
}

/** Before the answer is given, and whatever is asked (docs/semantics.md §7). */
export const GENERAL: readonly Law[] = [
  ['§7.13 every verdict is of the head', ({ answer, before }) => answer.decidedOn === before.head.revision],
  ['§7.2 what is sealed stays as it is', (step) => !isSealed(step.before.head) || standsAsBefore(step)],
  [
    '§7.1 within an attempt a terminal never turns open',
    (step) => !sameAttempt(step) || !isTerminal(step.before.head.status) || isTerminal(step.after.head.status),
  ],
  [
    "§7.3 a final is replaced by a worker's word on a guess, or by an operator's discard",
    (step) => !sameAttempt(step) || !isTerminal(step.before.head.status) || standsAsBefore(step) || mayReplace(step),
  ],
  ['§7.4 attempts rise one by one by a resume, or to what their producer counts', opensRightly],
  ['§7.5 of two equal resumes one wins', wonOnce],
  ['§7.8 a refusal or duplicate writes nothing but a beat that was due', writesNothing],
  ['§7.12 an applied terminal has one final, anything else none', oneFinal],
];

/** Said last, so that a decision that is wrong by itself is called by its own name. */
export const COUNTS: Law = ['§6 what was applied counts', counts];
