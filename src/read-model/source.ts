import { DataSource } from 'typeorm';
import type { ReadQueue } from '../event-store/read-queue.js';
import { failedStatement } from '../postgres/failure.js';
import { PooledSessions, type SessionLimits } from '../postgres/session.js';
import type { Ask } from './postgres-projection-control.js';

export const LIMITS: SessionLimits = { connectMs: 2_000, statementMs: 30_000, lockMs: 5_000 };

/** Connections to the projected tables, and the queue before them. */
export interface Source {
  /** Makes a statement when it is its turn. @throws StoreError */
  readonly ask: Ask;
  /** Lets go of them. */
  end(): Promise<void>;
}

/** Connects. `name`: what the database's list of sessions calls them. */
export async function openSource(
  connectionString: string,
  name: string,
  connections: number,
  queue: ReadQueue,
): Promise<Source> {
  const sessions = new PooledSessions();
  const source = new DataSource({
    type: 'postgres',
    url: connectionString,
    poolSize: connections,
    extra: sessions.config(connectionString, LIMITS, name),
    poolErrorHandler: () => undefined, // a lost idle connection is replaced; it must not end the process
  });
  await source.initialize();
  const ask: Ask = async <R>(text: string, values: readonly unknown[]) => {
    try {
      return await queue(() => source.query<R[]>(text, [...values]));
    } catch (error) {
      throw failedStatement(error);
    }
  };
  return { ask, end: () => sessions.end(() => source.destroy()) };
}
