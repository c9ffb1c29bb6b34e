import type pg from 'pg';
import { connectSession, dropSession } from '../postgres/session.js';

/** A large log takes its hours; a vanished machine is noticed by the connection. */
const LIMITS = { connectMs: 10_000, statementMs: 24 * 3_600_000, lockMs: 10_000 };
const SETTINGS = { tcp_user_timeout: '60000', max_parallel_workers_per_gather: '0' };

/**
 * Works on a connection of its own, which is let go of at the end, whatever is unread or waited for.
 * @throws what `signal` was aborted with, at once
 */
export async function onConnection<T>(
  connectionString: string,
  who: 'backup' | 'restore',
  work: (client: pg.Client) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const client = await connectSession(connectionString, LIMITS, who, SETTINGS);
  const cut = (): void => dropSession(client);
  signal?.addEventListener('abort', cut, { once: true });
  try {
    signal?.throwIfAborted();
    return await work(client);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', cut);
    cut();
  }
}
