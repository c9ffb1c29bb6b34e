import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bulkCommand, bulkFilter } from '../contract/bulk.js';
import * as commands from '../contract/commands.js';
import { invalid } from '../contract/problem.js';
import { rebuildBody, verifyBody } from '../contract/projections.js';
import { traitsOf, type Scope } from './access.js';

/** What commands read from their bodies. */
const IN_BODIES: ReadonlySet<string> = new Set(
  [...Object.values(commands), bulkCommand, bulkFilter, rebuildBody, verifyBody].flatMap(({ shape }) =>
    Object.keys(shape),
  ),
);

/**
 * Whoever reports may have more in its address than we know: a webhook carries its token there
 * (docs/http-api.md, Addresses and parameters).
 */
const TAKES_ANY: readonly Scope[] = ['report', 'public'];

/**
 * Refuses parameters in the address of what reads none there. Passed over, they would mean the opposite of what was meant:
 * `POST /bulk/cancel?dry_run=true` would cancel. Reads that take some name the unknown ones by their own schemas.
 * @throws Problem 400
 */
export function refuseParameters(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const [name] = takesNone(request) ? Object.keys(request.query as object) : [];
    if (name === undefined) return done();
    done(invalid(name, IN_BODIES.has(name) ? 'goes into the body, not into the address' : 'is no parameter of this'));
  });
}

function takesNone(request: FastifyRequest): boolean {
  const { scope } = traitsOf(request);
  if (scope === undefined || TAKES_ANY.includes(scope)) return false;
  const route = request.routeOptions.url ?? '';
  return request.method === 'POST' || (route.startsWith('/api/v1/projections') && !route.endsWith('/rows'));
}
