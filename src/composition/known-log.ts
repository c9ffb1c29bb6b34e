import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Config } from '../config.js';
import type { EventStore } from '../event-store/event-store.js';
import { isSameLog } from '../event-store/same-log.js';
import { LIMITS, type DatabaseUrls } from './open-event-store.js';
import { connectSession } from '../postgres/session.js';
import { StartError } from '../errors.js';

/** Where a log that others can reach says which it is. No execution's stream: no reader of the log is shown it. */
export const LOG_ID_STREAM = 'ledger-log-id';
const TYPE = 'LedgerLogNamed';

const refuse = (problem: string): StartError => new StartError([problem]);

async function idOf(store: EventStore): Promise<string | undefined> {
  const [named] = await store.readStream(LOG_ID_STREAM, { limit: 1 });
  if (named === undefined) return undefined;
  const id = named.type === TYPE && (named.data as { log_id?: unknown } | null)?.log_id;
  if (typeof id === 'string') return id;
  throw refuse(`EVENTSTOREDB_URL: the stream ${LOG_ID_STREAM} there is not of a ledger; expected a server without it`);
}

/** The log's id, which is `id` from now on where it had none. Of several who name it at once all get what the first said. */
async function named(store: EventStore, id: string): Promise<string> {
  try {
    const found = await idOf(store);
    if (found !== undefined) return found;
    const event = { eventId: id, type: TYPE, data: { log_id: id }, metadata: {} };
    await store.append({ stream: LOG_ID_STREAM, events: [event], expectedRevision: 'no_stream' });
    return (await idOf(store)) ?? id;
  } catch (error) {
    if (error instanceof StartError) throw error;
    const { message } = error as Error;
    throw new StartError([`EVENTSTOREDB_URL: the stream ${LOG_ID_STREAM}: ${message}`], { cause: error });
  }
}

/**
 * The id that the database has, which is `id` where it had none. It is kept before it is given to a log: whoever is ended in
 * between finds the log to be its own at the next start.
 */
async function kept(client: pg.Client, id: string): Promise<string> {
  await client.query('insert into ledger.log_of (id) values ($1) on conflict do nothing', [id]);
  return (await client.query<{ id: string }>('select id from ledger.log_of')).rows[0]!.id;
}

/** What the read models were made of: nothing yet, this very log, or another one. */
async function madeOf(client: pg.Client, store: EventStore): Promise<'nothing' | 'this log' | 'another'> {
  const { rows } = await client.query<{ position: string; at: Date }>(
    `select position, recorded_at as at from ledger.checkpoints
      where position > 0 and recorded_at is not null order by position desc limit 1`,
  );
  const [place] = rows;
  if (place === undefined) return 'nothing';
  const isSame = await isSameLog(store, { position: BigInt(place.position), at: place.at.toISOString() });
  return isSame ? 'this log' : 'another';
}

const JOIN = (id: string): string =>
  `give this ledger a server of its own; where its database is one more for that log, or a new one, set EVENTSTOREDB_LOG_ID=${id}`;
const SHARED = 'EVENTSTOREDB_URL: another ledger keeps its log there, under the same names of streams';

async function requireSame(
  store: EventStore,
  client: pg.Client,
  wanted: string | undefined,
  warn: (line: string) => void,
): Promise<void> {
  const own = await kept(client, wanted ?? randomUUID());
  const log = await named(store, own);
  if (log !== (wanted ?? log)) throw refuse(`EVENTSTOREDB_LOG_ID: the log of EVENTSTOREDB_URL is ${log}; ${JOIN(log)}`);
  if (log === own) return;
  const made = wanted === undefined ? await madeOf(client, store) : 'nothing';
  if (made === 'another') throw refuse(`${SHARED}; ${JOIN(log)}`);
  // A new database may be meant for this log, or be a stranger's: nothing tells, so its executions are shown, and that is said.
  if (wanted === undefined && made === 'nothing')
    warn(`${SHARED}, and its executions are shown here as well: if it is not this one, ${JOIN(log)}`);
  await client.query('update ledger.log_of set id = $1', [log]);
}

/**
 * Makes sure that no other ledger keeps its log where this one does: each would show and move the executions of both. The log
 * has an id, and so has the database of the read models: one whose read models were made of another log is refused; one that is
 * new to a log which somebody named is told so, unless it was set to join. Processes on one database are one ledger.
 * @throws StartError when the log is another ledger's; the message says what to do
 */
export async function knowLog(
  { eventStore, eventStoreDbLogId }: Pick<Config, 'eventStore' | 'eventStoreDbLogId'>,
  { url, ownerUrl }: DatabaseUrls,
  store: EventStore,
  warn: (line: string) => void,
): Promise<void> {
  if (eventStore === 'postgres') return; // the log is in the database itself
  const client = await connectSession(ownerUrl ?? url, LIMITS, 'start');
  try {
    await requireSame(store, client, eventStoreDbLogId, warn);
  } finally {
    await client.end();
  }
}
