import type { FastifyInstance } from 'fastify';
import { EVERY_OTHER } from '../quota.js';
import { traitsOf, type WithActor } from './access.js';
import { BulkBody } from './bulk-body.js';
import type { Denials } from './denials.js';

/** What is left of a quota; below nothing it is owed. */
interface Bucket {
  tokens: number;
  at: number;
}

/**
 * How many reports a second each name may send: a token bucket each, that holds what comes in a second. Whoever has one left is
 * let in, and pays for all that he brought: a body of many may be larger than the bucket, and what is owed is waited for after it.
 */
export class Quotas {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    /** Reports per second. */
    private readonly rates: ReadonlyMap<string, number>,
    /** Milliseconds, monotonic. */
    private readonly clock: () => number = () => performance.now(),
  ) {}

  rateOf(name: string): number | undefined {
    return this.rates.get(name) ?? this.rates.get(EVERY_OTHER);
  }

  /** Lets one report in, or answers in how many seconds there is room for it. */
  takeOne(name: string): number | undefined {
    const rate = this.rateOf(name);
    if (rate === undefined) return undefined;
    const bucket = this.bucketOf(name, rate);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / rate));
    bucket.tokens -= 1;
    return undefined;
  }

  /** Takes so many more of whoever was let in. */
  pay(name: string, reports: number): void {
    const rate = this.rateOf(name);
    if (rate !== undefined) this.bucketOf(name, rate).tokens -= reports;
  }

  private bucketOf(name: string, rate: number): Bucket {
    const now = this.clock();
    const most = Math.max(1, rate);
    const bucket = this.buckets.get(name) ?? { tokens: most, at: now };
    bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1_000) * rate);
    bucket.at = now;
    this.buckets.set(name, bucket);
    return bucket;
  }
}

/** Reports beyond the quota of their key are refused before their body is read; many at once count as many as they are. */
export function registerQuotas(fastify: FastifyInstance, quotas: Quotas, denials: Denials): void {
  fastify.addHook('onRequest', async (request: WithActor) => {
    const { actor } = request;
    if (traitsOf(request).scope !== 'report' || actor === undefined) return;
    const waitS = quotas.takeOne(actor);
    if (waitS === undefined) return;
    const quota = `the quota of ${actor} is ${quotas.rateOf(actor)} reports/s`;
    throw denials.of(
      request,
      'quota',
      `${quota}, and it is used up; nothing was read, send the same again in ${waitS} s`,
      waitS,
    );
  });
  fastify.addHook('preHandler', async ({ actor, body }: WithActor) => {
    if (actor !== undefined && body instanceof BulkBody) quotas.pay(actor, body.reports.length - 1);
  });
  // Of a delivery they are counted when it is read.
  fastify.addHook('onSend', async ({ actor, reports }: WithActor) => {
    if (actor !== undefined && reports !== undefined) quotas.pay(actor, Math.max(0, reports - 1));
  });
}
