import ky, { HTTPError } from 'ky';
import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './openapi.js';

/** How often a request is sent, and how long is waited in between. Without a `Retry-After` the wait doubles, with jitter. */
export interface RetryOptions {
  /** How often a request is sent again after the first time; 4 where unset. */
  readonly limit?: number | undefined;
  /** The longest wait between two tries, in milliseconds; 10,000 where unset. A longer `Retry-After` is cut to it. */
  readonly maxDelayMs?: number | undefined;
  /** How long one try may take, in milliseconds; 35,000 where unset: longer than the longest long poll. */
  readonly timeoutMs?: number | undefined;
}

/** Where a ledger is, and how it is asked. */
export interface ConnectionOptions {
  /** The ledger's address; `http://127.0.0.1:8080` where unset. */
  readonly url?: string | undefined;
  /** An API key, where the ledger has them. */
  readonly key?: string | undefined;
  /** Sends the requests; the platform's own where unset. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly retry?: RetryOptions | undefined;
}

/** The API of a ledger, typed from its OpenAPI document: `connection.GET('/api/v1/executions/{id}', …)`. */
export type Connection = Client<paths>;

/** What says nothing about the request itself: the same request can be answered otherwise a moment later. */
const PASSING = [408, 429, 500, 502, 503, 504, 507];

/**
 * A client of a ledger. It sends again what got no answer or a passing one, and obeys `Retry-After`. That is safe where a
 * write carries its `event_id` or `command_id`: the ledger then answers a repetition with the first receipt.
 * Every other answer comes back as a value; what is thrown means that nobody answered.
 */
export function connect(options: ConnectionOptions = {}): Connection {
  const { url = 'http://127.0.0.1:8080', key, fetch, retry = {} } = options;
  const { limit = 4, maxDelayMs = 10_000, timeoutMs = 35_000 } = retry;
  const sender = ky.create({
    ...(fetch && { fetch }),
    timeout: timeoutMs,
    retry: {
      limit,
      methods: ['get', 'post'],
      statusCodes: PASSING,
      afterStatusCodes: PASSING,
      maxRetryAfter: maxDelayMs,
      backoffLimit: maxDelayMs,
      jitter: true,
      retryOnTimeout: true,
    },
  });
  return createClient<paths>({
    baseUrl: url.replace(/\/+$/, ''),
    headers: key ? { authorization: `Bearer ${key}` } : {},
    fetch: (request) =>
      sender(request).catch((error: unknown) => {
        // The retries are used up: the caller reads the last answer as he reads any other.
        if (error instanceof HTTPError) return error.response;
        throw error;
      }),
  });
}
