import { derivedId, digestOf } from '../../src/application/deciding/digest.js';
import * as commands from '../../src/contract/commands.js';
import type { NamedExecution } from '../../src/contract/primitives.js';
import { eventReport, progressReport, statusReport } from '../../src/contract/reports.js';
import { fromEvent, fromProgress, fromStatus } from '../../src/contract/to-input.js';
import { errorFields } from '../../src/encoding/error-fields.js';
import type { Input } from '../../src/domain/decision.js';
import type { Description } from '../../src/domain/events.js';
import { compact } from '../../src/domain/json.js';
import { reportAs } from '../../src/domain/stream.js';
import { understood } from '../../src/domain/words.js';
import type { Answer } from '../support/ledger/caller.js';
import type { ExecutionRequest, Receipt } from './receipt.js';
import type { Body } from './bodies.js';

/** What an answer says: a receipt for each thing that was asked, and whether there is one for each. */
export interface Reading {
  readonly receipts: readonly Receipt[];
  readonly whole: boolean;
}

/** One request over HTTP, that may be sent any number of times. */
export interface Request {
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** What an endpoint's verdicts say; of an answer that is none, undefined. */
  read(answer: Answer): Reading;
}

/** A receipt as the wire gives it, or a problem that carries a verdict. */
function receipt(asked: ExecutionRequest, said: Body): Receipt {
  const { verdict, applied = false, replayed = false, position, current = null } = said;
  return { request: asked, verdict, applied, replayed, position, current } as Receipt;
}

const VERDICT = /^\/problems\/(.*)$/;

/** A request that asks one thing. */
function one(path: string, asked: ExecutionRequest, body: Body): Request {
  const read = ({ body: said }: Answer): Reading => {
    const verdict = said.verdict ?? VERDICT.exec(said.type)?.[1];
    return { receipts: [receipt(asked, { ...said, verdict })], whole: true };
  };
  return { path, body, headers: { 'idempotency-key': asked.id }, read };
}

/** The address of an execution; what names an attempt does so there or in the body. */
const at = (id: string, endpoint: string, attempt?: number): string =>
  `/executions/${attempt === undefined ? id : reportAs(id, attempt)}/${endpoint}`;

const named = (executionId: string, attempt: number | undefined): NamedExecution =>
  attempt === undefined ? { executionId } : { executionId, attempt };

const asReport = (id: string, executionId: string, input: Input, body: Body, attempt?: number): ExecutionRequest => ({
  id,
  executionId,
  input,
  digest: digestOf('report', body, attempt),
  received: body,
});

function eventAsked(id: string, body: Body): ExecutionRequest {
  const read = eventReport.parse(body);
  const input = fromEvent(read, understood);
  return asReport(id, read.execution_id.executionId, input, body, input.attempt);
}

/** A report that is sent off without waiting for a verdict. */
export const event = (id: string, body: Body): Request =>
  one('/workflow/executions/events', eventAsked(id, body), body);

/** A report whose sender is held to the verdict. */
export function status(id: string, executionId: string, body: Body, attempt?: number): Request {
  const input = fromStatus(statusReport.parse(body), named(executionId, attempt), understood);
  return one(at(executionId, 'status', attempt), asReport(id, executionId, input, body, attempt), body);
}

export function progress(id: string, executionId: string, body: Body, attempt?: number): Request {
  const input = fromProgress(progressReport.parse(body), named(executionId, attempt));
  return one(at(executionId, 'progress', attempt), asReport(id, executionId, input, body, attempt), body);
}

export function heartbeat(id: string, executionId: string, body: Body, attempt?: number): Request {
  const input = compact({ kind: 'heartbeat', attempt, worker: body['worker'] }) as Input;
  return one(at(executionId, 'heartbeat', attempt), ask('heartbeat', id, executionId, input, body, attempt), body);
}

const ask = (
  kind: string,
  id: string,
  executionId: string,
  input: Input,
  body: Body,
  attempt?: number,
): ExecutionRequest => ({
  id,
  executionId,
  input,
  digest: digestOf(kind, body, attempt),
});

export function register(id: string, executionId: string, said: Body): Request {
  const body = { execution_id: executionId, ...said };
  const { execution_id: _, ...description } = commands.registerCommand.parse(body);
  const digest = digestOf('register', body);
  const input: Input = { kind: 'register', digest, description: compact(description) as Description };
  return one('/executions', { id, executionId, input, digest }, body);
}

/** What the commands about one execution make of their body. */
const INPUTS = {
  dispatch: (body: Body) => body,
  abort: (body: Body) => ({ ...body, ...errorFields(body['error']) }),
  pause: (body: Body) => body,
  resume: (body: Body) => body,
  cancel: ({ reason }: Body) => compact({ reason }),
};

export function command(
  kind: keyof typeof INPUTS,
  id: string,
  executionId: string,
  body: Body,
  attempt?: number,
): Request {
  const input = compact({ kind, attempt, ...INPUTS[kind](body) }) as Input;
  const asked = ask(kind, id, executionId, input, body, attempt);
  const request = one(at(executionId, kind, attempt), asked, body);
  return body['cascade'] ? { ...request, read: readCascade(asked, body['reason']) } : request;
}

const wasAsked = ({ verdict }: { readonly verdict?: unknown }): boolean => verdict !== 'unavailable';

/** The cancel, and those of its children, each under an id that follows from the cancel's. */
const readCascade = (asked: ExecutionRequest, reason: unknown) => (answer: Answer) => {
  const { children = [] } = answer.body as { children?: Body[] };
  const said = compact({ reason });
  const input = { kind: 'cancel', only_open: true, ...said } as Input;
  const digest = digestOf('cancel', { ...said, cascade_of: asked.executionId });
  const id = derivedId('cascade', asked.executionId, asked.id);
  const told = children
    .filter(wasAsked)
    .map((child) => receipt({ id, executionId: child['execution_id'] as string, input, digest }, child));
  const { receipts } = one('', asked, {}).read(answer);
  return { receipts: [...receipts, ...told], whole: children.every(wasAsked) };
};

const linesOf = ({ text }: Answer): Body[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Body);

/** Many reports at once, a line each; every one has its id in its body. */
export function reports(bodies: readonly (Body & { readonly event_id: string })[]): Request {
  const asked = bodies.map((body) => eventAsked(body.event_id, body));
  const read = (answer: Answer): Reading => {
    const lines = linesOf(answer);
    const receipts = lines.filter(wasAsked).map((line) => receipt(asked[(line['line'] as number) - 1]!, line));
    return { receipts, whole: receipts.length === asked.length };
  };
  const body = bodies.map((one) => JSON.stringify(one) + '\n').join('');
  return { path: '/reports', body, headers: { 'content-type': 'application/x-ndjson' }, read };
}

/** One command for many executions, each under an id that follows from the whole's. */
export function bulk(kind: 'resume' | 'cancel', id: string, executionIds: readonly string[], reason: string): Request {
  const derived = derivedId('bulk', kind, id);
  const input = { kind, reason } as Input;
  const read = (answer: Answer): Reading => {
    const lines = linesOf(answer).filter(wasAsked);
    const digest = digestOf(kind, { reason });
    const asked = (executionId: string): ExecutionRequest => ({ id: derived, executionId, input, digest });
    const receipts = lines.map((line) => receipt(asked(line['execution_id'] as string), line));
    return { receipts, whole: receipts.length === executionIds.length };
  };
  const body = { execution_ids: executionIds, reason };
  return { path: `/bulk/${kind}`, body, headers: { 'idempotency-key': id }, read };
}
