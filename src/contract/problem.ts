import * as z from 'zod';
import { STATUSES } from '../domain/status.js';
import { VERDICTS } from '../domain/verdict.js';
import { printable } from '../printable.js';
import { readWith } from '../encoding/compiled.js';
import { current, ignored } from './execution.js';
import { MOST_ISSUES } from '../encoding/readings.js';

/** RFC 9457 problem details, as every error answers (docs/http-api.md, Problems). */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    error: z.string().meta({ description: 'The same text as detail' }),
    verdict: z.enum(VERDICTS).optional(),
    current: current.optional(),
    requested: z.string().optional(),
    allowed: z.array(z.enum(STATUSES)).optional(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    ignored: ignored.optional(),
    report_as: z.string().optional(),
    retry_with: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemDetails = z.infer<typeof problem>;

/** Every kind of problem that is no verdict: its status and title. */
const KINDS = {
  validation: [400, 'The request is not valid'],
  unauthorized: [401, 'The request is not authenticated'],
  forbidden: [403, 'This caller may not do that'],
  not_found: [404, 'Not found'],
  no_such_endpoint: [404, 'No such endpoint'],
  method_not_allowed: [405, 'The endpoint does not take this method'],
  position_ahead: [409, 'The position is beyond the head of the log'],
  not_now: [409, 'That cannot be done now'],
  request_timeout: [408, 'The request did not arrive in time'],
  precondition_failed: [412, 'The execution does not stand at that revision'],
  too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The content type is not supported'],
  expectation_failed: [417, 'The expectation cannot be met'],
  too_many_requests: [429, 'Too many requests of this kind'],
  headers_too_large: [431, 'The headers are too large'],
  internal: [500, 'The ledger failed'],
  disk_full: [507, 'The disk of the ledger is full'],
  unavailable: [503, 'The ledger cannot decide at the moment'],
  outcome_unknown: [503, 'It is not known whether this was stored'],
  overloaded: [503, 'More is waiting than the ledger takes on'],
  unreadable_event: [503, 'The execution has an event that this program cannot read'],
  not_yet_projected: [503, 'The projection has not passed that position yet'],
} as const;
export type ProblemKind = keyof typeof KINDS;

type Extras = Partial<Omit<ProblemDetails, 'type' | 'title' | 'status' | 'detail' | 'error'>>;

/** A refusal or failure on its way to the wire. `retryAfter` in seconds. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly details: ProblemDetails;

  private constructor(
    type: string,
    status: number,
    title: string,
    detail: string,
    extras: Extras,
    readonly retryAfter?: number,
  ) {
    // Its texts quote what callers send, and are printed by whoever called and read in logs.
    const text = printable(detail);
    super(text);
    this.details = { type: `/problems/${type}`, title, status, detail: text, error: text, ...extras };
    const { issues } = extras;
    if (issues)
      this.details.issues = issues.map(({ path, message }) => ({ path: printable(path), message: printable(message) }));
  }

  static of(kind: ProblemKind, detail: string, extras: Extras = {}, retryAfter?: number): Problem {
    const [status, title] = KINDS[kind];
    return new Problem(kind, status, title, detail, extras, retryAfter ?? (status === 503 ? 1 : undefined));
  }

  /** A report or command that was refused on an endpoint that tells (docs/semantics.md §5). */
  static refused(verdict: (typeof VERDICTS)[number], detail: string, extras: Extras): Problem {
    const status = verdict === 'not_found' ? 404 : verdict === 'unsupported_status' ? 400 : 409;
    return new Problem(verdict, status, TITLES[verdict], detail, { verdict, ...extras });
  }
}

const TITLES: Readonly<Record<(typeof VERDICTS)[number], string>> = {
  applied: 'Applied',
  duplicate: 'Already so',
  regression: 'The attempt has its outcome already',
  conflict: 'Another outcome stands',
  superseded: 'A later word of the same attempt stands',
  fenced: 'Another attempt is the current one',
  unknown_attempt: 'No such attempt was opened',
  dropped: 'The attempt is over',
  not_running: 'The execution is not running',
  not_resumed: 'The execution is paused and was not resumed',
  not_resumable: 'The execution cannot be resumed',
  already_dispatched: 'The attempt was dispatched already',
  id_reused: 'The id belongs to another request',
  not_found: 'No such execution',
  unsupported_status: 'The status is not known',
};

/** A bad request: what is wrong, where, and what would be right. */
export const invalid = (path: string, message: string): Problem =>
  Problem.of('validation', path ? `${path}: ${message}` : message, { issues: [{ path, message }] });

/** Nobody has told of an execution of this id; `beside`: as of when. */
export const noExecution = (id: string, beside = ''): Problem =>
  Problem.of('not_found', `there is no execution ${JSON.stringify(id)}${beside}`);

/** This program has no projection of that name. */
export const noProjection = (name: string): Problem =>
  Problem.of('not_found', `there is no projection ${JSON.stringify(name)}`);

/** The problem of a failed validation, each issue with its path. */
export function invalidBy(error: {
  readonly issues: readonly { readonly path?: readonly PropertyKey[] | undefined; readonly message: string }[];
}): Problem {
  const issues = error.issues
    .slice(0, MOST_ISSUES)
    .map(({ path, message }) => ({ path: (path ?? []).map(String).join('.'), message }));
  const detail = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return Problem.of('validation', detail, { issues });
}

/** The value as the schema reads it. @throws Problem 400 */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = readWith(schema, value);
  if (!parsed.success) throw invalidBy(parsed.error);
  return parsed.data;
}
