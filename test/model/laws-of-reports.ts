import type { ExistingExecution } from '../../src/domain/execution.js';
import type { Report } from '../../src/domain/report.js';
import {
  authorityOf,
  besideIdentity,
  exists,
  fits,
  isTerminal,
  opensByItself,
  speaksFor,
  type Law,
  type Step,
} from './laws.js';

/** A law of one kind of step; it says nothing of the others. */
type About = (step: Step, head: ExistingExecution, said: Report) => boolean;

/** Of reports that are understood, about an execution that exists. */
const ofReports =
  (holds: About) =>
  (step: Step): boolean => {
    const { input, before } = step;
    if (input.kind !== 'report' || !exists(before.head) || typeof input.status === 'object') return true;
    return holds(step, before.head, input);
  };
/** Of those that speak for its current attempt. */
const ofFitting = (holds: About) => ofReports((step, head, said) => !fits(step) || holds(step, head, said));

const ORDER = ['pending', 'queued', 'running'];
/** How far an attempt has come; waiting is as far as running. */
const place = (status: string): number => (status === 'waiting' ? 2 : ORDER.indexOf(status));
const isOpen = (status: string): boolean => !isTerminal(status) && status !== 'paused' && status !== 'none';

function fenced(step: Step, head: ExistingExecution): boolean {
  const { answer } = step;
  const attempt = speaksFor(step)!;
  if (opensByItself(step))
    return answer.verdict === 'applied' && besideIdentity(answer)[0]?.type === 'ExecutionResumed';
  if (attempt === head.attempt) return !['fenced', 'unknown_attempt'].includes(answer.verdict);
  return answer.verdict === (attempt < head.attempt ? 'fenced' : 'unknown_attempt') && !besideIdentity(answer).length;
}

/** The only right answer to a report about a closed attempt (docs/semantics.md §3.3). */
function onClosed(head: ExistingExecution, { status, authority }: Report): string {
  if (status === undefined) return 'dropped';
  if (!isTerminal(String(status))) return 'regression';
  if (authorityOf(head) === 'watchdog' && authority === 'worker') return 'applied';
  return status === head.status ? 'duplicate' : 'conflict';
}

/** Going on in an open attempt that is not paused (docs/semantics.md §3.4). */
function onOpen({ answer: { verdict } }: Step, head: ExistingExecution, said: Report): boolean {
  const status = said.status as string | undefined;
  if (status === undefined || status === 'paused') return verdict === 'applied';
  if (status === head.status) return verdict === 'applied' || verdict === 'duplicate';
  if (isTerminal(status)) {
    const held = head.status === 'waiting' && said.mode === 'strict' && ['succeeded', 'timeout'].includes(status);
    return verdict === (held ? 'not_running' : 'applied');
  }
  return verdict === (place(status) < place(head.status) ? 'superseded' : 'applied');
}

/** A paused attempt is left by no report (docs/semantics.md §3.4). */
function onPaused({ answer: { verdict }, after }: Step, said: Report): boolean {
  if (after.head.status !== 'paused') return false;
  if (said.status === undefined) return verdict === 'applied';
  if (said.status === 'paused') return verdict === 'applied' || verdict === 'duplicate';
  return verdict === (isTerminal(String(said.status)) ? 'not_running' : 'not_resumed');
}

/**
 * Order independence, step by step: from these it follows for every order. An open attempt stays open until a terminal;
 * a worker's is final at once, whatever a watchdog guessed; a guess stands until then; nothing else moves either.
 */
function anyOrder({ after }: Step, head: ExistingExecution, said: Report): boolean {
  const { status, authority, mode } = said;
  if (mode !== 'fire_and_forget' || head.status === 'paused' || status === 'paused') return true;
  const ends = isTerminal(String(status)) && (isOpen(head.status) || authority === 'worker');
  const [before, now] = [head, after.head].map((state) => `${state.status} ${authorityOf(state)}`);
  if (isTerminal(head.status) && (!ends || authorityOf(head) !== 'watchdog')) return now === before;
  return ends ? now === `${String(status)} ${authority}` : isOpen(after.head.status);
}

