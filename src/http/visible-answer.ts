import type { FastifyInstance } from 'fastify';
import { stringifyJson } from '../encoding/json.js';
import type { ProblemDetails } from '../contract/problem.js';
import { mayRead, traitsOf, type Scope, type WithActor } from './access.js';

/** What may be shown of a value: all of it, or these members; of an array the same of each element. */
type VisibleMembers = true | { readonly [member: string]: VisibleMembers };

const all = (...members: readonly string[]): { [member: string]: true } =>
  Object.fromEntries(members.map((member) => [member, true as const]));

/** What is the ledger's own in a receipt. What a producer wrote, and whatever is added one day, is not in it. */
const RECEIPT = {
  ...all('verdict', 'applied', 'replayed', 'execution_id', 'position', 'current', 'line', 'next_line'),
  ...all('success', 'created', 'updated', 'ignored', 'allowed'),
  ...all('cancelled', 'cancelled_at', 'previous_status', 'paused_at', 'takeover', 'attempt', 'report_as'),
};

const PROGRESS = {
  ...all('state', 'version', 'phase', 'checkpoint', 'events', 'events_total', 'events_per_second'),
  ...all('most_events_per_second', 'eta_ms', 'by', 'started_at', 'finished_at', 'sample', 'rows'),
  drift: all('rows', 'fields'),
};
const PROJECTION = {
  ...all('name', 'version', 'state', 'checkpoint', 'head', 'lag_events', 'lag_ms', 'leader', 'retrying'),
  ...all('previous_version', 'parked_count'),
  rebuild: PROGRESS,
  verify: PROGRESS,
  rollback: PROGRESS,
};

/** What is shown to a caller that may not read, by what the endpoint wants of him. */
const VISIBLE: Readonly<Partial<Record<Scope, VisibleMembers>>> = {
  report: { ...RECEIPT, receipts: RECEIPT },
  command: RECEIPT,
  public: { ...all('status', 'name', 'version', 'links'), ...RECEIPT, receipts: RECEIPT },
  operate: PROJECTION,
};

/** Only what may be shown of a value. */
function only(shown: VisibleMembers, value: unknown): unknown {
  if (shown === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => only(shown, one));
  const members = Object.entries(value).filter(([member]) => Object.hasOwn(shown, member));
  return Object.fromEntries(members.map(([member, one]) => [member, only(shown[member]!, one)]));
}

/** Says of what was sent what is wrong with it, and of nothing that was there before. */
const ofItsOwn = ({ verdict, error }: { verdict?: unknown; error?: unknown }): object =>
  verdict === 'malformed' || verdict === 'internal' || verdict === 'forbidden' ? { error } : {};

/**
 * An answer as its caller may see it: who may write and not read is told what became of it, and nothing that producers wrote.
 * Else a report of what stands already would read the whole execution, and leave no trace.
 */
export function visibleAnswer(request: WithActor, answer: unknown): unknown {
  const shown = VISIBLE[traitsOf(request).scope ?? 'any'];
  if (shown === undefined || mayRead(request) || typeof answer !== 'object' || answer === null) return answer;
  return { ...(only(shown, answer) as object), ...ofItsOwn(answer) };
}

/** One line of an answer that has many. */
export const visibleLine = (request: WithActor, receipt: object): string =>
  stringifyJson(visibleAnswer(request, receipt)) + '\n';

const UNREADABLE = '/problems/unreadable_event';

/** Whether the endpoint is open to everybody, and asks for no proof: of how the ledger stands it tells a stranger one word. */
function asksNobody(request: WithActor): boolean {
  const { scope, source, signsIn } = traitsOf(request);
  return scope === 'public' && source === undefined && !signsIn;
}

/** A problem as its caller may see it: why an event cannot be read may quote it, and why it is not ready tells positions. */
export const visibleProblem = (request: WithActor, details: ProblemDetails): ProblemDetails =>
  (details.type === UNREADABLE || asksNobody(request)) && !mayRead(request)
    ? { ...details, detail: details.title, error: details.title }
    : details;

/** Answers show no more than their caller may see. */
export function registerVisibility(fastify: FastifyInstance): void {
  fastify.addHook('preSerialization', (request, _reply, payload, done) => done(null, visibleAnswer(request, payload)));
}
