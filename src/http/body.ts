import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJson, stringifyJson } from '../contract/json.js';
import { Problem } from '../contract/problem.js';
import { MAX_REPORTS_BYTES } from '../contract/reports.js';

/** The doors whose raw body is wanted as well as what it says. */
const BULK = '/api/v1/reports';
const SIGNED = '/api/v1/sources/github';
const JSON_TYPES = /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i;
const NDJSON = 'application/x-ndjson';

/** What arrived, for signatures and line-wise reading. */
export type WithRawBody = FastifyRequest & { rawBody?: Buffer };

/** The text of a body. @throws where it is not UTF-8: what cannot be read must not be kept as something else. */
export function readUtf8(body: Buffer): string {
  if (!isUtf8(body)) throw new SyntaxError('it is not UTF-8');
  return body.toString('utf8');
}

const readJson = (request: FastifyRequest, body: Buffer): unknown => {
  if (request.url.startsWith(SIGNED)) (request as WithRawBody).rawBody = body;
  if (body.length === 0) return undefined;
  try {
    return parseJson(readUtf8(body));
  } catch (error) {
    throw Problem.of('validation', `the body is not JSON: ${(error as Error).message}`);
  }
};

/** JSON in and out without losing a digit, within the limits of each door (wire.md). */
export function registerBodies(fastify: FastifyInstance, bodyLimit: number): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, readJson(request, body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addContentTypeParser(NDJSON, { parseAs: 'buffer' }, (request, body, done) => {
    if (!request.url.startsWith(BULK))
      done(Problem.of('unsupported_media_type', `${NDJSON} is taken by ${BULK} alone`));
    else done(null, body);
  });
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit = route.url === BULK ? MAX_REPORTS_BYTES : bodyLimit;
  });
  fastify.setReplySerializer((payload) => stringifyJson(payload));
}
