import type { ReadQueue } from '../event-store/read-queue.js';
import { failedStatement } from '../postgres/failure.js';
import { openPool } from '../postgres/pool.js';
import type { SessionLimits } from '../postgres/session.js';
import type { RunQuery } from './postgres-projection-control.js';

export const LIMITS: SessionLimits = { connectMs: 2_000, statementMs: 30_000, lockMs: 5_000 };

/** Connections to the projected tables, and the queue before them. */
export interface ReadPool {
  /** Makes a statement when it is its turn. @throws StoreError */
  readonly query: RunQuery;
  /** Lets go of them. */
  end(): Promise<void>;
}

/** Connects. `name`: what the database's list of sessions calls them. */
export async function openReadPool(
  connectionString: string,
  name: string,
  connections: number,
  queue: ReadQueue,
): Promise<ReadPool> {
  const { pool, end } = openPool(connectionString, LIMITS, name, connections);
  const first = await pool.connect().catch(async (error: unknown) => {
    await end();
    throw error;
  });
  first.release();
  const query: RunQuery = async <R>(text: string, values: readonly unknown[]) => {
    try {
      return await queue(async () => (await pool.query(text, [...values])).rows as R[]);
    } catch (error) {
      throw failedStatement(error);
    }
  };
  return { query, end };
}
