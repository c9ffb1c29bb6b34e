import { randomUUID } from 'node:crypto';
import { request, type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { eventually } from '../../support/eventually.js';
import { caller, type Answer } from '../../support/ledger/ledger.js';

export type { Answer };

/** A ledger as its callers know it: an address. */
export interface ServedLedger {
  readonly url: string;
  close(): Promise<void>;
}
/** Starts a ledger with these settings, on whatever event store is under test. */
export interface Start {
  (env?: Record<string, string>): Promise<ServedLedger>;
  /** Told of each that will be started, before the first is. */
  readonly expect?: (env: Record<string, string>) => void;
}
export type Call = ReturnType<typeof caller>;

/**
 * One ledger for all suites of a spec file that want the same settings: starting one takes longer than most of their tests.
 * It is closed with the last of them, for one that nobody asks looks for work all the same. Each test uses ids that nobody
 * else does (see {@link fresh}).
 */
export function shared(start: Start): Start {
  const [users, started] = [new Map<string, number>(), new Map<string, Promise<ServedLedger>>()];
  const add = (key: string, more: number): void => void users.set(key, (users.get(key) ?? 0) + more);
  const end = async (key: string): Promise<void> => {
    const served = started.get(key);
    started.delete(key);
    await (await served)?.close();
  };
  // Where only some tests are run, not all users come.
  afterAll(async () => {
    for (const key of started.keys()) await end(key);
  }, 30_000);
  const startShared = async (env: Record<string, string> = {}): Promise<ServedLedger> => {
    const key = JSON.stringify(env);
    const served = started.get(key) ?? start(env);
    started.set(key, served);
    const close = async (): Promise<void> => {
      add(key, -1);
      if (users.get(key) === 0) await end(key);
    };
    return { url: (await served).url, close };
  };
  return Object.assign(startShared, { expect: (env: Record<string, string>) => add(JSON.stringify(env), 1) });
}

/** A ledger for the tests of the enclosing `describe`. */
export function serving(start: Start, env: Record<string, string> = {}) {
  let served: ServedLedger;
  let talk: Call;
  start.expect?.(env);
  beforeAll(async () => {
    served = await start(env);
    talk = caller(served.url);
  }, 60_000);
  afterAll(() => served?.close(), 30_000);
  const call: Call = (...asked) => talk(...asked);
  return {
    call,
    get url() {
      return served.url;
    },
    get: (path: string, headers?: Record<string, string>) => call('GET', path, undefined, headers),
    post: (path: string, body?: unknown, headers?: Record<string, string>) => call('POST', path, body, headers),
    /** A fire-and-forget report. */
    tell: (execution_id: string, status?: string, more: object = {}) =>
      call('POST', '/workflow/executions/events', { execution_id, status, ...more }),
    /** A strict report. */
    say: (id: string, status: string, more: object = {}, headers?: Record<string, string>) =>
      call('POST', `/executions/${encodeURIComponent(id)}/status`, { status, ...more }, headers),
    /** Where too many read at once, asks again as the answer says. */
    show: async (id: string) =>
      (
        await eventually(
          () => call('GET', `/executions/${encodeURIComponent(id)}`),
          ({ status }) => status !== 503,
        )
      ).body,
    history: async (id: string) => (await call('GET', `/executions/${encodeURIComponent(id)}/events?limit=1000`)).body,
    refused: async (id: string) =>
      (await call('GET', `/executions/${encodeURIComponent(id)}/refused?limit=1000`)).body.events,
  };
}
export type Http = ReturnType<typeof serving>;

/** The path of an endpoint as a caller gives it: from the version of the API on, or else from the root. */
export const addressOf = (path: string): string =>
  path.startsWith('/api/v1') ? path.replace('/api/v1', '') : `//${path.slice(1)}`;

/** An id that nobody used before. */
export const fresh = (name = 'execution'): string => `${name}-${randomUUID()}`;

const OPEN = ['pending', 'queued', 'running', 'waiting', 'paused'];

/** A new execution that stands in a status: open or ended by its worker, unless `by` says otherwise. */
export async function standing(http: Http, status: string, by: 'worker' | 'watchdog' | 'operator' = 'worker') {
  const id = fresh(status);
  const told = await http.tell(id, by === 'operator' ? 'running' : status, by === 'watchdog' ? { inferred: true } : {});
  const { current } = by === 'operator' ? (await http.post(`/executions/${id}/cancel`)).body : told.body;
  expect(current).toMatchObject({ status, authority: OPEN.includes(status) ? null : by });
  return id;
}

/** As decimal strings positions come. */
export const POSITION = expect.stringMatching(/^\d+$/);

/** What every receipt says of what was applied; the rest is its endpoint's. */
export const appliedTo = (execution_id: string) => ({
  verdict: 'applied',
  applied: true,
  execution_id,
  position: POSITION,
});

/**
 * Every error answers as RFC 9457 says, tells what is wrong, and nothing of the server's inside
 * (docs/http-api.md, Problems).
 */
export function expectProblem(answer: Answer | Raw, status: number, type?: string) {
  const { text } = answer;
  expect({ status: answer.status, text }).toEqual({ status, text });
  const contentType =
    answer.headers instanceof Headers ? answer.headers.get('content-type') : answer.headers['content-type'];
  expect(contentType).toMatch(/^application\/problem\+json\b/);
  const problem = JSON.parse(text);
  expect(problem).toMatchObject({
    type: type === undefined ? expect.stringMatching(/^\/problems\/[a-z_]+$/) : `/problems/${type}`,
    title: expect.stringMatching(/./),
    status,
    detail: expect.stringMatching(/./),
  });
  expect(problem.error).toBe(problem.detail);
  expect(text).not.toMatch(
    /\bat \S+ \(|\.[jt]s:\d+|node_modules|\/src\/|\/dist\/|file:\/\/|\bselect \w|\binsert into|"stack"/i,
  );
  return problem;
}

/** No key, or a wrong one; after ten wrong ones of an address in a minute the next are told to wait. */
export function expectNoEntry(answer: Answer | Raw): void {
  if (answer.status === 429) return void expectProblem(answer, 429, 'too_many_requests');
  expectProblem(answer, 401, 'unauthorized');
  const { headers } = answer;
  expect(headers instanceof Headers ? headers.get('www-authenticate') : headers['www-authenticate']).toMatch(
    /^Bearer/i,
  );
}

export interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request exactly as given: `fetch` would tidy up paths, hosts and headers. `path` is the whole path. */
export function raw(
  url: string,
  asked: { method?: string; path: string; headers?: OutgoingHttpHeaders; body?: string | Buffer; agent?: Agent },
): Promise<Raw> {
  const { hostname, port } = new URL(url);
  const { method = 'GET', path, headers = {}, body, agent = false } = asked;
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The receipts of a line-wise answer. */
export const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
