import type { FastifyInstance } from 'fastify';
import { invalid } from '../contract/problem.js';
import { type WithActor } from './access.js';
import { header } from './header.js';

/** A tag of ours in `If-Match`, weak or not: there is one form of an execution at a revision. */
const REVISION = /^(?:W\/)?"(\d{1,15})"$/;

/**
 * The revisions that `If-Match` names, one of which it has to be; none for `*`, which asks only that there is an execution,
 * as every endpoint that takes the header does. @throws Problem 400 for any other form.
 */
export function ifMatchOf(request: WithActor): readonly number[] | undefined {
  const value = header(request, 'if-match')?.trim();
  if (value === undefined || value === '*') return undefined;
  const revisions = value.split(',').map((tag) => REVISION.exec(tag.trim())?.[1]);
  if (revisions.includes(undefined))
    throw invalid('If-Match', 'expected revisions in double quotes, such as "7" or "7", "8", or *');
  return revisions.map(Number);
}

const TAGS = /(?:W\/)?("[^"]*")/g;

/** Whether the caller has what the tag stands for; compared weakly (RFC 9110 §13.1.2). */
function hasAlready(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const [, standing] = /^(?:W\/)?(.*)$/.exec(etag)!;
  return [...ifNoneMatch.matchAll(TAGS)].some(([, tag]) => tag === standing);
}

/** Answers a read with 304 where its caller has the answer already, by `If-None-Match` and the answer's `ETag`. */
export function registerConditions(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const [known, etag] = [request.headers['if-none-match'], reply.getHeader('etag')];
    const read = request.method === 'GET' || request.method === 'HEAD';
    if (
      !read ||
      reply.statusCode !== 200 ||
      known === undefined ||
      etag === undefined ||
      !hasAlready(known, String(etag))
    )
      return done(null, payload);
    void reply.code(304).removeHeader('content-type').removeHeader('content-length');
    done(null, request.method === 'HEAD' ? payload : null); // of a HEAD the framework tells the length, and sends nothing
  });
}
