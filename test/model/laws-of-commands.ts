import type { Input } from '../../src/domain/decision.js';
import { deadlineOf, type ExistingExecution } from '../../src/domain/execution.js';
import { exists, fits, isResumable, isSealed, isTerminal, opensByItself, type Law, type Step } from './laws.js';

type Kind = Exclude<Input['kind'], 'report' | 'heartbeat' | 'register'>;
type Here = Step & { readonly head: ExistingExecution };

/** The only right answer to a command about the current attempt of an execution that exists (docs/semantics.md §4). */
const RIGHT: Readonly<Record<Kind, (step: Here) => string>> = {
  dispatch({ head, before: { witness } }) {
    if (isTerminal(head.status)) return 'regression';
    if (witness.dispatched) return 'already_dispatched';
    return head.status === 'paused' ? 'not_resumed' : 'applied';
  },
  abort({ head, before: { witness } }) {
    if (head.status === 'failed') return 'duplicate';
    if (isTerminal(head.status)) return 'conflict';
    return witness.dispatched ? 'already_dispatched' : 'applied';
  },
  resume: ({ head, now }) => (isResumable(head, now) ? 'applied' : 'not_resumable'),
  pause: ({ head: { status } }) => (status === 'paused' ? 'duplicate' : isTerminal(status) ? 'regression' : 'applied'),
  cancel({ head }) {
    if (!isSealed(head)) return 'applied';
    return head.status === 'cancelled' ? 'duplicate' : 'conflict';
  },
  time_out({ head, now, before: { witness } }) {
    const due = witness.timed && (deadlineOf(head) ?? '9999') <= now.at;
    return due && ['pending', 'queued', 'running'].includes(head.status) ? 'applied' : 'dropped';
  },
};

const NAMES: Readonly<Record<Kind, string>> = {
  dispatch: '§4 dispatch',
  abort: '§4 abort only what nobody dispatched',
  resume: '§7.6 a resume wins exactly where it is resumable',
  pause: '§4 pause',
  cancel: '§7.7 a cancel wins exactly where nothing is sealed',
  time_out: '§4 only a deadline that was registered and has passed times out',
};

const rightly =
  (kind: Kind) =>
  (step: Step): boolean => {
    const { head } = step.before;
    if (step.input.kind !== kind) return true;
    if (!exists(head)) return step.answer.verdict === 'not_found';
    return step.answer.verdict === (fits(step) ? RIGHT[kind]({ ...step, head }) : 'fenced');
  };

/** Wins on nothing, and once on what a report opened and nobody described; repeated it is its first receipt. */
function register({ input, before: { head }, answer: { verdict, events } }: Step): boolean {
  if (input.kind !== 'register') return true;
  if (!exists(head)) return verdict === 'applied' && events.length === 1;
  const [first] = head.registrations;
  if (first?.digest === input.digest) return verdict === 'applied' && events.length === 0;
  if (isTerminal(head.status)) return verdict === 'regression';
  return first ? verdict === 'id_reused' : verdict === 'applied' && events[0]?.type === 'ExecutionDescribed';
}

/** A resume continues a paused attempt, or opens the next; no deadline that has passed survives it, whoever resumes. */
function resumed(step: Step): boolean {
  const { input, before, after, answer, now } = step;
  const { head } = before;
  if (opensByItself(step) && exists(after.head))
    return isTerminal(after.head.status) || (deadlineOf(after.head) ?? '9999') > now.at;
  if (input.kind !== 'resume' || !answer.applied || !exists(head) || !exists(after.head)) return true;
  const continues = head.status === 'paused' && !input.new_attempt;
  const status = continues ? head.paused_from : 'running';
  const timely = continues ? !((after.head.deadline ?? '9999') <= now.at) : (deadlineOf(after.head) ?? '9999') > now.at;
  return after.head.status === status && after.head.attempt === head.attempt + (continues ? 0 : 1) && timely;
}

/** What holds of commands (docs/semantics.md §4). */
export const OF_COMMANDS: readonly Law[] = [
  ...(Object.keys(NAMES) as Kind[]).map((kind): Law => [NAMES[kind], rightly(kind)]),
  ['§4 register', register],
  ['§4 a resume continues or opens, with nothing that is due at once', resumed],
];
