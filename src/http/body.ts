import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JsonMeasure, TOO_MANY_VALUES } from '../contract/json-measure.js';
import { parseJson, stringifyJson } from '../contract/json.js';
import { Problem } from '../contract/problem.js';
import { MAX_REPORTS_BYTES } from '../contract/reports.js';
import { BYTES_PER_TURN, ownTurn } from '../event-loop.js';
import type { Redaction } from '../redaction/redaction.js';
import { SOURCES } from '../sources/sources.js';
import { traitsOf } from './access.js';
import { shareOf } from './answers.js';
import { BYTE_WEIGHT, VALUE_WEIGHT } from './body-weight.js';
import { BulkBody } from './bulk-body.js';
import type { ReadDelivery } from './deliveries.js';
import { GrowingBuffer } from './growing-buffer.js';
import { readBody } from './read-body.js';

/** The door that takes many at once. */
const BULK = '/api/v1/reports';
const JSON_TYPES = /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i;
const LINES_TYPES = /^application\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines)(?:\s*;|$)/i;
const FORM = 'application/x-www-form-urlencoded';

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

/** The bytes of one body. Refuses one that holds too many values while it arrives. */
async function gather(request: FastifyRequest, payload: Readable): Promise<Buffer> {
  const share = shareOf(request);
  const measure = new JsonMeasure();
  let gathered = new GrowingBuffer();
  const weight = (bytes: number): number => bytes * (1 + BYTE_WEIGHT) + measure.values * VALUE_WEIGHT;
  await readBody(request, payload, {
    admit: (announced) => {
      gathered = new GrowingBuffer(announced || undefined);
      return share.hold(weight(announced));
    },
    take: (chunk) => {
      const from = gathered.size;
      gathered.add(chunk);
      measure.scan(gathered.bytes, from, gathered.size);
      if (measure.flaw === TOO_MANY_VALUES) throw Problem.of('too_large', `the body has ${measure.flaw}`);
      return share.hold(weight(gathered.held));
    },
  });
  return gathered.bytes;
}

/** A webhook that its sender was told to send as a form: the JSON is one of its fields. */
function formOf(body: Buffer): unknown {
  const payload = new URLSearchParams(body.toString('latin1')).get('payload');
  if (payload === null) throw Problem.of('validation', 'payload: expected in a form: the delivery as JSON');
  return jsonOf(Buffer.from(payload));
}

const large = new WeakSet<FastifyRequest>();

/** A turn of its own for the next thing that is done with a large body: all of them at once would hold the loop. */
export const nextTurnOf = (request: FastifyRequest): Promise<unknown> | undefined =>
  large.has(request) ? ownTurn() : undefined;

async function readPayload(
  read: (body: Buffer) => unknown,
  request: FastifyRequest,
  payload: Readable,
): Promise<unknown> {
  const bytes = await gather(request, payload);
  const body = read(bytes);
  if (bytes.length > BYTES_PER_TURN) large.add(request);
  await nextTurnOf(request);
  return body;
}

/** How bodies are taken. */
interface Taking {
  /** Of one report or command, in bytes. */
  readonly bodyLimit: number;
  readonly redaction: Redaction;
}

/** A body of a type that is not read here: only an empty one is taken. @throws Problem 415, before the first byte where it is announced */
async function readNothing(request: FastifyRequest, payload: Readable, why: string): Promise<undefined> {
  const refuse = (): never => {
    throw Problem.of('unsupported_media_type', why);
  };
  if (Number(request.headers['content-length']) > 0) refuse();
  await readBody(request, payload, { take: refuse });
  return undefined;
}

/** JSON in and out without losing a digit, within the limits of each door (wire.md). */
export function registerBodies(
  fastify: FastifyInstance,
  { bodyLimit, redaction }: Taking,
  readDelivery: ReadDelivery,
): void {
  const parser =
    (read: (request: FastifyRequest, payload: Readable) => Promise<unknown>) =>
    (request: FastifyRequest, payload: Readable): Promise<unknown> =>
      // A refused body is no failure of the parser: of that the framework would close the connection, unread as it is,
      // and a sender that is still sending would see it reset and never the answer.
      read(request, payload).catch((error: unknown) =>
        error instanceof Problem ? error : Promise.reject(error as Error),
      );
  /** Of a delivery nothing is read before it is proved; the reports that are made of it have secrets taken out of them. */
  const readOne = async (read: (body: Buffer) => unknown, request: FastifyRequest, payload: Readable) =>
    traitsOf(request).source === undefined
      ? redaction.body(await readPayload(read, request, payload))
      : readPayload(read, request, Readable.from([await readDelivery(request, payload)]));
  const isBulk = (request: FastifyRequest): boolean => request.routeOptions.url === BULK;
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    JSON_TYPES,
    parser((request, payload) =>
      isBulk(request) ? BulkBody.read(request, payload, 'elements', bodyLimit) : readOne(jsonOf, request, payload),
    ),
  );
  fastify.addContentTypeParser(
    LINES_TYPES,
    parser((request, payload) =>
      isBulk(request)
        ? BulkBody.read(request, payload, 'lines', bodyLimit)
        : readNothing(request, payload, `lines of JSON are taken by ${BULK} alone`),
    ),
  );
  fastify.addContentTypeParser(
    FORM,
    parser((request, payload) =>
      traitsOf(request).source === undefined
        ? readNothing(request, payload, 'a form is taken by sources alone')
        : readOne(formOf, request, payload),
    ),
  );
  fastify.addContentTypeParser(
    '*',
    parser((request, payload) => readNothing(request, payload, 'expected JSON: application/json')),
  );
  fastify.addHook('preValidation', ({ body }, _reply, done) => (body instanceof Problem ? done(body) : done()));
  fastify.addHook('onRoute', (route) => {
    const { source } = (route.config ?? {}) as ReturnType<typeof traitsOf>;
    const most = source === undefined ? bodyLimit : Math.min(bodyLimit, SOURCES[source].mostBytes);
    route.bodyLimit = route.url === BULK ? MAX_REPORTS_BYTES : most;
  });
  fastify.setReplySerializer((payload) => stringifyJson(payload));
}
