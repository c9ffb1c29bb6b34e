import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate, type MigrationClass } from '../../../src/postgres/migrate.js';
import { eventStoreMigrations } from '../../../src/event-store/postgres/migrations/index.js';
import { PROJECTIONS } from '../../../projections/index.js';
import { prepareProjection } from '../../../src/projection-tables/versions.js';
import { MIGRATIONS } from '../../../src/composition/migrations.js';

export { eventStoreMigrations };

/** A database of a spec file's own, with every migration applied and the tables of every projection, as a start makes them. */
export interface TestDatabase {
  readonly name: string;
  readonly connectionString: string;
  /** As a role that may append to the log and no more, where there is one. */
  readonly servingUrl?: string;
  /** Ends whatever is connected and deletes it. */
  drop(): Promise<void>;
}

/** Another where the migrations are not those of the checkout (see test/mutants): a server outlives a run there. */
const TEMPLATE = process.env['LEDGER_TEST_TEMPLATE'] ?? 'ledger_template';
const TEMPLATE_LOCK = 1;
/** Who serves in the tests. */
const SERVICE = 'ledger_service';

/** Of the run's server (see server.ts). */
export const urlOf = (database: string): string =>
  `postgres://postgres:password@127.0.0.1:${process.env['LEDGER_TEST_PORT']}/${database}`;

const asService = (connectionString: string): string => connectionString.replace('//postgres:', `//${SERVICE}:`);

/** Every migration of the product. */
export const allMigrations: readonly MigrationClass[] = MIGRATIONS;

/** Runs something on a connection of its own. */
export async function withClient<T>(connectionString: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Makes all that is recorded so much older, as if that time had passed since; whoever remembers it does not know. */
export const letTimePass = (connectionString: string, ms: number): Promise<unknown> =>
  withClient(connectionString, (client) =>
    client.query(
      `with pages as (delete from ledger.log_pages),
            events as (update ledger.events set recorded_at = recorded_at - $1 * interval '1 ms')
       update ledger.checkpoints set recorded_at = recorded_at - $1 * interval '1 ms'`,
      [ms],
    ),
  );

let kept: pg.Pool | undefined;
/** Sessions that make and drop databases, kept: to begin one is more work for the server than to copy a database. */
const keeping = (): pg.Pool =>
  (kept ??= new pg.Pool({
    connectionString: urlOf('postgres'),
    max: 2,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
  }).on('error', () => undefined));

async function makeTemplate(client: pg.ClientBase): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [TEMPLATE]);
  if (rowCount) return;
  const draft = `${TEMPLATE}_draft`;
  await client.query(`drop database if exists ${draft} with (force)`);
  await client.query(`create database ${draft}`);
  const { rowCount: there } = await client.query('select from pg_roles where rolname = $1', [SERVICE]);
  if (!there) await client.query(`create role ${SERVICE} login password 'password'`);
  await migrate({ connectionString: urlOf(draft), role: SERVICE }, allMigrations);
  await withClient(asService(urlOf(draft)), async (draftClient) => {
    for (const projection of PROJECTIONS) await prepareProjection(draftClient, projection);
  });
  await client.query(`alter database ${draft} rename to ${TEMPLATE}`);
}

let made: Promise<void> | undefined;
/** The first process to ask in a run makes the template, the others wait for it. */
const ensureTemplate = (): Promise<void> =>
  (made ??= withClient(urlOf('postgres'), async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await makeTemplate(client);
  }));

/** A fresh copy of the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await ensureTemplate();
  // The default copies page by page through the log of the server: two and a half times the work, and again to drop it.
  await keeping().query(`create database ${name} template ${TEMPLATE} strategy file_copy`);
  const drop = async (): Promise<void> => void (await keeping().query(`drop database if exists ${name} with (force)`));
  return { name, connectionString: urlOf(name), servingUrl: asService(urlOf(name)), drop };
}
