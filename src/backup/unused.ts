import type pg from 'pg';
import { BackupRefused } from './head.js';

const LEDGERS = `select application_name as name from pg_stat_activity
   where datname = current_database() and application_name like 'execution-ledger %'
     and application_name <> 'execution-ledger restore' limit 1`;

const LAST = `select position::text as position, to_char(recorded_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
    from ledger.events order by position desc limit 1`;

const FURTHEST =
  'select projection as name, position::text as position from ledger.checkpoints order by position desc limit 1';

interface FurthestPlace {
  readonly name?: string;
  readonly position: string;
  readonly at?: string;
}

/** @throws BackupRefused where the database holds anything that a restore would overwrite or mix with, or a ledger runs on it */
export async function refuseUsed(client: pg.ClientBase): Promise<void> {
  const first = async (table: string, query: string): Promise<FurthestPlace | undefined> => {
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
    return rows[0]!.there ? (await client.query<FurthestPlace>(query)).rows[0] : undefined;
  };
  const last = await first('ledger.events', LAST);
  if (last)
    throw new BackupRefused(
      `The database holds a log already, whose last event is at position ${last.position}, recorded at ${last.at}. No restore overwrites a log: name an empty database`,
    );
  const furthest = await first('ledger.checkpoints', FURTHEST);
  if (furthest && furthest.position !== '0')
    throw new BackupRefused(
      `The database holds the read model ${furthest.name} of another log, up to position ${furthest.position}: name an empty database`,
    );
  const { rows } = await client.query<{ name: string }>(LEDGERS);
  if (rows[0])
    throw new BackupRefused(`A ledger runs on the database (${rows[0].name}): stop it, restore, and start it again`);
}
