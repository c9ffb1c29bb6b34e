import type { QueryResult } from 'pg';
import { StoreError } from '../../errors.js';
import type { StoreClock } from '../store-clock.js';
import { connectSession, toUnavailable, type SessionLimits } from '../../postgres/session.js';

/** A connection, as far as the checks go. */
export interface CheckedSession {
  query(text: string): Promise<Pick<QueryResult<Record<string, string>>, 'rows'>>;
}

const OLDEST = 170_000;
const refuse = (message: string): StoreError => new StoreError('unavailable', message);

async function checkServer(asked: CheckedSession, requireDurability: boolean): Promise<void> {
  const { rows } = await asked.query(
    `select current_setting('server_version') as version, current_setting('server_version_num') as number,
            pg_is_in_recovery()::text as standby, current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as commit, current_setting('server_encoding') as encoding`,
  );
  const { version, number, standby, fsync, commit, encoding } = rows[0]!;
  if (Number(number) < OLDEST)
    throw refuse(`PostgreSQL ${version} is too old: the ledger needs 17 or newer. Upgrade the server.`);
  if (standby === 'true')
    throw refuse('This PostgreSQL server is a standby and takes no writes: connect to the primary.');
  if (encoding !== 'UTF8') {
    throw refuse(
      `The database's encoding is ${encoding}, which cannot hold every text: create it with ENCODING 'UTF8'.`,
    );
  }
  if (!requireDurability) return;
  if (fsync === 'off')
    throw refuse('fsync is off: a crash would lose what was acknowledged. Set fsync = on and restart PostgreSQL.');
  if (commit === 'off') {
    throw refuse(
      'synchronous_commit is off: a crash would lose what was acknowledged. Set synchronous_commit = on for this database.',
    );
  }
}

/** While `other` is inside a transaction, a pooler in transaction mode has to give `asked` another server connection. */
async function checkSession(asked: CheckedSession, other: CheckedSession): Promise<void> {
  await asked.query(`select set_config('ledger.session', 'kept', false)`);
  await other.query('begin');
  await other.query('select 1');
  const { rows } = await asked.query(`select current_setting('ledger.session', true) as kept`);
  await other.query('rollback');
  if (rows[0]?.['kept'] === 'kept') return;
  throw refuse(
    'Session state does not survive between statements: there is a pooler in transaction mode (PgBouncer, for one) before ' +
      'PostgreSQL. Connect directly, or set pool_mode = session.',
  );
}

/** What must hold before the ledger relies on a server. @throws StoreError `unavailable`, saying what to do. */
export async function checkStart(
  asked: CheckedSession,
  other: CheckedSession,
  requireDurability: boolean,
): Promise<void> {
  await checkServer(asked, requireDurability);
  await checkSession(asked, other);
}

/** What the database's clock says, before anything is compared with what it stamped. */
async function readClock(asked: CheckedSession, clock: StoreClock): Promise<void> {
  const sent = clock.own();
  const { rows } = await asked.query('select extract(epoch from clock_timestamp()) * 1000 as ms');
  clock.learn(Number(rows[0]!['ms']), sent);
}

/** {@link checkStart} on two connections of its own; of a server that is fit for it, the clock is learned as well. */
export async function checkDatabase(
  connectionString: string,
  limits: SessionLimits,
  requireDurability: boolean,
  clock: StoreClock,
): Promise<void> {
  const open = (): ReturnType<typeof connectSession> => connectSession(connectionString, limits, 'start check');
  const asked = await open();
  try {
    const other = await open();
    await checkStart(asked, other, requireDurability).finally(() => other.end());
    await readClock(asked, clock);
  } catch (error) {
    throw toUnavailable(error);
  } finally {
    await asked.end();
  }
}
