import { parse, serialize } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_S } from '../api-keys/sessions.js';
import { header } from './header.js';

const NAME = 'ledger_session';

/** The token of the session that a request came with. */
export const tokenIn = ({ headers }: FastifyRequest): string | undefined => parse(headers.cookie ?? '')[NAME];

/**
 * Has the browser keep the token of a session, or forget it. No script reads it, no other site has it sent along, and where
 * the ledger is asked over TLS it goes over nothing else.
 */
export function setToken({ protocol }: FastifyRequest, reply: FastifyReply, token: string | undefined): void {
  const kept = token === undefined ? { maxAge: 0 } : { maxAge: SESSION_S };
  const secure = protocol === 'https';
  const options = { ...kept, path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  void reply.header('set-cookie', serialize(NAME, token ?? '', options));
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
