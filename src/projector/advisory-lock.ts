import type pg from 'pg';

/** The class of the locks: each key is a lock of its own in it. */
const LOCK_CLASS = `'ledger.checkpoints'::regclass::oid::integer`;

/**
 * Tries to take the lock of a key on this connection. A session lock: the lead is held as long as the connection lives, and
 * ends with it, however that comes about.
 */
export async function tryAcquireLock(client: pg.ClientBase, lockKey: number): Promise<boolean> {
  const { rows } = await client.query<{ leads: boolean }>(`select pg_try_advisory_lock(${LOCK_CLASS}, $1) as leads`, [
    lockKey,
  ]);
  return rows[0]!.leads;
}

/** Tries to take the lock of a key until this connection's transaction ends. */
export async function tryAcquireLockInTransaction(client: pg.ClientBase, lockKey: number): Promise<boolean> {
  const text = `select pg_try_advisory_xact_lock(${LOCK_CLASS}, $1) as taken`;
  const { rows } = await client.query<{ taken: boolean }>(text, [lockKey]);
  return rows[0]!.taken;
}
