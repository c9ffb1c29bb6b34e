import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { stringifyJson } from '../encoding/json.js';
import { Problem, type ProblemKind } from '../contract/problem.js';
import { StoreError, type StoreErrorKind } from '../errors.js';
import { ENCODINGS } from './content-encoding.js';
import { visibleProblem } from './visible-answer.js';
import { sentBy, type MalformedRequests } from './malformed.js';
import { OutcomeUnknown } from '../application/deciding/outcome-unknown.js';
import { loggableStack } from '../loggable.js';

const STORE_PROBLEMS: Readonly<Record<StoreErrorKind, ProblemKind>> = {
  unavailable: 'unavailable',
  overloaded: 'overloaded',
  outcome_unknown: 'outcome_unknown',
  unacceptable: 'validation',
  unreadable: 'unreadable_event',
};

/** What is told of a store that is out of reach: why is for its keeper's log, not for the caller. */
const STORE_DETAILS: Readonly<Partial<Record<StoreErrorKind, string>>> = {
  unavailable: 'the store cannot be reached at the moment; this call wrote nothing, try again',
  outcome_unknown: 'the store was lost before it answered, and what was asked for may stand; send the same again',
};

/** Statuses that the framework answers on its own. */
const BY_STATUS: Readonly<Record<number, ProblemKind>> = {
  400: 'validation',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'no_such_endpoint',
  413: 'too_large',
  415: 'unsupported_media_type',
  503: 'unavailable',
};

/**
 * Whatever was thrown, as a problem that tells what is wrong and nothing of the server's inside
 * (docs/http-api.md, Problems).
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreError) {
    const retry_with = error instanceof OutcomeUnknown ? error.retryWith : undefined;
    const detail = STORE_DETAILS[error.kind] ?? error.message;
    if (retry_with === undefined) return Problem.of(STORE_PROBLEMS[error.kind], detail);
    return Problem.of(STORE_PROBLEMS[error.kind], `${detail} under the id in retry_with`, { retry_with });
  }
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown };
  const code = error instanceof HttpException ? error.getStatus() : (statusCode ?? status);
  const kind = typeof code === 'number' ? BY_STATUS[code] : undefined;
  return kind
    ? Problem.of(kind, (error as Error).message)
    : Problem.of('internal', 'the ledger failed; its log has the reason');
}

const logger = new Logger('http');

/** Whatever was thrown, as a problem; the log has the reason of an error of this program, for nobody else is told it. */
export function reportProblem(error: unknown): Problem {
  const problem = toProblem(error);
  if (problem.details.status === 500) logger.error({ event: 'http.request_failed', error: loggableStack(error) });
  return problem;
}

/** What keeps one of many requests from its verdict, as its receipt says it; the others go on. */
export function failureOf(error: unknown): { verdict: string; applied: false; error: string } {
  const { status, detail } = reportProblem(error).details;
  const verdict =
    status === 503 ? 'unavailable' : status === 403 ? 'forbidden' : status < 500 ? 'malformed' : 'internal';
  return { verdict, applied: false, error: detail };
}

/** Answers with a problem. */
function sendProblem(reply: FastifyReply, { details, retryAfter }: Problem): void {
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
  if (details.status === 401) void reply.header('www-authenticate', 'Bearer');
  if (details.status === 415) void reply.header('accept-encoding', ENCODINGS);
  if (details.current) void reply.header('etag', `"${details.current.revision}"`);
  void reply
    .status(details.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer((payload: unknown) => (typeof payload === 'string' ? payload : stringifyJson(payload)))
    .send(stringifyJson(visibleProblem(reply.request, details)));
}

/** For what the server turns away before any route is found: an address that cannot be read. */
export const refuseUnrouted = (_error: unknown, _request: unknown, reply: FastifyReply): void =>
  sendProblem(reply, Problem.of('validation', 'the path is not percent-encoded UTF-8'));

/** Answers every failure as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly malformed: MalformedRequests) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const problem = reportProblem(error);
    const sent = sentBy(http.getRequest<FastifyRequest>());
    if (sent !== undefined) this.malformed.note(problem, sent);
    sendProblem(http.getResponse<FastifyReply>(), problem);
  }
}
