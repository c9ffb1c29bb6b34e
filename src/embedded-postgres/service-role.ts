import { createHmac } from 'node:crypto';
import type pg from 'pg';
import { inTransaction } from '../postgres/transaction.js';
import { SERVICE } from './cluster.js';
import { QUIET } from './server-log.js';

const LOCK = "pg_catalog.hashtextextended('execution-ledger service role', 0)";

/** Follows from the owner's, which does not follow from it: there is no second file to lose. */
export const servicePassword = (ownerPassword: string): string =>
  createHmac('sha256', ownerPassword).update(SERVICE).digest('base64url');

/** Makes sure that the role that serves is there, and has the password that follows from the owner's of today. */
export async function ensureServiceRole(client: pg.ClientBase, ownerPassword: string): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(`select pg_advisory_xact_lock(${LOCK})`);
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [SERVICE]);
    await client.query(
      `${rowCount === 0 ? 'create' : 'alter'} role ${SERVICE} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
         password '${servicePassword(ownerPassword)}'`,
    );
    await client.query(`alter role ${SERVICE} set ${QUIET}`);
  });
}
