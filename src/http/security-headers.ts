import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

/** What the pages of `/docs` load: their own scripts, styles that stand in them, and pictures that do. */
const PAGES = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** What is never to be kept by a cache on its way: all but the pages, which hold nothing of anybody. */
const isPage = (url: string | undefined): boolean => url?.startsWith('/docs/') === true;

/**
 * Headers that keep a browser from what is not meant (OWASP, HTTP Headers Cheat Sheet), on every answer; `encrypted`: the
 * ledger speaks TLS itself, and a browser is to come by TLS alone from then on.
 */
export function registerSecurityHeaders(fastify: FastifyInstance, encrypted: boolean): void {
  // Made once: @fastify/helmet makes it, and the text of the policy, for each request anew.
  const setHeaders = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: PAGES },
    frameguard: { action: 'deny' },
    hsts: encrypted,
  });
  fastify.addHook('onRequest', ({ raw }, reply, done) => setHeaders(raw, reply.raw, (error) => done(error as Error)));
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control') && !isPage(request.routeOptions.url))
      void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}
