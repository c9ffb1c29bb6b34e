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

/** Joins to `p.lock_key` the session that holds its lock in this database: `lead` the lock, `session` who that is. */
export const LOCK_HOLDER = `left join pg_locks lead on lead.locktype = 'advisory' and lead.granted and lead.objid::bigint = p.lock_key
         and lead.classid = 'ledger.checkpoints'::regclass::oid
         and lead.database = (select oid from pg_database where datname = current_database())
    left join pg_stat_activity session on session.pid = lead.pid`;
