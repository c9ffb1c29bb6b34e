import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiKey, Scope as KeyScope } from '../api-keys/api-key.js';
import type { KeyRing } from '../api-keys/key-ring.js';
import type { Session, Sessions } from '../api-keys/sessions.js';
import { ANONYMOUS } from '../caller.js';
import { aboutAll, refuseOutside } from '../application/confinement.js';
import { readExecutionId } from '../contract/primitives.js';
import { Problem } from '../contract/problem.js';
import type { Denials } from './denials.js';
import { header } from './header.js';
import { isFromOwnPage, tokenIn } from './session-cookie.js';
import type { SourceName } from '../sources/sources.js';

/**
 * What an API key may do (docs/operations.md, Keys). `public` endpoints need none, and to be told that there is no endpoint
 * `any` will do.
 */
export type Scope = KeyScope | 'any' | 'public';

/**
 * How a route keeps a confined key among the ids that it is confined to (docs/sharing.md, What a confined key may do). `named`:
 * each execution that a request names is looked at when it is handled. `shown`: it shows nothing else. `everything`: it is
 * about all executions, and closed to such a key. `nothing`: it shows and decides nothing, and may be open to everybody.
 */
type Reach = 'named' | 'shown' | 'everything' | 'nothing';

/** What a route says of itself. An address has many texts, percent-encoded or not: what a request may goes by its route. */
interface Traits {
  readonly scope?: Scope;
  /** The foreign system that delivers here, and proves itself by its signature. */
  readonly source?: SourceName;
  /** Takes spans: more at once than another body may hold, and in Protocol Buffers as well. */
  readonly traces?: true;
  /** A page for people: another site may have a link to it. */
  readonly page?: true;
  /** Takes a key from whoever is to be known by it. */
  readonly signsIn?: true;
  /** Said of every route with a scope, but of those whose path names the execution: it is looked at before all else. */
  readonly reach?: Reach;
}

/** What the route of a request says of itself; of no route, nothing. */
export const traitsOf = ({ routeOptions }: FastifyRequest): Traits => (routeOptions.config ?? {}) as Traits;

/** Whether a request only looks: what cannot be answered now its caller asks for again. */
export const onlyLooks = (request: FastifyRequest): boolean => traitsOf(request).scope === 'read';

/** Where the framework keeps what a route says of itself. */
const CONFIG = RouteConfig({}).KEY;

/**
 * What a key must be allowed for every endpoint of a controller, or for one endpoint. The framework looks for a route's
 * configuration on its method alone: on the class it would be ignored, and every endpoint would ask for the weakest scope.
 */
export function Needs(scope: Scope, more: Omit<Traits, 'scope'> = {}): ClassDecorator & MethodDecorator {
  const needs = applyDecorators(RouteConfig({ scope, ...more }), ApiExtension('x-scope', scope));
  return (target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor !== undefined) return void needs(target, name!, descriptor);
    const { prototype } = target as { prototype: object };
    for (const [method, found] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (
        method !== 'constructor' &&
        typeof found.value === 'function' &&
        !Reflect.hasMetadata(CONFIG, found.value as object)
      )
        needs(prototype, method, found); // what an endpoint says of itself goes before what its controller says
  };
}

/** A request whose caller is known, and the API key that it came with, if there are any. */
export type WithActor = FastifyRequest & {
  actor?: string;
  apiKey?: ApiKey;
  /** The session that the key was proved by, if it did not come itself. */
  session?: Session;
  /** How many reports a delivery came to. */
  reports?: number;
};

/** Whether the caller may see what producers wrote. Nobody knows who delivers to a source where there are keys. */
export const mayRead = ({ actor, apiKey }: WithActor): boolean =>
  apiKey === undefined ? actor !== undefined : apiKey.scopes.includes('read');

/** What the ids begin with that the caller is confined to, if he is. */
export const withinOf = ({ apiKey }: WithActor): string | undefined => apiKey?.ids;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
/** What a probe asks for, which may know the ledger by its address alone. */
const HEALTH = /^\/health\//;
/** The pages that say how the ledger is asked, and what its own pages load: they show nothing of anybody. */
const FILES = /^\/(?:docs(?:[/-]|$)|assets\/)/;

