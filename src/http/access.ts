import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../contract/problem.js';

/** What an API key may do (wire.md, Who may). `public` doors need none. */
export type Scope = 'report' | 'command' | 'read' | 'operate' | 'public';

export interface Access {
  /** Empty: loopback only, no keys. */
  readonly keys: readonly { readonly name: string; readonly key: string; readonly scopes: readonly string[] }[];
}

/** A request whose caller is known. */
export type WithActor = FastifyRequest & { actor?: string };

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The caller must be one of ours: by key, or without keys by speaking to this machine from this machine. */
export function registerAccess(fastify: FastifyInstance, { keys }: Access): void {
  const known = keys.map(({ name, key, scopes }) => ({ name, scopes, digest: digest(key) }));
  fastify.addHook('onRequest', async (request: WithActor) => {
    const scope = (request.routeOptions.config as { scope?: Scope }).scope ?? 'read';
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
  if (!found.scopes.includes(scope))
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
