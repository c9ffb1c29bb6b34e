import type { FastifyInstance } from 'fastify';
import { Problem } from '../contract/problem.js';

/**
 * Refuses what arrives after the service began to stop, on a connection that still stands. The framework would do so too, but
 * with an error of its own form (its option `return503OnClosing` is off).
 */
export function refuseWhileStopping(fastify: FastifyInstance): void {
  let stopping = false;
  fastify.addHook('preClose', (done) => {
    stopping = true;
    done();
  });
  fastify.addHook('onRequest', (_request, _reply, done) => {
    if (!stopping) return done();
    done(Problem.of('unavailable', 'the ledger is being stopped; this call wrote nothing, send the same again'));
  });
}
