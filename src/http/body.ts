import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JsonMeasure, TOO_DEEP } from '../encoding/json-measure.js';
import { parseJson, stringifyJson } from '../encoding/json.js';
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
import { PROTOBUF_TYPES, protobufOf, ProtobufMeasure, TRACES } from './traces-body.js';

/** How long a sign-in may be, in bytes: anybody may send one. */
const SIGN_IN_BYTES = 4 * 1024;
/** The endpoint that takes many at once. */
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

function jsonOf(body: Buffer, parse: (text: string) => unknown = parseJson): unknown {
  if (body.length === 0) return undefined;
  try {
    return parse(readUtf8(body));
  } catch (error) {
    throw Problem.of('validation', `the body is not JSON: ${(error as Error).message}`);
  }
}

/** The bytes of one body. Refuses one that holds too many values while it arrives. */
async function gather(request: FastifyRequest, payload: Readable, measure: Measure): Promise<Buffer> {
  const share = shareOf(request);
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
      const { flaw } = measure;
      if (flaw === TOO_DEEP) throw Problem.of('validation', `the body is not JSON: ${flaw}`);
      if (flaw !== undefined) throw Problem.of('too_large', `the body has ${flaw}`);
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

/** How a body is read: measured while it arrives, and then made into a value. */
interface BodyFormat {
  readonly measure: () => Measure;
  readonly read: (body: Buffer) => unknown;
}
type Measure = Pick<JsonMeasure, 'values' | 'flaw'> & {
  scan(bytes: Uint8Array, from: number, to: number): unknown;
};
const AS_JSON: BodyFormat = { measure: () => new JsonMeasure(), read: (body) => jsonOf(body) };
const AS_FORM: BodyFormat = { measure: () => new JsonMeasure(), read: formOf };
/** Of spans no number has a digit that a double loses and a millisecond shows; to keep all digits takes several times as long. */
const AS_JSON_OF_SPANS: BodyFormat = {
  measure: () => new JsonMeasure(TRACES.values),
  read: (body) => jsonOf(body, (text) => JSON.parse(text) as unknown),
};
const AS_PROTOBUF: BodyFormat = { measure: () => new ProtobufMeasure(), read: protobufOf };

const large = new WeakSet<FastifyRequest>();

/** A turn of its own for the next thing that is done with a large body: all of them at once would hold the loop. */
export const nextTurnOf = (request: FastifyRequest): Promise<unknown> | undefined =>
  large.has(request) ? ownTurn() : undefined;

async function readPayload(
  { measure, read }: BodyFormat,
  request: FastifyRequest,
  payload: Readable,
): Promise<unknown> {
  const bytes = await gather(request, payload, measure());
  const body = read(bytes);
  if (bytes.length > BYTES_PER_TURN) large.add(request);
  await nextTurnOf(request);
  return body;
}

/** How bodies are taken. */
interface BodyOptions {
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

/** JSON in and out without losing a digit, within the limits of each endpoint (docs/http-api.md, Bodies). */
export function registerBodies(
  fastify: FastifyInstance,
  { bodyLimit, redaction }: BodyOptions,
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
  /**
   * Of a delivery nothing is read before it is proved; the reports that are made of it have secrets taken out of them. Of a
   * sign-in nothing is kept, and its key may look like a secret.
   */
  const readOne = async (form: BodyFormat, request: FastifyRequest, payload: Readable) => {
    const { source, signsIn } = traitsOf(request);
    if (source !== undefined) return readPayload(form, request, Readable.from([await readDelivery(request, payload)]));
    const body = await readPayload(form, request, payload);
    return signsIn ? body : redaction.body(body);
  };
  const isBulk = (request: FastifyRequest): boolean => request.routeOptions.url === BULK;
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    JSON_TYPES,
    parser((request, payload) =>
      isBulk(request)
        ? BulkBody.read(request, payload, 'elements', bodyLimit)
        : readOne(traitsOf(request).traces ? AS_JSON_OF_SPANS : AS_JSON, request, payload),
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
        : readOne(AS_FORM, request, payload),
    ),
  );
  const readUnknown = (request: FastifyRequest, payload: Readable) =>
    readNothing(request, payload, 'expected JSON: application/json');
  fastify.addContentTypeParser(
    PROTOBUF_TYPES,
    parser((request, payload) =>
      traitsOf(request).traces ? readOne(AS_PROTOBUF, request, payload) : readUnknown(request, payload),
    ),
  );
  fastify.addContentTypeParser('*', parser(readUnknown));
  fastify.addHook('preValidation', ({ body }, _reply, done) => (body instanceof Problem ? done(body) : done()));
  fastify.addHook('onRoute', (route) => {
    const { source, traces, signsIn } = (route.config ?? {}) as ReturnType<typeof traitsOf>;
    const most = Math.min(
      bodyLimit,
      source === undefined ? (signsIn ? SIGN_IN_BYTES : bodyLimit) : SOURCES[source].mostBytes,
    );
    route.bodyLimit = route.url === BULK ? MAX_REPORTS_BYTES : traces ? Math.max(most, TRACES.bytes) : most;
  });
  fastify.setReplySerializer((payload) => stringifyJson(payload));
}
