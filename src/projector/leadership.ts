import type pg from 'pg';

/** The purposes that followers lead for; each has a lock of its own. */
const KEYED_BY = `'ledger.checkpoints'::regclass::oid::integer`;

/**
 * Tries to lead for a purpose on this connection. A session lock: the lead is held as long as the connection lives, and
 * ends with it, however that comes about.
 */
export async function tryToLead(client: pg.ClientBase, purpose: number): Promise<boolean> {
  const { rows } = await client.query<{ leads: boolean }>(`select pg_try_advisory_lock(${KEYED_BY}, $1) as leads`, [
    purpose,
  ]);
  return rows[0]!.leads;
}
