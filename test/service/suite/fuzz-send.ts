import { Agent, request, type IncomingMessage } from 'node:http';
import { text as textIn } from 'node:stream/consumers';
import type { FuzzRequest } from './fuzz-requests.js';
import { textOf } from './fuzz-values.js';

/** After so long nobody waits any more. */
const PATIENCE_MS = 30_000;
/** More of a query would be turned away as too long a line, unread. */
const LONGEST_PARAMETER = 2_000;
const agent = new Agent({ keepAlive: true });

/** What came of a request, and after how long. */
export interface Told {
  readonly status: number;
  readonly answer: string;
  readonly ms: number;
}

/** Where a request goes. A read that is asked to wait does, which is nobody's fault: none of these is. */
function addressOf(url: string, { endpoint: { path, method }, name, query }: FuzzRequest): URL {
  const address = new URL(url + path.replace(/\{[^}]+\}/, encodeURIComponent(Buffer.from(name).toString())));
  if (method !== 'GET') return address;
  for (const [key, value] of query) {
    const text = typeof value === 'string' ? value : (textOf(value) ?? '');
    address.searchParams.append(key, text.slice(0, LONGEST_PARAMETER));
  }
  const wait = address.searchParams.get('wait_ms');
  if (wait === null || /^[0-9]+$/.test(wait)) address.searchParams.set('wait_ms', '0');
  return address;
}

function bodyOf({ endpoint: { path, method }, body }: FuzzRequest): string | undefined {
  if (method === 'GET') return undefined;
  const list = path.endsWith('/reports') && !Array.isArray(body);
  return textOf(list ? [{ execution_id: 'fuzz-many', ...(body as object) }] : body);
}

/** The answer; of one that never ends its first bytes. */
async function read(response: IncomingMessage): Promise<string> {
  if (response.headers['content-type']?.startsWith('text/event-stream') !== true) return textIn(response);
  for await (const first of response) return String(first); // leaving the loop hangs up
  return '';
}

/** Sends a request, over a connection that stays. @throws where there was no answer */
export function send(url: string, asked: FuzzRequest): Promise<Told> {
  const body = bodyOf(asked);
  const type =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const { method } = asked.endpoint;
    const sent = request(
      addressOf(url, asked),
      { method, agent, headers: { ...type, ...asked.headers }, signal: AbortSignal.timeout(PATIENCE_MS) },
      (response) => {
        const status = response.statusCode!;
        read(response).then((answer) => resolve({ status, answer, ms: performance.now() - began }), reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Closes the connections. */
export const hangUp = (): void => agent.destroy();