/** The caller must be one of ours: by key, or without keys by speaking to this machine from this machine. */
export function registerAccess(
  fastify: FastifyInstance,
  { keys, sessions }: { readonly keys: KeyRing; readonly sessions: Sessions },
  denials: Denials,
): void {
  fastify.addHook('onRoute', ({ url, config }) => {
    const { scope, source, reach } = (config ?? {}) as Traits;
    // An endpoint that forgot to say what it needs must stop the start, not open to everybody.
    const open = scope === undefined || (scope === 'public' && source === undefined && reach !== 'nothing');
    if (open && url.startsWith('/api/')) throw new Error(`${url} does not say who may come in`);
    if (scope !== undefined && scope !== 'public' && reach === undefined && !namesExecution(url))
      throw new Error(`${url} does not say what a confined key may reach`);
  });
  fastify.addHook('onRequest', async (request: WithActor) => {
    const route = request.routeOptions.url ?? '';
    const { scope: needed = FILES.test(route) ? 'public' : 'read', source, reach, page } = traitsOf(request);
    const scope = request.is404 ? 'any' : needed;
    if (request.headers.host === undefined) {
      if (HEALTH.test(route)) return;
      if (request.raw.httpVersion !== '1.0') throw Problem.of('validation', 'the header Host is missing');
    }
    if (keys.isEmpty) {
      if (!page) refuseForeign(request, denials);
      request.actor = ANONYMOUS;
    } else if (scope !== 'public') {
      request.apiKey = authenticate(request, scope, keys, sessions, denials);
      request.actor = request.apiKey.name;
      confine(request, route, reach, denials);
    } else if (source === undefined) {
      // A probe needs no key, and is not turned away for one that is not known; with one that may read it is told more.
      const sent = keyIn(request);
      const key = sent === undefined ? sessions.find(tokenIn(request) ?? '')?.key : keys.find(sent);
      if (key && keys.isTaken(key)) request.apiKey = key;
    }
  });
}

/** The text of the key that came with a request. */
const keyIn = (request: FastifyRequest): string | undefined =>
  /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? header(request, 'x-api-key');

function authenticate(
  request: WithActor,
  scope: Exclude<Scope, 'public'>,
  keys: KeyRing,
  sessions: Sessions,
  denials: Denials,
): ApiKey {
  const sent = keyIn(request);
  const found = sent === undefined ? signedIn(request, sessions, denials) : knownKey(request, sent, keys, denials);
  request.apiKey = found;
  if (scope !== 'any' && !found.scopes.includes(scope))
    throw denials.of(request, 'scope', `the API key ${found.name} lacks the scope ${scope}`);
  return found;
}

/** The key that came with a request. @throws Problem 401 where it is not taken */
export function knownKey(request: WithActor, sent: string, keys: KeyRing, denials: Denials): ApiKey {
  const found = keys.find(sent);
  if (found === undefined) throw denials.ofKey(request, 'unknown_key', 'the API key is not known');
  request.apiKey = found;
  if (!keys.isTaken(found))
    throw denials.ofKey(request, 'ended_key', `the API key ${found.name} has ended: its until= is past`);
  return found;
}

const LOOKS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** The key that a session stands for. @throws Problem 401 without one, 403 where another web page would write by it */
function signedIn(request: WithActor, sessions: Sessions, denials: Denials): ApiKey {
  const token = tokenIn(request);
  if (token === undefined)
    throw denials.of(request, 'no_key', 'expected the header Authorization: Bearer <key>, or X-API-Key: <key>');
  const session = sessions.find(token);
  if (session === undefined) throw denials.of(request, 'no_key', 'the session is over: sign in again');
  request.session = session;
  if (!LOOKS.has(request.method) && !isFromOwnPage(request))
    throw denials.of(request, 'foreign', 'by a session only the pages of the ledger itself may write');
  return session.key;
}

const namesExecution = (route: string): boolean => route.includes('/executions/:id');

/** @throws Problem 403 where a confined key asks for what is beyond it */
function confine(request: WithActor, route: string, reach: Reach | undefined, denials: Denials): void {
  const within = withinOf(request);
  if (within === undefined) return;
  if (reach === 'everything') throw denials.of(request, 'confined', aboutAll(within));
  if (!namesExecution(route)) return;
  const named = readExecutionId((request.params as { id?: string }).id ?? '');
  if (typeof named !== 'string') refuseOutside(within, named.executionId, 'id');
}

/** Keeps foreign web pages and re-bound host names away from an endpoint without keys. */
function refuseForeign(request: FastifyRequest, denials: Denials): void {
  const { headers, protocol } = request;
  const { host, origin } = headers;
  if (host === undefined || !LOOPBACK.test(host)) {
    throw denials.of(request, 'foreign', 'without API keys the ledger answers to loopback host names only');
  }
  const foreign = origin !== undefined && origin.toLowerCase() !== `${protocol}://${host}`.toLowerCase();
  if (foreign || headers['sec-fetch-site'] === 'cross-site') {
    throw denials.of(request, 'foreign', 'without API keys the ledger does not answer to other web pages');
  }
}
