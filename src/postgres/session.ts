import type pg from 'pg';
import { within } from '../closing.js';
import { StoreError } from '../errors.js';
import { Client } from './client.js';

/** The limits of a connection's every wait, ms. */
export interface SessionLimits {
  /** Of connecting. */
  readonly connectMs: number;
  /** Of one statement, and of the transaction around it. */
  readonly statementMs: number;
  /** Of waiting for a lock. */
  readonly lockMs: number;
}

/** Beyond the server's own limit: it was to answer by then, so the connection is dead. */
const GRACE_MS = 2_000;

/**
 * What every session of ours depends on, said anew on each connection: a database, a role or a server may have other
 * defaults, and startup options do not pass every pooler.
 */
function settingsOf({ statementMs, lockMs }: SessionLimits): Record<string, string> {
  return {
    default_transaction_isolation: 'read committed',
    default_transaction_read_only: 'off',
    statement_timeout: `${statementMs}`,
    transaction_timeout: `${statementMs}`,
    idle_in_transaction_session_timeout: `${statementMs}`,
    idle_session_timeout: '0',
    lock_timeout: `${lockMs}`,
    tcp_user_timeout: `${statementMs}`,
    tcp_keepalives_idle: '30',
    tcp_keepalives_interval: '10',
    tcp_keepalives_count: '3',
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    search_path: 'ledger',
  };
}

/** How long a server may take to say goodbye, in milliseconds. */
const END_MS = 1_000;
/** Less, so that a pool notices before each of its sessions does. */
const POOL_END_MS = 800;

/** A client whose end is its own: a server that stands still would never close its side, and keep the process for ever. */
class SessionClient extends Client {
  override end(callback?: (error: Error) => void): Promise<void> {
    const timer = setTimeout(() => cut(this), END_MS);
    this.once('end', () => clearTimeout(timer));
    if (!callback) return super.end().finally(() => clearTimeout(timer));
    return super.end(callback) as unknown as Promise<void>;
  }
}

/** Configuration of `pg` for a client. */
const clientConfig = (connectionString: string, limits: SessionLimits, name: string) => ({
  connectionString,
  application_name: `execution-ledger ${name}`,
  connectionTimeoutMillis: limits.connectMs,
  query_timeout: limits.statementMs + GRACE_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
});

/** Makes a fresh connection a session of ours. */
export async function prepareSession(client: pg.ClientBase, limits: SessionLimits, more = {}): Promise<void> {
  const settings = Object.entries({ ...settingsOf(limits), ...more });
  const calls = settings.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, false)`);
  await client.query(`select ${calls.join(', ')}`, settings.flat());
}

/** Connects, prepares, and drops the connection when either fails. */
export async function connectSession(
  connectionString: string,
  limits: SessionLimits,
  name: string,
  more = {},
): Promise<pg.Client> {
  const client = new SessionClient(clientConfig(connectionString, limits, name));
  client.on('error', () => undefined); // without a listener a lost idle connection would end the process
  try {
    await client.connect();
    await prepareSession(client, limits, more);
    return client;
  } catch (error) {
    dropSession(client);
    throw toUnavailable(error);
  }
}

/** Lets go of a connection at once, whatever it is doing. */
export function dropSession(client: pg.Client): void {
  client.end().catch(() => undefined);
  cut(client);
}

const cut = (client: pg.ClientBase): void =>
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();

/** The sessions of a pool, known so that all can be let go of, whatever they are doing. */
export class PooledSessions {
  private readonly sessions = new Set<pg.ClientBase>();

  /** Configuration of `pg` for a pool. */
  config(connectionString: string, limits: SessionLimits, name: string) {
    return {
      ...clientConfig(connectionString, limits, name),
      Client: SessionClient,
      onConnect: (client: pg.ClientBase): Promise<void> => {
        this.sessions.add(client);
        client.on('error', () => undefined); // the pool listens to idle ones alone: one lost in use would end the process
        client.once('end', () => this.sessions.delete(client));
        return prepareSession(client, limits);
      },
    };
  }

  /** Ends the pool: what is under way may end first, for a moment. @throws StoreError where sessions had to be cut off */
  async end(pool: () => Promise<unknown>): Promise<void> {
    const ended = pool();
    if (await within(ended, POOL_END_MS)) return;
    for (const session of this.sessions) cut(session);
    await within(ended, END_MS);
    throw new StoreError('unavailable', 'The database did not close its connections, which were cut off');
  }
}

/** What a connection that could not be had is told as: whatever failed on the way to the database, it cannot be used. */
export const toUnavailable = (cause: unknown): StoreError =>
  cause instanceof StoreError
    ? cause
    : new StoreError(
        'unavailable',
        `The database cannot be used: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`,
        { cause },
      );
