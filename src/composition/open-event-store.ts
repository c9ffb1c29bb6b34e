import { headSoFar } from '../application/reading/lag.js';
import type { Config } from '../config.js';
import type { EventStore } from '../event-store/event-store.js';
import type { EventStoreDbOptions } from '../event-store/eventstoredb/options.js';
import type { PostgresOptions } from '../event-store/postgres/options.js';
import { openPostgresEventStore } from '../event-store/postgres/postgres-event-store.js';
import { START, type Position } from '../event-store/position.js';
import { connectSession } from '../postgres/session.js';
import { StartError } from '../errors.js';

/** Limits of the event stores, where a default does not fit. */
export type Tuning = Omit<PostgresOptions, 'connectionString'> & Omit<EventStoreDbOptions, 'url' | 'clock'>;

export const LIMITS = { connectMs: 2_000, statementMs: 30_000, lockMs: 10_000 };

/** A database as its roles reach it (see ledger.ts). */
export type DatabaseUrls = { readonly url: string; readonly ownerUrl?: string | undefined };

/**
 * The event store that the configuration names; `database` is that of the read models, and of the log where it is kept
 * beside them.
 * @throws StoreError, StartError when it cannot be used; the message says what to do
 */
export async function openEventStore(config: Config, database: DatabaseUrls, tuning: Tuning): Promise<EventStore> {
  const store =
    config.eventStore === 'postgres'
      ? await openPostgresEventStore({ connectionString: database.url, ...tuning })
      : await connect(config.eventStoreDbUrl!, tuning);
  try {
    if (config.eventStore === 'eventstoredb') await reach(store);
    await refuseOtherLog(config, database, store);
    return store;
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }
}

/** Its client takes longer to load than a server on PostgreSQL to start: it is loaded where it is used. */
async function connect(url: string, tuning: Tuning): Promise<EventStore> {
  const { createEventStoreDbEventStore } = await import('../event-store/eventstoredb/eventstoredb-event-store.js');
  try {
    return createEventStoreDbEventStore({ ...tuning, url, clock: () => new Date().toISOString() });
  } catch (error) {
    // The address may hold a password: it is named, not shown.
    const problem = 'EVENTSTOREDB_URL: the client cannot read it; expected esdb://host:2113?tls=true';
    throw new StartError([problem], { cause: error });
  }
}

/**
 * Whether nothing stands in the log that somebody has read up to `read`. Where that is still searched for among the events
 * of others it is not known, and nobody is kept from starting by what others write.
 */
const isEmptyLog = async (store: EventStore, read: Position): Promise<boolean> =>
  (await store.recordedAt(read)) === undefined && (await store.head().catch(() => undefined)) === START;

async function reach(store: EventStore): Promise<void> {
  await headSoFar(store).catch((error: unknown) => {
    throw new StartError([`EVENTSTOREDB_URL: ${(error as Error).message}`], { cause: error });
  });
}

/**
 * Read models were made of a log: whoever names an empty one, or has one beside them that is not used, has named the wrong
 * store. One that was restored from a backup is another matter: they are rebuilt from it (see same-log.ts).
 */
async function refuseOtherLog(config: Config, { url, ownerUrl }: DatabaseUrls, store: EventStore): Promise<void> {
  // Who serves may have no rights yet: they are given to it next.
  const client = await connectSession(ownerUrl ?? url, LIMITS, 'start');
  const first = async (table: string, query: string): Promise<string | undefined> => {
    const { rows } = await client.query<{ made: boolean }>('select to_regclass($1) is not null as made', [table]);
    if (!rows[0]!.made) return undefined;
    return (await client.query<{ position: string }>(query)).rows[0]?.position;
  };
  try {
    const other = 'give the read models a database of their own, or set EVENT_STORE to what they were made of';
    const own = await first('ledger.events', 'select position from ledger.events limit 1');
    if (own !== undefined && config.eventStore !== 'postgres') {
      throw new StartError([`EVENT_STORE: the database of DATABASE_URL holds a log of its own; ${other}`]);
    }
    const read = await first(
      'ledger.checkpoints',
      'select position from ledger.checkpoints order by position desc limit 1',
    );
    if (read === undefined || BigInt(read) === START) return; // nothing is made yet, maybe not even a log to ask
    const isEmpty = config.eventStore === 'postgres' ? own === undefined : await isEmptyLog(store, BigInt(read));
    if (isEmpty) {
      throw new StartError([`EVENT_STORE: the read models stand at ${read}, and the log is empty; ${other}`]);
    }
  } finally {
    await client.end();
  }
}
