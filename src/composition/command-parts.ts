import { randomUUID } from 'node:crypto';
import { PROJECTIONS } from '../../projections/index.js';
import { readKeyUses } from '../api-keys/key-uses.js';
import { OperationLog } from '../application/operating/operation-log.js';
import type { BackupParts } from '../cli/backup.js';
import type { KnownKeys } from '../cli/keys.js';
import type { ProjectionClientParts } from '../cli/projections/projection-client.js';
import { say } from '../cli/terminal.js';
import { loadConfig, type Config } from '../config.js';
import { holdsData, startEmbeddedPostgres } from '../embedded-postgres.js';
import { requireMigrated } from '../postgres/migrate.js';
import { PostgresProjectionOperations } from '../rebuild/postgres-projection-operations.js';
import { PostgresReadModel } from '../read-model/postgres-read-model.js';
import { StartError } from '../errors.js';
import { connectForOperations } from '../rebuild/connect.js';
import { MIGRATIONS } from './migrations.js';
import { knowLog } from './known-log.js';
import { openEventStore } from './open-event-store.js';
import { loadWorkersOn } from './rebuild-worker-pool.js';

/** Joins the database of the folder, or starts it for as long as it is needed; makes one only where it may. */
async function reachEmbedded(config: Config, make: boolean) {
  const { dataDir } = config;
  if (!make && !(await holdsData(dataDir)))
    throw new StartError([
      `LEDGER_DATA_DIR: there is no ledger's database in ${dataDir}; name its folder, or set DATABASE_URL`,
    ]);
  return startEmbeddedPostgres(config, say);
}

/** The database of the configuration, whatever is in it. */
async function reachAny(config: Config, make = false) {
  const embedded = config.databaseUrl === undefined ? await reachEmbedded(config, make) : undefined;
  const leave = async (): Promise<void> => void (await embedded?.stop());
  const { url, ownerUrl } = embedded ?? { url: config.databaseUrl!, ownerUrl: config.databaseOwnerUrl };
  return { url, ownerUrl, note: embedded?.note, leave };
}

/** The database of the ledger, ready to be used. */
async function reachDatabase(config: Config) {
  const reached = await reachAny(config);
  try {
    await requireMigrated(reached.ownerUrl ?? reached.url, MIGRATIONS);
    return reached;
  } catch (error) {
    await reached.leave();
    throw error;
  }
}

/** The database for a backup or a restore: it may be of an older ledger, or of none yet. */
async function reachForBackup(make: boolean) {
  const config = loadConfig(process.env);
  if (config.eventStore !== 'postgres')
    throw new StartError([
      'EVENT_STORE: the log is kept in EventStoreDB: back that up and restore it; the read models are made of it anew',
    ]);
  const reached = await reachAny(config, make);
  if (reached.note !== undefined) say(reached.note);
  return reached;
}

/** The keys of the configuration. That nobody can be asked when they were used keeps none of them from being listed. */
export async function openKeys(): Promise<KnownKeys> {
  const config = loadConfig(process.env);
  if (config.apiKeys.length === 0)
    throw new StartError(['API_KEYS: there are no keys; set API_KEYS_FILE or API_KEYS as the server has it']);
  try {
    const { url, leave } = await reachDatabase(config);
    const client = await connectForOperations(url, 'command line');
    const ask = async <Row>(text: string, values: readonly unknown[]) =>
      (await client.query(text, [...values])).rows as Row[];
    const uses = await readKeyUses(ask).finally(() => client.end().then(leave));
    return { keys: config.apiKeys, uses };
  } catch (error) {
    say(`execution-ledger: when they were last used is not known: ${(error as Error).message}`);
    return { keys: config.apiKeys };
  }
}

/** What the server works with, without the server. */
export async function open(): Promise<ProjectionClientParts> {
  const config = loadConfig(process.env);
  const { url, ownerUrl, leave } = await reachDatabase(config);
  try {
    const store = await openEventStore(config, { url, ownerUrl }, {});
    await knowLog(config, { url, ownerUrl }, store, say);
    const readModel = new PostgresReadModel(url);
    const connect = () => connectForOperations(url, 'command line');
    const operations = new PostgresProjectionOperations(PROJECTIONS, readModel.keepers);
    const loadWorkers = loadWorkersOn(url, 'command line');
    const operationLog = new OperationLog(store, randomUUID, ({ kind }, error) =>
      say(`execution-ledger: it is done, and was not recorded as ${kind}: ${(error as Error).message}`),
    );
    const close = async (): Promise<void> => {
      await Promise.allSettled([store.close(), readModel.close()]);
      await leave();
    };
    const base = { projections: PROJECTIONS, store, readModel, operations, operationLog };
    return { ...base, connect, loadWorkers, clock: Date.now, close };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** What backups and restores work with. */
export const backupParts: BackupParts = { migrations: MIGRATIONS, projections: PROJECTIONS, reach: reachForBackup };
