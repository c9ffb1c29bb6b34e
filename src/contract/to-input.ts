import type { Command } from '../domain/commands.js';
import type { Description } from '../domain/events.js';
import { compact } from '../domain/json.js';
import type { DeliveryMode, Report } from '../domain/report.js';
import { isTerminal } from '../domain/status.js';
import type { Vocabulary } from '../domain/words.js';
import { errorFields } from '../encoding/error-fields.js';
import type { AbortBody, CancelBody, DispatchBody, PauseBody, RegisterBody, ResumeBody } from './commands.js';
import { invalid } from './problem.js';
import { isOwnParent, type NamedExecution } from './primitives.js';
import type { ReadReport } from './read-report.js';
import type { EventReport, ProgressReport, StatusReport } from './reports.js';

/** What a report's status word comes to; a word that nobody knows is kept as it came (docs/semantics.md §1). */
export function readStatus(
  word: string,
  words: Vocabulary,
  ownReason?: string,
): Pick<Report, 'status' | 'status_reason' | 'doubt'> {
  const meaning = words(word);
  if (meaning === undefined) return { status: { unsupported: word } };
  const { status, reason, doubt } = meaning;
  return compact({ status, status_reason: ownReason ?? reason, doubt }) as ReturnType<typeof readStatus>;
}

/** The attempt that the id and the body agree on. @throws Problem 400 where they do not. */
export function agreedAttempt(named: NamedExecution, inBody: number | undefined): number | undefined {
  if (named.attempt !== undefined && inBody !== undefined && named.attempt !== inBody) {
    throw invalid('attempt', `says ${inBody}, but the execution id names attempt ${named.attempt}`);
  }
  return named.attempt ?? inBody;
}

/** What every report endpoint's body has in common. */
type ReportDetails = ReadReport<
  Pick<ProgressReport, 'progress' | 'message' | 'data' | 'status_reason' | 'worker' | 'attempt'>
>;

function toReport(mode: DeliveryMode, details: ReportDetails, named: NamedExecution, more: Partial<Report>): Report {
  const { progress, message, data, status_reason, worker, left_out } = details;
  return compact({
    kind: 'report',
    mode,
    attempt: agreedAttempt(named, details.attempt),
    // A number behind the id was given out by the ledger: one that it never gave opens nothing.
    counts_attempts: (named.attempt === undefined && details.attempt !== undefined) || undefined,
    authority: 'worker',
    progress,
    message,
    data,
    status_reason,
    worker,
    left_out,
    description: {},
    ...more,
  }) as Report;
}

/** A report with a status, or one that may have it, as the domain's. */
function fromOutcome(
  mode: DeliveryMode,
  body: ReadReport<EventReport | StatusReport>,
  named: NamedExecution,
  words: Vocabulary,
): Report {
  const { error_status_code, duration_ms, completed_at } = body;
  const read = body.status === undefined ? {} : readStatus(body.status, words, body.status_reason);
  // Whoever always fills the field has no result yet; only of an outcome null is one.
  const result = isOutcome(read) ? body.result : (body.result ?? undefined);
  return toReport(mode, body, named, {
    ...read,
    authority: body.inferred ? 'watchdog' : 'worker',
    ...compact({ result, error_status_code, duration_ms, completed_at }),
    ...errorFields(body.error, body.error_details),
    description: describe(body, named),
  } as Partial<Report>);
}

const isOutcome = ({ status }: Pick<Report, 'status'>): boolean => typeof status === 'string' && isTerminal(status);

function describe(body: EventReport | StatusReport, named: NamedExecution): Description {
  const { agent_node_id: node, reasoner_id: reasoner, type } = body;
  const told = node !== undefined && reasoner !== undefined ? `${node}.${reasoner}` : (type ?? reasoner ?? node);
  const { run_id, workflow_id, target = told, kind, labels, input_data: input } = body;
  const parent_execution_id = isOwnParent(named, body.parent_execution_id) ? undefined : body.parent_execution_id;
  return compact({ run_id, workflow_id, parent_execution_id, target, kind, labels, input }) as Description;
}

/** A fire-and-forget report as the domain's. */
export const fromEvent = (body: ReadReport<EventReport>, words: Vocabulary): Report =>
  fromOutcome('fire_and_forget', body, body.execution_id, words);

/** A strict report as the domain's. */
export const fromStatus = (body: ReadReport<StatusReport>, named: NamedExecution, words: Vocabulary): Report =>
  fromOutcome('strict', body, named, words);

/** Progress without a status as the domain's. */
export const fromProgress = (body: ReadReport<ProgressReport>, named: NamedExecution): Report =>
  toReport('strict', body, named, {});

/** The body of each command that callers can ask for. */
export interface CommandBodies {
  register: RegisterBody;
  dispatch: DispatchBody;
  abort: AbortBody;
  resume: ResumeBody;
  pause: PauseBody;
  cancel: CancelBody;
}

type CommandOf<K> = Omit<Extract<Command, { kind: K }>, 'kind' | 'attempt' | 'digest'>;
type WithUndefined<T> = { readonly [K in keyof T]: T[K] | undefined };

/** What a command asks, by its body; a command without one does not compile. */
const PARTICULARS: { readonly [K in keyof CommandBodies]: (body: CommandBodies[K]) => WithUndefined<CommandOf<K>> } = {
  register: ({ execution_id: _id, command_id: _command, ...description }) => ({
    description: compact(description) as Description,
  }),
  dispatch: ({ handle }) => ({ handle }),
  abort: ({ phase, error }) => ({ phase, error: '', ...errorFields(error) }),
  resume: ({ reason, new_attempt, unnumbered, deadline, timeout_ms }) => ({
    reason,
    new_attempt,
    unnumbered,
    deadline,
    timeout_ms,
  }),
  pause: ({ reason }) => ({ reason }),
  cancel: ({ reason }) => ({ reason }),
};

/**
 * A command as the domain's.
 * @param attempt the one that the id or the body names
 * @param digest that of the request: a registration is told from others by it
 */
export const commandInput = <K extends keyof CommandBodies>(
  kind: K,
  body: CommandBodies[K],
  attempt?: number,
  digest?: string,
): Command =>
  compact({
    kind,
    attempt,
    digest: kind === 'register' ? digest : undefined,
    ...PARTICULARS[kind](body),
  }) as unknown as Command;
