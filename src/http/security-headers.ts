import type { IncomingMessage, ServerResponse } from 'node:http';
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
 * The headers that helmet sets, which are the same on every answer: found once, for its dozen functions and as many headers set on
 * Node's response for each are work for nothing (docs/performance.md, What was tried).
 */
function headersOf(setHeaders: ReturnType<typeof helmet>): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value),
    removeHeader: (name: string) => void delete headers[name.toLowerCase()],
  };
  setHeaders({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error as Error;
  });
  return headers;
}

/**
 * Headers that keep a browser from what is not meant (OWASP, HTTP Headers Cheat Sheet), on every answer; `encrypted`: the
 * ledger speaks TLS itself, and a browser is to come by TLS alone from then on.
 */
export function registerSecurityHeaders(fastify: FastifyInstance, encrypted: boolean): void {
  const headersFor = (directives: typeof PAGES) =>
    headersOf(
      helmet({
        contentSecurityPolicy: { useDefaults: false, directives },
        frameguard: { action: 'deny' },
        hsts: encrypted,
      }),
    );
  const [headers, documentHeaders] = [headersFor(PAGES), headersFor(DOCUMENT)];
  fastify.addHook('onRequest', ({ routeOptions }, reply, done) => {
    void reply.headers(isDocument(routeOptions.url) ? documentHeaders : headers);
    done();
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control') && !isFile(request.routeOptions.url))
      void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}
