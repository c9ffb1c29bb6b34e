import type pg from 'pg';
import type { MigrationInterface } from 'typeorm';
import { StoreError } from '../errors.js';
import { Client } from './client.js';
import { shareOut } from './rights.js';
import { toUnavailable } from './session.js';
import { inTransaction } from './transaction.js';

/** A TypeORM migration: a class whose name ends in the moment it was written, in ms. */
export type MigrationClass = new () => MigrationInterface;

export interface MigrateOptions {
  readonly connectionString: string;
  /** The role that serves, where it is another: it gets the rights that it needs, and loses those to change the log. */
  readonly role?: string | undefined;
  /** How long to wait for another process that is migrating, ms; default 60,000. */
  readonly lockWaitMs?: number;
}

/** One key for every process that migrates this database: the events table, whose oid keys the others, is not there yet. */
const MIGRATION_LOCK = 7_305_808_869_231_650n;

const INSUFFICIENT_PRIVILEGE = '42501';

const isMissing = (error: unknown): boolean => (error as { code?: string }).code === '42P01';

/**
 * Answers the names of the migrations that the database has had, in their order; none where it is no ledger's.
 * @throws StoreError `unavailable` when its schema is newer than the program
 */
export async function refuseNewerSchema(
  client: pg.ClientBase,
  known: readonly MigrationClass[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client
    .query<{ name: string }>('select name from ledger.migrations order by timestamp, name')
    .catch((error: unknown) => {
      if (isMissing(error)) return { rows: [] as { name: string }[] };
      throw error;
    });
  const names = new Set(known.map(({ name }) => name));
  const unknown = rows.map(({ name }) => name).filter((name) => !names.has(name));
  if (unknown.length === 0) return new Set(rows.map(({ name }) => name));
  throw new StoreError(
    'unavailable',
    `The database's schema is newer than the program: it has had ${unknown.join(', ')}, which this program does not know. ` +
      'Start the newer program. To go back instead, restore a backup from before the upgrade, into an empty database ' +
      '(DATABASE_URL) or a new folder (LEDGER_DATA_DIR): npx execution-ledger restore <file>',
  );
}

const hasAll = (had: ReadonlySet<string>, migrations: readonly MigrationClass[]): boolean =>
  migrations.every(({ name }) => had.has(name));

/** Only where it is missing: PostgreSQL wants the right to make schemas for "if not exists", too. */
async function makeSchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regnamespace('ledger') is not null as there`);
  if (rows[0]!.there) return;
  await client.query('create schema ledger').catch((error: unknown) => {
    if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new StoreError(
      'unavailable',
      'The role may not create the schema ledger in this database: have an administrator run CREATE SCHEMA ledger AUTHORIZATION <role>.',
      { cause: error },
    );
  });
}

async function runMigrations(connectionString: string, migrations: readonly MigrationClass[]): Promise<void> {
  // Here, for loading it takes longer than a whole command on a database that has had them all.
  const { DataSource } = await import('typeorm');
  const source = new DataSource({
    type: 'postgres',
    url: connectionString,
    schema: 'ledger',
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    connectTimeoutMS: 10_000,
    poolSize: 1,
    extra: { Client },
  });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await source.destroy();
  }
}

/**
 * Brings the database's schema up to date: runs what it has not had yet, in the order of the classes' timestamps, each in
 * its own transaction. Several processes may call it at once: one works, the others wait (a bounded time) and find it done.
 * @throws StoreError `unavailable` when the database cannot be reached, the schema is newer than the program, or the wait is over.
 */
export async function migrate(options: MigrateOptions, migrations: readonly MigrationClass[]): Promise<void> {
  const { connectionString, role, lockWaitMs = 60_000 } = options;
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000, keepAlive: true });
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw toUnavailable(error);
  });
  try {
    await client.query(`select set_config('lock_timeout', $1, false)`, [`${lockWaitMs}ms`]);
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]).catch((error: unknown) => {
      throw new StoreError('unavailable', 'Another process has been migrating the database for too long', {
        cause: error,
      });
    });
    const had = await refuseNewerSchema(client, migrations);
    if (!hasAll(had, migrations)) {
      await makeSchema(client);
      await runMigrations(connectionString, migrations);
    }
    if (role !== undefined) await inTransaction(client, () => shareOut(client, role));
  } finally {
    await client.end();
  }
}

/**
 * Makes sure that the database's schema is the program's, and changes nothing.
 * @throws StoreError `unavailable` when it is not, or the database cannot be reached; the message says what to do
 */
export async function requireMigrated(connectionString: string, migrations: readonly MigrationClass[]): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const had = await refuseNewerSchema(client, migrations);
    if (hasAll(had, migrations)) return;
    throw new StoreError(
      'unavailable',
      "The database's schema is older than the program, or no ledger's: start the ledger, which brings it up to date.",
    );
  } catch (error) {
    throw toUnavailable(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
