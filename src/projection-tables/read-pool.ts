import type pg from 'pg';
import type { ReadQueue } from '../event-store/read-queue.js';
import { failedStatement } from '../postgres/failure.js';
import { openPool } from '../postgres/pool.js';
import type { SessionLimits } from '../postgres/session.js';

export const LIMITS: SessionLimits = { connectMs: 2_000, statementMs: 30_000, lockMs: 5_000 };

/** Runs a statement on a connection to the tables. */
export type RunQuery = <R>(text: string, values: readonly unknown[]) => Promise<R[]>;

/** Has a session to itself while something runs. */
export type RunInSession = <T>(run: (session: pg.ClientBase) => Promise<T>) => Promise<T>;

/** Connections to the projected tables, and the queue before them. */
export interface ReadPool {
  /** Makes a statement when it is its turn. @throws StoreError */
  readonly query: RunQuery;
  /** Runs something on one connection when it is its turn. @throws StoreError, and what `run` throws that is not the database's */
  readonly inSession: RunInSession;
  /** Lets go of them. */
  end(): Promise<void>;
}

/** As {@link openPool}, each when it is its turn. */
export function openReadPool(connectionString: string, name: string, connections: number, queue: ReadQueue): ReadPool {
  const { pool, end } = openPool(connectionString, LIMITS, name, connections);
  const inTurn: ReadQueue = (work) =>
    queue(work).catch((error: unknown) => {
      throw failedStatement(error);
    });
  const query: RunQuery = <R>(text: string, values: readonly unknown[]) =>
    inTurn(async () => (await pool.query(text, [...values])).rows as R[]);
  const inSession: RunInSession = (run) =>
    inTurn(async () => {
      const session = await pool.connect();
      try {
        const result = await run(session);
        session.release();
        return result;
      } catch (error) {
        session.release(true); // a statement that timed out, or a transaction that did not end, would be the next one's
        throw error;
      }
    });
  return { query, inSession, end };
}
