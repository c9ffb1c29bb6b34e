import { createHash, timingSafeEqual } from 'node:crypto';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../contract/problem.js';

/** What an API key may do (wire.md, Who may). `public` doors need none, and to be told that there is no door `any` will do. */
export type Scope = 'report' | 'command' | 'read' | 'operate' | 'any' | 'public';

/**
 * What a key must be allowed for every door of a controller, or for one door. The framework looks for a route's
 * configuration on its method alone: on the class it would be ignored, and every door would ask for the weakest scope.
 */
export function Needs(scope: Scope): ClassDecorator & MethodDecorator {
  const needs = RouteConfig({ scope });
  return (target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor !== undefined) return void needs(target, name!, descriptor);
    const { prototype } = target as { prototype: object };
    for (const [door, found] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (door !== 'constructor' && typeof found.value === 'function') needs(prototype, door, found);
  };
}

export interface Access {
  /** Empty: loopback only, no keys. */
  readonly keys: readonly { readonly name: string; readonly key: string; readonly scopes: readonly string[] }[];
}

/** A request whose caller is known. */
export type WithActor = FastifyRequest & { actor?: string };

/** A header that came once. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
/** What a probe asks for, which may know the ledger by its address alone. */
const HEALTH = /^\/health\//;
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The caller must be one of ours: by key, or without keys by speaking to this machine from this machine. */
export function registerAccess(fastify: FastifyInstance, { keys }: Access): void {
  const known = keys.map(({ name, key, scopes }) => ({ name, scopes, digest: digest(key) }));
  fastify.addHook('onRoute', ({ url, config }) => {
    const scope = (config as { scope?: Scope } | undefined)?.scope;
    // A door that forgot to say what it needs must stop the start, not open to everybody.
    if (scope === undefined && url.startsWith('/api/')) throw new Error(`${url} does not say which scope it needs`);
  });
  fastify.addHook('onRequest', async (request: WithActor) => {
    const scope = request.is404 ? 'any' : ((request.routeOptions.config as { scope?: Scope }).scope ?? 'read');
    if (request.headers.host === undefined) {
      if (HEALTH.test(request.routeOptions.url ?? '')) return;
      if (request.raw.httpVersion !== '1.0') throw Problem.of('validation', 'the header Host is missing');
    }
    if (known.length === 0) {
      refuseForeign(request);
      request.actor = 'anonymous';
    } else if (scope !== 'public') request.actor = authenticate(request, scope, known);
  });
}

type KnownKey = { name: string; scopes: readonly string[]; digest: Buffer };

function authenticate(request: FastifyRequest, scope: Scope, known: readonly KnownKey[]): string {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw Problem.of('unauthorized', 'expected the header Authorization: Bearer <key>');
  const given = digest(token);
  // Every key is compared, and digests have one length, so that the time taken tells nothing.
  const found = known.filter((key) => timingSafeEqual(key.digest, given))[0];
  if (!found) throw Problem.of('unauthorized', 'the API key is not known');
  if (scope !== 'any' && !found.scopes.includes(scope))
    throw Problem.of('forbidden', `the API key ${found.name} lacks the scope ${scope}`);
  return found.name;
}

/** Keeps foreign web pages and re-bound host names away from a door without keys. */
function refuseForeign({ headers, protocol }: FastifyRequest): void {
  const { host, origin } = headers;
  if (host === undefined || !LOOPBACK.test(host)) {
    throw Problem.of('forbidden', 'without API keys the ledger answers to loopback host names only');
  }
  const foreign = origin !== undefined && origin.toLowerCase() !== `${protocol}://${host}`.toLowerCase();
  if (foreign || headers['sec-fetch-site'] === 'cross-site') {
    throw Problem.of('forbidden', 'without API keys the ledger does not answer to other web pages');
  }
}
