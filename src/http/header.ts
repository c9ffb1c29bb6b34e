import type { FastifyRequest } from 'fastify';

/** A header that came once. */
export function header({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}
