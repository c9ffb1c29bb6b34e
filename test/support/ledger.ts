import { ConsoleLogger } from '@nestjs/common';
import { loadConfig } from '../../src/config.js';
import { startLedger, type Ledger } from '../../src/ledger.js';
import type { Tuning } from '../../src/open-event-store.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';

/** A whole ledger on a database of its own, and a way to talk to it as a producer would. */
export interface TestLedger {
  readonly url: string;
  readonly ledger: Ledger;
  readonly database: TestDatabase;
  /** Sends JSON (or, given a string, that text) to a door of the API; the answer's body is parsed where it is JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // The wire is what is under test: its shapes are asserted, not assumed.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** Speaks to a server at `url`; paths are below `/api/v1` unless they start with two slashes. */
export const caller =
  (url: string): TestLedger['call'] =>
  async (method, path, body, headers = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const target = path.startsWith('//') ? path.slice(1) : `/api/v1${path}`;
    const type = text === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(url + target, {
      method,
      headers: { ...type, ...headers },
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text: answer,
      body: isJson ? JSON.parse(answer) : answer,
    };
  };

/** Starts a ledger; `env` as the program would read it. `on` shares another's database. */
export async function startTestLedger(
  env: Record<string, string> = {},
  on?: TestDatabase,
  tuning: Partial<Tuning> = {},
): Promise<TestLedger> {
  const database = on ?? (await createTestDatabase());
  const config = loadConfig({ PORT: '0', ...env });
  const logger = new ConsoleLogger({ logLevels: ['fatal'] });
  const given = { requireDurability: false, ...tuning };
  const ledger = await startLedger(config, database.connectionString, logger, given);
  const close = async (): Promise<void> => {
    await ledger.close();
    if (!on) await database.drop();
  };
  return { url: ledger.url, ledger, database, call: caller(ledger.url), close };
}

/** A ledger for the tests of the enclosing block. */
export function usingLedger(env: Record<string, string> = {}): Omit<TestLedger, 'close'> {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await startTestLedger(env);
  }, 30_000);
  afterAll(() => ledger.close(), 30_000);
  return {
    get url() {
      return ledger.url;
    },
    get ledger() {
      return ledger.ledger;
    },
    get database() {
      return ledger.database;
    },
    call: (...asked) => ledger.call(...asked),
  };
}
