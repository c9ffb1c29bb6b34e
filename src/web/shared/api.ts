import { QueryCache, QueryClient } from '@tanstack/react-query';
import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '../../client/openapi.js';
import { learnClock } from './moment.js';

/** What the ledger answered instead of what was asked for (RFC 9457; docs/http-api.md, Problems). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(typeof body['detail'] === 'string' ? body['detail'] : `The ledger answered ${status}.`);
    this.name = 'ApiProblem';
  }
}

/** Nothing was answered: the ledger is not there, or the way to it is not. */
export class Unreachable extends Error {
  constructor() {
    super('The ledger cannot be reached.');
    this.name = 'Unreachable';
  }
}

const sentAt = new WeakMap<Request, number>();
const clock: Middleware = {
  onRequest: ({ request }) => void sentAt.set(request, Date.now()),
  onResponse: ({ request, response }) => learnClock(response, sentAt.get(request)!),
};

/** The ledger's API by its own document; a session's cookie goes along by itself. */
export const client = createClient<paths>({ baseUrl: location.origin });
client.use(clock);

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** What was answered. @throws ApiProblem for any other answer, Unreachable where there is none */
export async function answered<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch(() => {
    throw new Unreachable();
  });
  if (response.ok) return data as T;
  const body = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  throw new ApiProblem(response.status, body);
}

const MOST_TRIES = 3;
/** Whether asking again may help: not where the ledger said what is wrong with the question. */
const mayHelp = (error: Error): boolean => !(error instanceof ApiProblem) || error.status >= 500;

let onUnauthorized = (): void => undefined;
/** Has the page ask who is there when a session is over. */
export const whenUnauthorized = (act: () => void): void => void (onUnauthorized = act);

export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 1_000, retry: (count, error) => count < MOST_TRIES && mayHelp(error) },
    mutations: { retry: false },
  },
  queryCache: new QueryCache({
    // Who finds out that nobody is signed in by asking for the session knows it, and would be asked to ask again for ever.
    onError: (error, { queryKey }) =>
      void (error instanceof ApiProblem && error.status === 401 && queryKey[0] !== 'session' && onUnauthorized()),
  }),
});
