import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseJson, stringifyJson } from '../../encoding/json.js';
import type { LedgerAddress } from '../address.js';
import { EXIT, CommandError } from '../exit-codes.js';
import { tell } from '../terminal.js';

/** How often a request is sent while the ledger answers 503, and the longest it is waited for in between, in milliseconds. */
const TRIES = 5;
const LONGEST_WAIT_MS = 10_000;
/** How long an answer is waited for, in milliseconds: longer than the longest long poll. */
const PATIENCE_MS = 60_000;

/** Parameters of an address; of an array each member is one. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Nobody answered. A ledger that restarts can be asked again. */
export class NoAnswer extends CommandError {}

/** The ledger refused a request: the line is its `detail`, and programs get the whole problem. */
export class RequestRefused extends CommandError {
  constructor(
    exit: typeof EXIT.failed | typeof EXIT.usage,
    message: string,
    readonly problem: unknown,
  ) {
    super(exit, message);
  }
}

/** What was thrown instead of an answer, in a word: `ECONNREFUSED`. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `nothing within ${PATIENCE_MS / 1_000} s`;
  return cause?.code ?? cause?.message ?? 'no connection';
}

function queryOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? (value as string[]) : [value])
      if (one !== undefined) parameters.append(name, String(one));
  return parameters.size > 0 ? `?${parameters}` : '';
}

/** How long a busy ledger asks to be left alone. */
function waitOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 1);
  return Math.min(LONGEST_WAIT_MS, Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : 1_000);
}

/** Asks a ledger over HTTP, as any program would. Every refusal is one line for the person who asked. */
export class LedgerCaller {
  private readonly base: string;
  private readonly headers: Headers;

  constructor({ url, key }: LedgerAddress) {
    this.base = url;
    this.headers = new Headers({ accept: 'application/json', ...(key && { authorization: `Bearer ${key}` }) });
  }

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.ask('GET', path + queryOf(query));
  }

  /** Sent under an id: where an answer is lost and the request is sent again, it is decided once. */
  post<T>(path: string, body: object): Promise<T> {
    return this.ask('POST', path, stringifyJson(body));
  }

  private async ask<T>(method: string, path: string, body?: string): Promise<T> {
    const headers = new Headers(this.headers);
    if (body !== undefined) headers.set('content-type', 'application/json');
    if (body !== undefined) headers.set('idempotency-key', randomUUID());
    const request = { method, headers, ...(body !== undefined && { body }) };
    for (let left = TRIES - 1; ; left--) {
      const { response, text } = await this.send(`${this.base}/api/v1${path}`, request);
      if (response.status !== 503 || left === 0) return this.read<T>(response, text);
      const wait = waitOf(response);
      tell(process.stderr, `execution-ledger: the ledger cannot answer now (503); asked again in ${wait / 1_000} s`);
      await pause(wait);
    }
  }

  private async send(url: string, request: RequestInit): Promise<{ response: Response; text: string }> {
    try {
      const response = await fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
      return { response, text: await response.text() };
    } catch (error) {
      const what = `no ledger answers at ${this.base}: start one with npm start, or set LEDGER_URL (${reasonOf(error)})`;
      throw new NoAnswer(EXIT.failed, what);
    }
  }

  private read<T>(response: Response, text: string): T {
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    const value = isJson ? (parseJson(text) as { readonly detail?: string } | null) : null;
    if (value === null)
      throw new CommandError(
        EXIT.failed,
        `what answers at ${this.base} is no ledger: HTTP ${response.status} without JSON; set LEDGER_URL`,
      );
    if (response.ok) return value as T;
    const hint = response.status === 401 ? '; set LEDGER_KEY, or give --key' : '';
    const exit = response.status === 400 ? EXIT.usage : EXIT.failed;
    throw new RequestRefused(exit, `${value.detail ?? `the ledger answered HTTP ${response.status}`}${hint}`, value);
  }
}
