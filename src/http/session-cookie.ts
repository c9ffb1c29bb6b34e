import { parse, serialize } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_S } from '../api-keys/sessions.js';
import { header } from './header.js';

/** The name of the cookie. With the prefix a browser takes it from this host alone, and over TLS (RFC 6265bis, §4.1.3.2). */
const nameOf = (isSecure: boolean): string => (isSecure ? '__Host-ledger_session' : 'ledger_session');
const isSecure = ({ protocol }: FastifyRequest): boolean => protocol === 'https';

/** The token of the session that a request came with. */
export const tokenIn = (request: FastifyRequest): string | undefined =>
  parse(request.headers.cookie ?? '')[nameOf(isSecure(request))];

/**
 * Has the browser keep the token of a session, or forget it. No script reads it, no other site has it sent along, and where
 * the ledger is asked over TLS it goes over nothing else.
 */
export function setToken(request: FastifyRequest, reply: FastifyReply, token: string | undefined): void {
  const kept = token === undefined ? { maxAge: 0 } : { maxAge: SESSION_S };
  const secure = isSecure(request);
  const options = { ...kept, path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  void reply.header('set-cookie', serialize(nameOf(secure), token ?? '', options));
}

/**
 * Whether a page of the ledger's own sent a request. A browser says so itself; an older one names the page that it is of, and
 * what says neither is no page.
 */
export function isFromOwnPage(request: FastifyRequest): boolean {
  const site = header(request, 'sec-fetch-site');
  const origin = header(request, 'origin');
  if (site !== undefined) return site === 'same-origin';
  return origin?.replace(/^https?:\/\//i, '').toLowerCase() === request.host.toLowerCase();
}
