import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Projection } from '../../projections/projection.js';
import { migrate, type MigrationClass } from '../postgres/migrate.js';
import { roleOf, shareOut } from '../postgres/rights.js';
import { whileVersionsStand } from '../projection-tables/versions.js';
import { onConnection } from './connect.js';
import { type Backup, BackupRefused, type BackupHead, type BackupTable } from './head.js';
import { readBackup } from './read-backup.js';
import { finish, madeAnew, makeBare, projectionOf } from './restore-projections.js';
import { KEPT_ROWS } from './tables.js';
import type { Step } from './take-backup.js';
import { refuseUsed } from './unused.js';

export interface RestoreOptions {
  /** The database as the role that serves reaches it. */
  readonly url: string;
  /** The same as the role that owns the log, where that is another. */
  readonly ownerUrl?: string | undefined;
  readonly migrations: readonly MigrationClass[];
  readonly projections: readonly Projection[];
  readonly file: string;
  readonly step: Step;
  readonly signal?: AbortSignal | undefined;
}

/** A backup that is in the database now. */
export interface RestoreResult extends Backup {
  /** The projections that the next start makes anew from the log. */
  readonly madeAnew: readonly string[];
}

/** @throws BackupRefused where a newer program wrote it, whose tables this one does not know */
function refuseNewer(file: string, head: BackupHead, migrations: readonly MigrationClass[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = head.migrations.filter((name) => !known.has(name));
  const tables = head.tables.filter(({ name, projection }) => !projection && !(name in KEPT_ROWS));
  if (unknown.length + tables.length === 0) return;
  const what = [...unknown, ...tables.map(({ name }) => `the table ${name}`)].join(', ');
  throw new BackupRefused(
    `${file} is of a newer program: it has ${what}, which this program does not know; restore it with that program`,
  );
}

/** Reads a whole backup before anything is written. @throws BackupRefused where it cannot be restored */
export const checkBackup = ({ file, migrations, step, signal }: Omit<RestoreOptions, 'url'>): Promise<Backup> =>
  readBackup(file, step('checking'), async (_, __, head) => refuseNewer(file, head, migrations), signal);

async function load(client: pg.ClientBase, { name, columns }: BackupTable, rows: AsyncIterable<Buffer>): Promise<void> {
  const copy = client.query(copyFrom(`copy ledger.${name} (${columns.join(', ')}) from stdin`));
  await pipeline(Readable.from(rows), copy);
}

/** Loads a checked backup; a transaction is around it, which is rolled back where the file is another one by now. */
async function loadAll(client: pg.ClientBase, options: RestoreOptions): Promise<Backup> {
  const { file, projections, migrations, step, signal } = options;
  let isBare = false;
  const backup = await readBackup(
    file,
    step('restoring'),
    async (table, rows, head) => {
      refuseNewer(file, head, migrations);
      if (!isBare) await makeBare(client, head, projections);
      isBare = true;
      if (!table.projection || projectionOf(table, projections)) await load(client, table, rows);
    },
    signal,
  );
  step('indexing')(0, 1);
  await finish(client, backup.head, projections);
  await client.query('analyze ledger.events');
  return backup;
}

/**
 * Restores a {@link checkBackup checked} backup into a database that holds no ledger, or one that nothing was ever written to:
 * all of it or nothing; a file that is another one by now is found out, and rolled back.
 * The tables are made as this program has them, so that a backup of an older one is brought up to date.
 * @throws BackupRefused where the file cannot be restored or the database is used; StoreError where it cannot be reached
 */
export const restoreBackup = (options: RestoreOptions): Promise<RestoreResult> =>
  onConnection(options.ownerUrl ?? options.url, 'restore', (client) => restoreOn(client, options), options.signal);

async function restoreOn(client: pg.Client, options: RestoreOptions): Promise<RestoreResult> {
  const { url, ownerUrl, migrations, projections, signal } = options;
  await refuseUsed(client);
  const role = ownerUrl === undefined ? undefined : await onConnection(url, 'restore', roleOf);
  await migrate({ connectionString: ownerUrl ?? url, role }, migrations);
  signal?.throwIfAborted();
  const backup = await whileVersionsStand(client, async () => {
    // Nobody appends between the look and the commit.
    await client.query('lock table ledger.events in share row exclusive mode');
    await refuseUsed(client);
    const loaded = await loadAll(client, options);
    if (role !== undefined) await shareOut(client, role);
    return loaded;
  });
  return { ...backup, madeAnew: madeAnew(backup.head, projections) };
}
