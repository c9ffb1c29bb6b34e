import type { FastifyInstance } from 'fastify';
import type { Redaction } from '../redaction/redaction.js';

/** What events keep of headers. */
const KEPT = ['x-actor-id', 'x-correlation-id', 'traceparent'] as const;
/** Headers that name the request. */
const NAMES = ['idempotency-key', 'x-github-delivery'] as const;

/** What a request says of itself in its headers holds no more of a secret than its body. */
export function registerRedaction(fastify: FastifyInstance, redaction: Redaction): void {
  if (redaction.isOff) return;
  fastify.addHook('preValidation', async ({ headers }) => {
    for (const name of NAMES) redaction.refuseId(name, String(headers[name] ?? ''));
    for (const name of KEPT)
      if (headers[name] !== undefined) headers[name] = await redaction.header(String(headers[name]));
  });
}
