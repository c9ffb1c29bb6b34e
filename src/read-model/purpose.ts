/** Below are the purposes that are numbered by hand. */
const FIRST = 1_000;

/**
 * The purpose that whoever leads a projection holds its lock for: the same in every program that knows the name, whatever
 * other projections it has (FNV-1a over UTF-16 code units, of 30 bits).
 */
export function purposeOf(projection: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < projection.length; i++) sum = Math.imul(sum ^ projection.charCodeAt(i), 0x01000193);
  return FIRST + (sum >>> 2);
}

/** The purpose of whoever holds the tables against the log, a few rows at a time. */
export const PATROL_PURPOSE = purposeOf('patrol of all tables');

/** The purpose of whoever rebuilds or verifies a projection: one at a time. */
export const rebuildPurposeOf = (projection: string): number => purposeOf(`rebuild of ${projection}`);

/** Joins to `p.purpose` the session that holds its lock in this database: `lead` the lock, `session` who that is. */
export const HOLDER_OF_PURPOSE = `left join pg_locks lead on lead.locktype = 'advisory' and lead.granted and lead.objid::bigint = p.purpose
         and lead.classid = 'ledger.checkpoints'::regclass::oid
         and lead.database = (select oid from pg_database where datname = current_database())
    left join pg_stat_activity session on session.pid = lead.pid`;
