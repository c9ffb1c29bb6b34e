import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

/** What the ledger's pages load: their own scripts, styles and pictures, and what the API answers. Nothing leaves the origin. */
const PAGES = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};
/** The pages of `/docs` have styles and pictures that stand in them. */
const DOCUMENT = { ...PAGES, styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'] };
const isDocument = (url: string | undefined): boolean => url?.startsWith('/docs') === true;

/** What may be kept by a cache on its way: files that hold nothing of anybody. */
const isFile = (url: string | undefined): boolean => /^\/(?:docs|assets)\//.test(url ?? '');

/**
 * Headers that keep a browser from what is not meant (OWASP, HTTP Headers Cheat Sheet), on every answer; `encrypted`: the
 * ledger speaks TLS itself, and a browser is to come by TLS alone from then on.
 */
export function registerSecurityHeaders(fastify: FastifyInstance, encrypted: boolean): void {
  // Made once: @fastify/helmet makes it, and the text of the policy, for each request anew.
  const headersFor = (directives: typeof PAGES) =>
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives },
      frameguard: { action: 'deny' },
      hsts: encrypted,
    });
  const [setHeaders, setDocumentHeaders] = [headersFor(PAGES), headersFor(DOCUMENT)];
  fastify.addHook('onRequest', ({ raw, routeOptions }, reply, done) => {
    const set = isDocument(routeOptions.url) ? setDocumentHeaders : setHeaders;
    set(raw, reply.raw, (error) => done(error as Error));
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control') && !isFile(request.routeOptions.url))
      void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}
