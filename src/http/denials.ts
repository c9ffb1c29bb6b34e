import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Counter, type Registry } from 'prom-client';
import { Problem, type ProblemKind } from '../contract/problem.js';
import { Sparingly } from './sparingly.js';

/** Why a caller was turned away: the label of `ledger_denied_total`. */
export const REASONS = {
  no_key: 'unauthorized',
  unknown_key: 'unauthorized',
  ended_key: 'unauthorized',
  unsigned: 'unauthorized',
  scope: 'forbidden',
  confined: 'forbidden',
  foreign: 'forbidden',
  wrong_keys: 'too_many_requests',
  quota: 'too_many_requests',
} as const satisfies Record<string, ProblemKind>;
export type Reason = keyof typeof REASONS;

/** What is said of an answer whose reason nobody noted. */
const BY_STATUS: Readonly<Record<number, Reason>> = { 401: 'unsigned', 403: 'confined' };

/** How far apart the lines about one caller are, in milliseconds: whoever knocks for hours must not fill the log. */
const APART_MS = 60_000;
/** How many addresses are told apart at once; beyond it the one that has been quiet for longest is forgotten. */
const MOST_ADDRESSES = 10_000;
/** How many wrong keys of one address are answered as such in {@link APART_MS}. */
const WRONG_KEYS = 10;
/** The longest that an address is told to wait, in seconds. */
const LONGEST_WAIT_S = 60;

/** Who was turned away, and why: counted, and told in the log by key name or address, never with the key. */
export class Denials {
  private readonly logger = new Logger('http');
  private readonly reasons = new WeakMap<FastifyRequest, Reason>();
  private readonly count: Counter<'reason'>;
  private readonly told: Sparingly;
  private readonly wrong = new LRUCache<string, number>({ max: MOST_ADDRESSES, ttl: APART_MS });

  constructor(registry: Registry, clock?: () => number) {
    this.told = new Sparingly(APART_MS, clock);
    this.count = new Counter({
      name: 'ledger_denied_total',
      help: 'Requests that were turned away, by the reason: no key or a wrong one, a missing scope, an id outside, …',
      labelNames: ['reason'] as const,
      registers: [registry],
    });
    // An alert on a series that is not there never comes.
    for (const reason of Object.keys(REASONS) as Reason[]) this.count.inc({ reason }, 0);
  }

  /** The problem of a request that is turned away. */
  of(request: FastifyRequest, reason: Reason, detail: string, retryAfter?: number): Problem {
    this.reasons.set(request, reason);
    return Problem.of(REASONS[reason], detail, {}, retryAfter);
  }

  /**
   * The problem of a key that is not taken. After {@link WRONG_KEYS} of them from one address in a minute it is told to wait,
   * longer each time. Who has a right key is never asked: it may come through the same proxy.
   */
  ofKey(request: FastifyRequest, reason: 'unknown_key' | 'ended_key', detail: string): Problem {
    const tries = (this.wrong.get(request.ip) ?? 0) + 1;
    this.wrong.set(request.ip, tries);
    if (tries <= WRONG_KEYS) return this.of(request, reason, detail);
    this.reasons.set(request, 'wrong_keys');
    const waitS = Math.min(2 ** (tries - WRONG_KEYS - 1), LONGEST_WAIT_S);
    const text = `${tries} wrong keys came from this address within a minute; wait ${waitS} s, and check the key`;
    return Problem.of(REASONS.wrong_keys, text, {}, waitS);
  }

  /** Counts and tells every answer that turns somebody away. */
  observe(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', async (request: FastifyRequest & { apiKey?: { name: string } }, { statusCode }) => {
      const reason = this.reasons.get(request) ?? BY_STATUS[statusCode];
      if (reason === undefined) return;
      this.count.inc({ reason });
      this.tell(request, reason);
    });
  }

  private tell(request: FastifyRequest & { apiKey?: { name: string } }, reason: Reason): void {
    const who = request.apiKey ? { key: request.apiKey.name } : { address: request.ip };
    const told = this.told.next(`${Object.values(who).join()} ${reason}`);
    if (told === undefined) return;
    this.logger.warn({
      event: 'http.request_denied',
      reason,
      ...who,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      ...told,
    });
  }
}
