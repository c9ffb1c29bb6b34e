import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JsonMeasure, MAX_VALUES, TOO_MANY_VALUES } from '../contract/json-measure.js';
import { parseJson, stringifyJson } from '../contract/json.js';
import { Problem } from '../contract/problem.js';
import { MAX_REPORTS_BYTES } from '../contract/reports.js';
import { BYTES_PER_TURN, ownTurn } from '../event-loop.js';
import { BodyBudget } from './body-budget.js';
import { BulkBody } from './bulk-body.js';
import { GrowingBuffer } from './growing-buffer.js';
import { readBody, type Take } from './read-body.js';

/** The doors whose raw body is wanted as well as what it says. */
const BULK = '/api/v1/reports';
const SIGNED = '/api/v1/sources/github';
const JSON_TYPES = /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i;
const LINES_TYPES = /^application\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines)(?:\s*;|$)/i;
const FORM = 'application/x-www-form-urlencoded';

/** How many bytes of bulk bodies are held at once in the process, and how long others wait for room, in ms. */
const BULK_BYTES = 128 * 1024 * 1024;
const BULK_PATIENCE_MS = 10_000;

/** What arrived, for signatures. */
export type WithRawBody = FastifyRequest & { rawBody?: Buffer };

const BYTE_ORDER_MARK = /^\ufeff/;

/** The text of a body. @throws where it is not UTF-8: what cannot be read must not be kept as something else. */
export function readUtf8(body: Buffer): string {
  if (!isUtf8(body)) throw new SyntaxError('it is not UTF-8');
  return body.toString('utf8').replace(BYTE_ORDER_MARK, '');
}

function jsonOf(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return parseJson(readUtf8(body));
  } catch (error) {
    throw Problem.of('validation', `the body is not JSON: ${(error as Error).message}`);
  }
}

/** Refuses a body that holds too many values while it arrives; one of fewer bytes than that cannot. */
function boundedBy(gathered: GrowingBuffer): Take {
  const measure = new JsonMeasure();
  let measured = 0;
  return (chunk) => {
    gathered.add(chunk);
    if (gathered.size <= MAX_VALUES) return;
    measured = measure.scan(gathered.bytes, measured, gathered.size);
    if (measure.flaw === TOO_MANY_VALUES) throw Problem.of('too_large', `the body has ${measure.flaw}`);
  };
}

/** A webhook that its sender was told to send as a form: the JSON is one of its fields. */
function formOf(body: Buffer): unknown {
  const payload = new URLSearchParams(body.toString('latin1')).get('payload');
  if (payload === null) throw Problem.of('validation', 'payload: expected in a form: the delivery as JSON');
  return jsonOf(Buffer.from(payload));
}

async function readWith(read: (body: Buffer) => unknown, request: FastifyRequest, payload: Readable): Promise<unknown> {
  const gathered = new GrowingBuffer();
  await readBody(request, payload, boundedBy(gathered));
  if (request.routeOptions.url === SIGNED) (request as WithRawBody).rawBody = gathered.bytes;
  const body = read(gathered.bytes);
  if (gathered.size > BYTES_PER_TURN) await ownTurn(); // it was read in this one, and is decided in another
  return body;
}

/** A body of a type that is not read here: only an empty one is taken. @throws Problem 415 */
async function readNothing(request: FastifyRequest, payload: Readable, why: string): Promise<undefined> {
  await readBody(request, payload, () => {
    throw Problem.of('unsupported_media_type', why);
  });
  return undefined;
}

/** JSON in and out without losing a digit, within the limits of each door (wire.md). */
export function registerBodies(fastify: FastifyInstance, bodyLimit: number): void {
  const budget = new BodyBudget(BULK_BYTES, BULK_PATIENCE_MS);
  const parser =
    (read: (request: FastifyRequest, payload: Readable) => Promise<unknown>) =>
    (request: FastifyRequest, payload: Readable): Promise<unknown> =>
      // A refused body is no failure of the parser: of that the framework would close the connection, unread as it is,
      // and a sender that is still sending would see it reset and never the answer.
      read(request, payload).catch((error: unknown) =>
        error instanceof Problem ? error : Promise.reject(error as Error),
      );
  const isBulk = (request: FastifyRequest): boolean => request.routeOptions.url === BULK;
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    JSON_TYPES,
    parser((request, payload) =>
      isBulk(request)
        ? BulkBody.read(request, payload, 'elements', bodyLimit, budget)
        : readWith(jsonOf, request, payload),
    ),
  );
  fastify.addContentTypeParser(
    LINES_TYPES,
    parser((request, payload) =>
      isBulk(request)
        ? BulkBody.read(request, payload, 'lines', bodyLimit, budget)
        : readNothing(request, payload, `lines of JSON are taken by ${BULK} alone`),
    ),
  );
  fastify.addContentTypeParser(
    FORM,
    parser((request, payload) =>
      request.routeOptions.url === SIGNED
        ? readWith(formOf, request, payload)
        : readNothing(request, payload, `a form is taken by ${SIGNED} alone`),
    ),
  );
  fastify.addContentTypeParser(
    '*',
    parser((request, payload) => readNothing(request, payload, 'expected JSON: application/json')),
  );
  fastify.addHook('preValidation', ({ body }, _reply, done) => (body instanceof Problem ? done(body) : done()));
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit = route.url === BULK ? MAX_REPORTS_BYTES : bodyLimit;
  });
  fastify.setReplySerializer((payload) => stringifyJson(payload));
}
