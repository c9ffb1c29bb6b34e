import { isUtf8 } from 'node:buffer';
import type { FastifyReply } from 'fastify';
import type * as z from 'zod';
import { digestOf } from '../application/deciding/digest.js';
import type { DecisionResult, RequestEnvelope } from '../application/request.js';
import { receiptOf, type Receipt } from '../application/deciding/receipt.js';
import { ANONYMOUS } from '../caller.js';
import { invalid, Problem } from '../contract/problem.js';
import type { LeftOutParts } from '../contract/read-report.js';
import type { NamedExecution } from '../contract/primitives.js';
import { isOwnParent, OWN_PARENT, requestId } from '../contract/primitives.js';
import { agreedAttempt } from '../contract/to-input.js';
import { isRefusal, currentOf } from '../domain/verdict.js';
import type { JsonObject } from '../domain/json.js';
import { reportAs } from '../domain/stream.js';
import { STATUSES } from '../domain/status.js';
import { redactedIn } from '../redaction/redaction.js';
import { withinOf, type WithActor } from './access.js';
import { header } from './header.js';
import { ifMatchOf } from './conditions.js';
import { isStrict, refuseUnknown } from './strict.js';

/** Node gives each byte of a header as a character; names of people come in UTF-8. */
function inUtf8(value: string | undefined): string | undefined {
  const bytes = Buffer.from(value ?? '', 'latin1');
  return value !== undefined && isUtf8(bytes) ? bytes.toString() : value;
}

const TRACE = /^[\da-f]{2}-([\da-f]{32})-/;

/** Who asks, through which endpoint, in which trace. */
export function originOf(request: WithActor, source: string): RequestEnvelope['origin'] {
  const behalf = inUtf8(header(request, 'x-actor-id'));
  const correlation = header(request, 'x-correlation-id') ?? TRACE.exec(header(request, 'traceparent') ?? '')?.[1];
  return {
    actor: request.actor ?? ANONYMOUS,
    source,
    on_behalf_of: behalf,
    correlation_id: correlation,
    within: withinOf(request),
  };
}

/** The id of the request, in the header or in the body; both must agree. @throws Problem 400 */
export function requestIdOf(request: WithActor, inBody: string | undefined): string | undefined {
  const key = header(request, 'idempotency-key');
  if (key === undefined) return inBody;
  if (!requestId.safeParse(key).success) throw invalid('Idempotency-Key', 'expected 1 to 200 characters');
  if (inBody !== undefined && inBody !== key) throw invalid('Idempotency-Key', 'differs from the id in the body');
  return key;
}

/** How an endpoint asks: its name, what its digest says it is, and whether its caller may insist on a revision. */
export interface Endpoint {
  readonly source: string;
  readonly kind: string;
  readonly conditional?: boolean;
  /** A refused report is kept as it came. */
  readonly keepsReport?: boolean;
  /** What a report has, for callers that want to be told of all that it has besides (`?strict=true`). */
  readonly schema?: z.ZodObject;
  /** One of many in a request, whose headers are nobody's in particular: its id stands in its body alone. */
  readonly oneOfMany?: boolean;
}

export interface IncomingRequest {
  readonly envelope: RequestEnvelope;
  readonly attempt?: number;
}

type Ids = {
  readonly event_id?: string | undefined;
  readonly command_id?: string | undefined;
  readonly attempt?: number | undefined;
  readonly occurred_at?: string | undefined;
  readonly parent_execution_id?: string | undefined;
} & LeftOutParts;

/** With a parent that is none among what is left out. */
function withoutOwnParent(named: NamedExecution, body: Ids): LeftOutParts {
  const { ignored = [], beside = [], parent_execution_id: parent } = body;
  if (!isOwnParent(named, parent)) return body;
  const path = 'parent_execution_id';
  return { ignored: [...ignored, { path, message: OWN_PARENT }], beside: [...beside, path] };
}

/** These members of a body, as they came. */
function picked(raw: JsonObject, members: readonly string[]): JsonObject {
  const wanted = new Set(members);
  return Object.fromEntries(Object.entries(raw).filter(([member]) => wanted.has(member)));
}

/** A request on its way to its handler: the body's ids and attempt agreed with the address and the headers. */
export function toRequest(
  request: WithActor,
  named: NamedExecution,
  body: Ids,
  endpoint: Endpoint,
  raw: unknown = request.body,
): IncomingRequest {
  if (endpoint.schema !== undefined && isStrict(request)) refuseUnknown(raw, endpoint.schema);
  const attempt = agreedAttempt(named, body.attempt);
  const inBody = body.event_id ?? body.command_id;
  const id = endpoint.oneOfMany ? inBody : requestIdOf(request, inBody);
  const { ignored, beside } = withoutOwnParent(named, body);
  // Every member is named, so that all requests have one shape: copies of mixed ones cost as much as a decision.
  const envelope: RequestEnvelope = {
    executionId: named.executionId,
    origin: originOf(request, endpoint.source),
    digest: digestOf(endpoint.kind, raw, attempt),
    id,
    ifMatch: endpoint.conditional ? ifMatchOf(request) : undefined,
    received: endpoint.keepsReport ? raw : undefined,
    occurred_at: body.occurred_at,
    ignored,
    unread: beside && picked(raw as JsonObject, beside),
    redacted: redactedIn(raw),
  };
  return attempt === undefined ? { envelope } : { envelope, attempt };
}

/** Sets what every answer about one execution carries (docs/http-api.md, Headers). */
export function setExecutionHeaders(reply: FastifyReply, handled: DecisionResult): Receipt {
  const { state, event } = handled;
  if (state.status !== 'none') void reply.header('etag', `"${state.revision}"`);
  if (event) void reply.header('ledger-position', String(event.position));
  return receiptOf(handled);
}

/**
 * The receipt of a request that a telling endpoint applied or found done. @throws Problem for every refusal
 * (docs/semantics.md §5).
 */
export function receiptOrProblem(reply: FastifyReply, handled: DecisionResult, requested: string): Receipt {
  const { verdict, state, executionId } = handled;
  const current = currentOf(state);
  if (verdict === 'precondition_failed') {
    const detail = `the execution stands at revision ${current?.revision}, not at the one If-Match names`;
    throw Problem.of('precondition_failed', detail, { current, requested });
  }
  if (isRefusal(verdict)) {
    const standing = current
      ? `the execution is ${current.status} in attempt ${current.attempt}`
      : 'there is no such execution';
    throw Problem.refused(verdict, `${requested} was refused as ${verdict}: ${standing}`, {
      current,
      requested,
      ...(verdict === 'fenced' && current ? { report_as: reportAs(executionId, current.attempt) } : {}),
      ...(handled.ignored ? { ignored: [...handled.ignored] } : {}),
      ...(verdict === 'unsupported_status' ? { allowed: [...STATUSES] } : {}),
    });
  }
  return setExecutionHeaders(reply, handled);
}
