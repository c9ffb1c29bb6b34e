import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../contract/problem.js';
import { SOURCES, type SourceName, type SourceSecrets } from '../sources/sources.js';
import { traitsOf } from './access.js';
import { header } from './header.js';
import { UnprovenBodies } from './unproven-bodies.js';

/** How many bytes are held of deliveries that are still to be proved. */
const UNPROVEN_BYTES = 16 * 1024 * 1024;

/** Reads a delivery, and gives its bytes when they are proved to be its source's. @throws Problem 401 */
export type ReadDelivery = (request: FastifyRequest, payload: Readable) => Promise<Buffer>;

/**
 * Who may deliver is asked in two steps: what the headers tell, before a byte of the body is read, and whether the signature
 * was made over just those bytes, before anything is made of them. One place for every source.
 */
export function registerSources(fastify: FastifyInstance, kept: SourceSecrets): ReadDelivery {
  const bodies = new UnprovenBodies(UNPROVEN_BYTES);
  const proved = new WeakSet<FastifyRequest>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { source } = traitsOf(request);
    if (source !== undefined && !request.is404) admit(request, source, kept);
    done();
  });
  // What was not read as a delivery was not proved, by whatever way it came here.
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (traitsOf(request).source === undefined || proved.has(request)) return done();
    done(Problem.of('validation', 'expected a delivery in the body'));
  });
  return async (request, payload) => {
    const body = await bodies.read(request, payload);
    prove(request, body, kept);
    proved.add(request);
    return body;
  };
}

function admit(request: FastifyRequest, name: SourceName, kept: SourceSecrets): void {
  const { secrets, open } = kept[name];
  const { marks, variable } = SOURCES[name];
  if (secrets.length === 0 && !open)
    throw Problem.of('no_such_endpoint', `this endpoint opens when ${variable} is set`);
  if (secrets.length > 0 && !marks.some((all) => isMarked(request, all))) throw unsigned(name);
}

const isMarked = (request: FastifyRequest, all: Readonly<Record<string, RegExp>>): boolean =>
  Object.entries(all).every(([name, form]) => form.test(header(request, name) ?? ''));

function prove(request: FastifyRequest, body: Buffer, kept: SourceSecrets): void {
  const name = traitsOf(request).source!;
  const { isSigned } = SOURCES[name];
  const { secrets } = kept[name];
  if (secrets.length === 0) return; // it stands open
  const { name: of } = request.params as { name?: string };
  // Each is tried, so that the time taken does not tell which one it was.
  const fitting = secrets.filter(
    (one) => isSigned(one.secret, body, (title) => header(request, title)) && one.of === of,
  );
  if (fitting.length === 0) throw unsigned(name);
}

function unsigned(name: SourceName): Problem {
  const headers = SOURCES[name].marks.map((all) => Object.keys(all)[0]).join(' or ');
  return Problem.of('unauthorized', `${headers} is missing or was not made with the secret`);
}
