import autocannon from 'autocannon';
import { randomUUID } from 'node:crypto';
import type { Asked } from '../crowd.js';
import type { Scale } from '../load.js';

/** Per connection: how many executions it reports on in turn, and how many different reports it has for each. */
const EXECUTIONS = 25;
const ROUNDS = 8;

/** What a load generator saw. */
export interface Seen {
  /** Answers per second. */
  readonly rate: number;
  /** Answers. */
  readonly total: number;
  /** Milliseconds. */
  readonly p99: number;
}

/** Those of an API key, where the ledger has keys. */
type Headers = Readonly<Record<string, string>>;

interface Endpoint {
  readonly path: (execution: string) => string;
  readonly body: (execution: string, round: number) => object;
}

const json = { 'content-type': 'application/json' };

/** Reports on each of these executions in turn, so many times. */
function reports({ path, body }: Endpoint, executions: readonly string[]): Asked[] {
  const round = (n: number): Asked[] => executions.map((one) => ({ path: path(one), body: body(one, n) }));
  return Array.from({ length: ROUNDS }, (_, n) => round(n)).flat();
}

/** All requests of a connection, built beforehand: a generator that writes JSON would take the ledger's processor. */
function requests(endpoint: Endpoint, executions: readonly string[], key: Headers): autocannon.Request[] {
  return reports(endpoint, executions).map(({ path, body }) => ({
    method: 'POST',
    path,
    headers: { ...json, ...key },
    body: JSON.stringify(body),
  }));
}

/** @throws Error when anything but a 2xx was answered: then it was not the endpoint that was measured. */
async function run(
  url: string,
  seconds: number,
  endpoint: Endpoint,
  byConnection: readonly string[][],
  key: Headers = {},
): Promise<Seen> {
  const lists = byConnection.map((executions) => requests(endpoint, executions, key));
  const result = await autocannon({
    url,
    connections: lists.length,
    duration: seconds,
    setupClient: (client) => client.setRequests(lists.pop()!),
  });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${result.non2xx} answers were not 2xx, ${result.errors} requests failed: ${url}`);
  return { rate: result.requests.average, total: result.requests.total, p99: result.latency.p99 };
}

/** Ids of executions that nothing has been reported of, for each connection. */
export const fresh = (connections: number) =>
  Array.from({ length: connections }, () => Array.from({ length: EXECUTIONS }, () => `bench-${randomUUID()}`));

/** News of its own in every round, so that each report is applied. */
const news = (round: number) => ({ status: 'running', progress: round, message: `round ${round}` });

const events: Endpoint = {
  path: () => '/api/v1/workflow/executions/events',
  body: (execution_id, round) => ({ execution_id, ...news(round) }),
};
const status: Endpoint = {
  path: (execution) => `/api/v1/executions/${execution}/status`,
  body: (_, round) => news(round),
};

/** Registers executions of each connection, for the strict endpoint knows only those that exist. */
export async function registered(url: string, connections: number, key: Headers = {}): Promise<string[][]> {
  const ids = fresh(connections);
  const body = ids
    .flat()
    .map((execution_id) => JSON.stringify({ execution_id, status: 'pending' }))
    .join('\n');
  const answer = await fetch(`${url}/api/v1/reports`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-ndjson', ...key },
  });
  if (!answer.ok) throw new Error(`registering was answered with ${answer.status}: ${await answer.text()}`);
  await answer.text();
  return ids;
}

/** What is asked at the strict endpoint about these executions. */
export const strictReports = (executions: readonly string[]): Asked[] => reports(status, executions);

/** Reports on executions that the server knows, each told its verdict. */
export const strictOn = (
  url: string,
  byConnection: readonly string[][],
  { seconds }: Scale,
  key?: Headers,
): Promise<Seen> => run(url, seconds, status, byConnection, key);

/** The same on executions that are registered first. */
export const strict = async (url: string, connections: number, scale: Scale, key?: Headers): Promise<Seen> =>
  strictOn(url, await registered(url, connections, key), scale, key);

/** Reports that open their executions and then make progress. */
export const fireAndForgetOn = (url: string, byConnection: readonly string[][], { seconds }: Scale): Promise<Seen> =>
  run(url, seconds, events, byConnection);

/** Lets the program compile what it will be measured at. */
export async function warmUp(url: string, connections: number, key?: Headers): Promise<void> {
  await run(url, 2, events, fresh(connections), key);
  await run(url, 2, status, await registered(url, connections, key), key);
}

/** One producer that goes on reporting on a finished execution, as fast as it is answered. */
export function refusedLoop(url: string): { stop: () => void; rate: () => Promise<number> } {
  const execution_id = `bench-${randomUUID()}`;
  const send = (word: string) =>
    fetch(`${url}/api/v1/workflow/executions/events`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ execution_id, status: word }),
    });
  let on = true;
  const started = performance.now();
  const looping = (async () => {
    await send('succeeded').then((answer) => answer.text());
    let refused = 0;
    for (; on; refused += 1) await send('running').then((answer) => answer.text());
    return refused / ((performance.now() - started) / 1_000);
  })();
  return { stop: () => void (on = false), rate: () => looping };
}