/** The stream's first event, where there was none (docs/semantics.md §3.2). */
function onNothing({ input, before, answer: { verdict } }: Step): boolean {
  if (exists(before.head) || (input.kind !== 'report' && input.kind !== 'heartbeat')) return true;
  if (input.kind === 'heartbeat') return verdict === 'not_found';
  if (typeof input.status === 'object') return verdict === 'unsupported_status';
  if (input.mode === 'strict') return verdict === 'not_found';
  return verdict === ((input.attempt ?? 1) > 1 ? 'unknown_attempt' : 'applied');
}

/** Everything that was refused about an execution that exists is kept, beats excepted (docs/semantics.md §3, §7.11). */
function kept({ input, before, answer }: Step): boolean {
  if (input.kind !== 'report') return !answer.kept;
  const { verdict } = answer;
  if (verdict === 'duplicate') return true;
  if (verdict === 'unsupported_status') return answer.kept === (input.mode === 'fire_and_forget');
  return answer.kept === (verdict !== 'applied' && exists(before.head));
}

const OF_OUTCOMES = ['result', 'error', 'error_details', 'error_status_code', 'duration_ms', 'completed_at'] as const;
const SAID = ['progress', 'message', 'data', 'worker', 'status_reason', ...OF_OUTCOMES] as const;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A duplicate is kept if it says anything that does not stand, be it out of place, and else it is not. */
function keptAsDuplicate({ input, before: { head }, answer }: Step): boolean {
  if (input.kind !== 'report' || answer.verdict !== 'duplicate') return true;
  const standing = head as Partial<Report>;
  return answer.kept === SAID.some((name) => input[name] !== undefined && !same(input[name], standing[name]));
}

/** Of an applied report each field is in an event of it; those of an outcome only where it names one, else beside them. */
function written({ input, answer }: Step): boolean {
  if (input.kind !== 'report' || answer.verdict !== 'applied' || answer.replayed) return true;
  const ends = isTerminal(String(input.status));
  const has = (name: (typeof SAID)[number]): boolean =>
    answer.events.some(({ data }) => same((data as Partial<Report>)[name], input[name]));
  return SAID.every(
    (name) => input[name] === undefined || has(name) || (!ends && OF_OUTCOMES.some((one) => one === name)),
  );
}

function heartbeats(step: Step): boolean {
  const { input, before, answer } = step;
  if (input.kind !== 'heartbeat' || !exists(before.head)) return true;
  if (!fits(step)) return fenced(step, before.head);
  return answer.verdict === (isTerminal(before.head.status) ? 'dropped' : 'applied');
}

/** What holds of reports and heartbeats (docs/semantics.md §3). */
export const OF_REPORTS: readonly Law[] = [
  [
    '§3.1 the attempt meant is the current one, or counted by its producer and opened, or the report is fenced',
    ofReports(fenced),
  ],
  ['§3.2 no stream', onNothing],
  ['§7.10 the order of arrival does not matter', ofFitting(anyOrder)],
  [
    '§3.3 a closed attempt',
    ofFitting(({ answer }, head, said) => !isTerminal(head.status) || answer.verdict === onClosed(head, said)),
  ],
  ['§3.4 a paused attempt', ofFitting((step, head, said) => head.status !== 'paused' || onPaused(step, said))],
  ['§3.4 an open attempt', ofFitting((step, head, said) => !isOpen(head.status) || onOpen(step, head, said))],
  ['§7.11 what was refused is kept', kept],
  ['§7.11 a duplicate that says more is kept', keptAsDuplicate],
  ['§7.11 what is applied is written, field by field', written],
  ['§3 heartbeats', heartbeats],
];
