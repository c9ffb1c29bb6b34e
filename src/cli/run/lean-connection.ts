import http, { type ClientRequestArgs, type IncomingMessage } from 'node:http';
import type { Connection } from '../../client/connection.js';
import type { LedgerAddress } from '../address.js';

/** What is asked for, as the typed client has it. */
interface RequestOptions {
  readonly params?: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
  };
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
}

const transportOf = async (protocol: string): Promise<Pick<typeof http, 'request'>> =>
  protocol === 'https:' ? import('node:https') : http;

function pathOf(template: string, { path = {}, query = {} }: NonNullable<RequestOptions['params']>): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name]!));
  const parameters = String(new URLSearchParams(query));
  return parameters === '' ? filled : `${filled}?${parameters}`;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The client's connection without its retries, over the platform's own HTTP: to load `fetch` and what repeats requests takes
 * longer than most commands that are run (docs/command-line.md has the figures). What is not answered is kept, and sent again.
 */
export function leanConnection({ url, key }: LedgerAddress, timeoutMs: number): Connection {
  const base = new URL(url);
  const headers = { accept: 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
  const ask =
    (method: string) =>
    async (template: string, { params = {}, body, signal }: RequestOptions = {}) => {
      const { request } = await transportOf(base.protocol);
      const signals = [AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])];
      const text = body === undefined ? undefined : JSON.stringify(body);
      const options: ClientRequestArgs = {
        method,
        signal: AbortSignal.any(signals),
        headers: { ...headers, ...(text !== undefined && { 'content-type': 'application/json' }) },
        path: base.pathname.replace(/\/$/, '') + pathOf(template, params),
      };
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        request(base, options, resolve).on('error', reject).end(text);
      });
      const value: unknown = JSON.parse(await textOf(answer));
      const response = { status: answer.statusCode! };
      return response.status < 300 ? { data: value, response } : { error: value, response };
    };
  return { GET: ask('GET'), POST: ask('POST') } as unknown as Connection;
}
