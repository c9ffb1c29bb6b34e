import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { header } from './header.js';

/** The addresses of the pages. The browser makes each of them of the same document (src/web/router.tsx). */
const PAGES = ['/sign-in', '/executions', '/executions/:id', '/targets', '/projections', '/connect'] as const;
/** The overview has the address that tells programs where to go. */
const OVERVIEW = '/';
/** What a page needs of whoever asks: it shows nothing of anybody, and asks the API like everybody else. */
const NEEDS = { scope: 'public', reach: 'nothing', page: true } as const;
/** Where programs are served: what is not there is told them as a problem, whatever they say that they accept. */
const OF_PROGRAMS = /^\/+(?:api|v1|docs|sources|assets|health|metrics)(?:[/?]|$)/i;
/** A year: the name of a file has a digest of its content. */
const FOREVER_MS = 365 * 24 * 3_600 * 1_000;

const wantsPage = (request: FastifyRequest): boolean => header(request, 'accept')?.includes('text/html') === true;

const isUnknownPage = (request: FastifyRequest): boolean =>
  request.is404 && request.method === 'GET' && wantsPage(request) && !OF_PROGRAMS.test(request.url);

/** The document of every page. Read each time, and not to be kept: one of the build before would name files that are gone. */
async function show(folder: string, reply: FastifyReply): Promise<FastifyReply> {
  const document = await readFile(join(folder, 'index.html'));
  return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(document);
}

/**
 * Shows a browser that asks for an address which is no page the pages' own word for that, with the status 404. Registered
 * before it is asked who is there: like the pages it shows nothing of anybody.
 */
export function showUnknownPages(fastify: FastifyInstance, folder: string): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (isUnknownPage(request)) await show(folder, reply.code(404));
  });
}

/**
 * Serves the pages of a build (docs/architecture.md, The pages): `index.html` at each of their addresses, and what it loads below
 * `/assets/`, as the build has compressed it.
 */
export async function servePages(fastify: FastifyInstance, folder: string): Promise<void> {
  for (const path of PAGES) fastify.get(path, { config: NEEDS }, (_request, reply) => show(folder, reply));
  fastify.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.url === OVERVIEW && wantsPage(request)) await show(folder, reply);
  });
  await fastify.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    decorateReply: false, // the document of the API has done so
    immutable: true,
    maxAge: FOREVER_MS,
    preCompressed: true,
  });
}
