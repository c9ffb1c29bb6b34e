import type pg from 'pg';

/** Below are the lock keys that are numbered by hand. */
const FIRST = 1_000;

/**
 * The lock key of whoever leads a projection: the same in every program that knows the name, whatever other projections it
 * has (FNV-1a over UTF-16 code units, of 30 bits).
 */
export function projectionLockKey(projection: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < projection.length; i++) sum = Math.imul(sum ^ projection.charCodeAt(i), 0x01000193);
  return FIRST + (sum >>> 2);
}

/** The lock key of whoever holds the tables against the log, a few rows at a time. */
export const DRIFT_MONITOR_LOCK_KEY = projectionLockKey('patrol of all tables');

/** The lock key of whoever rebuilds or verifies a projection: one at a time. */
export const rebuildLockKey = (projection: string): number => projectionLockKey(`rebuild of ${projection}`);

/** The number of the table of checkpoints: PostgreSQL calls it the class of a lock, and each key is a lock of its own in it. */
const CLASS_ID = `'ledger.checkpoints'::regclass::oid`;
/** The same, as the functions take it that lock. */
const LOCK_CLASS = `${CLASS_ID}::integer`;

/** Joins to `p.lock_key` the session that holds its lock in this database: `lead` the lock, `session` who that is. */
export const LOCK_HOLDER = `left join pg_locks lead on lead.locktype = 'advisory' and lead.granted and lead.objid::bigint = p.lock_key
         and lead.classid = ${CLASS_ID}
         and lead.database = (select oid from pg_database where datname = current_database())
    left join pg_stat_activity session on session.pid = lead.pid`;

/** Waits, until the transaction ends, for whoever makes, swaps or drops versions of a table. */
export const LOCK_VERSIONS = `select pg_advisory_xact_lock(${LOCK_CLASS}, 1)`;

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
