import { setTimeout as sleep } from 'node:timers/promises';
import { within } from './closing.js';
import { type Address, urlOf } from './embedded-postgres/address.js';
import { findBinaries, givenBinaries } from './embedded-postgres/binaries.js';
import { paths, prepareCluster, SERVICE } from './embedded-postgres/cluster.js';
import { dropForeignSettings } from './embedded-postgres/environment.js';
import { takeLock } from './embedded-postgres/file-lock.js';
import type { Installation } from './embedded-postgres/launch.js';
import { isOurs, keepBeating, ownNamespace, readOwner, writeOwner } from './embedded-postgres/owner.js';
import { findPlace, folderError, holdsData } from './embedded-postgres/place.js';
import { keepLogBounded } from './embedded-postgres/server-log.js';
import { ensureServiceRole, servicePassword } from './embedded-postgres/service-role.js';
import { type ServerConnection, reachServer, shutDown } from './embedded-postgres/server.js';

/** A running embedded database. */
export interface EmbeddedPostgres {
  /** Connection string of the role that serves, with its password: not for logs. */
  readonly url: string;
  /** That of the owner, a superuser: for what the ledger does before it serves. */
  readonly ownerUrl: string;
  /** The folder in use. */
  readonly dataDir: string;
  /** To be shown to the person who starts the ledger: the data is not where it was asked for, or nothing locks it. */
  readonly note?: string;
  /**
   * Leaves the database; the last ledger that uses it shuts it down. Never rejects for a database already gone. Whether it
   * was done within so many milliseconds; what was not is left to the server, which outlives the ledger.
   */
  stop(limitMs?: number): Promise<boolean>;
}

export { holdsData };

/** Every ledger that uses the server holds this lock shared; who gets it alone is the last one. */
const IN_USE = "pg_catalog.hashtextextended('execution-ledger in use', 0)";
const RETRY_MS = 500;
/** A lost connection says so within so many milliseconds. */
const GONE_MS = 1_000;
/** How long leaving the database may take, where nobody says, in milliseconds: its last checkpoint is written meanwhile. */
const STOP_MS = 20_000;

/** What the configuration says of it. */
export interface EmbeddedSettings {
  readonly dataDir: string;
  /** The folder of the programs to be used instead of those that come with the ledger. */
  readonly postgresBin?: string | undefined;
}

async function install({ dataDir, postgresBin }: EmbeddedSettings): Promise<Installation> {
  const place = await findPlace(dataDir);
  const binaries = await (postgresBin === undefined
    ? findBinaries(place.account)
    : givenBinaries(postgresBin, place.account));
  try {
    const namespace = await ownNamespace();
    return { binaries, place, namespace, ...(await prepareCluster(binaries, place)) };
  } catch (error) {
    throw folderError(place.home, error);
  }
}

/** Reaches the server and enters the lock; a server that shuts down under us meanwhile is reached again. */
async function enter(installation: Installation, known?: Address): Promise<ServerConnection> {
  for (;;) {
    const reached = await reachServer(installation, known).catch((error: unknown) => {
      throw folderError(installation.place.home, error);
    });
    const entered = await reached.client.query(`SELECT pg_advisory_lock_shared(${IN_USE})`).catch(() => undefined);
    if (entered) return reached;
    await reached.client.end().catch(() => undefined);
  }
}

/** Says in the record that the server has ended, unless somebody has started the next meanwhile. */
async function signOff({ place, namespace }: Installation): Promise<void> {
  if (namespace === undefined) return;
  const lock = await takeLock(place);
  try {
    const owner = await readOwner(place);
    if (owner === undefined || !isOurs(namespace, owner)) return;
    if (lock.state === 'held' || (lock.state === 'unknown' && owner.pid !== process.pid)) return;
    await writeOwner(place, { ...owner, left_at: new Date().toISOString() });
  } finally {
    await lock.file.close();
  }
}

/** What a person should be told of the folder. */
async function noteOf({ place }: Installation): Promise<string | undefined> {
  const { locked } = (await readOwner(place)) ?? { locked: true };
  const unlocked = `nothing locks ${paths(place.home).data}, for there is no program flock or its file system has no locks: only the owner record keeps another machine or container out`;
  const notes = [place.note, locked ? undefined : unlocked].filter((note) => note !== undefined);
  return notes.length === 0 ? undefined : notes.join('\n');
}

/** Gives up the lock, and shuts the server down if no other ledger holds it; whether that is done. */
async function leave(
  installation: Installation,
  { client, ended }: ServerConnection,
  limitMs: number,
): Promise<boolean> {
  try {
    await client.query(`SELECT pg_advisory_unlock_shared(${IN_USE})`);
    const { rows } = await client.query<{ last: boolean }>(`SELECT pg_try_advisory_lock(${IN_USE}) AS last`);
    if (rows[0]?.last) {
      await shutDown(installation, limitMs);
      await signOff(installation);
    } else await client.end();
    return true;
  } catch {
    // A server that is already gone needs no shutting down; its log recovers it at the next start.
    return within(ended, GONE_MS);
  }
}

/** Starts the server again whenever it goes away, where the pools know it; answers its last guard once stopped. */
async function keepUp(
  installation: Installation,
  first: ServerConnection,
  stopped: AbortSignal,
  log: (line: string) => void,
) {
  const stop = new Promise((resolve) => stopped.addEventListener('abort', resolve));
  for (let guard = first; ;) {
    await Promise.race([guard.ended, stop]);
    while (!stopped.aborted) {
      log('the embedded database went away and is started again');
      const again = await enter(installation, first.address).catch((error: Error) => log(error.message));
      if (again) guard = again;
      if (again) break;
      await Promise.race([sleep(RETRY_MS, undefined, { ref: false }), stop]);
    }
    if (stopped.aborted) return guard;
  }
}

/**
 * Starts PostgreSQL on a socket under the data directory, or joins the one that runs there: several ledgers may share a data
 * directory. Initialises it the first time, recovers it after a crash, and starts it again should it die.
 * @param log told, in one line each, when the database went away and what hinders its return.
 * @throws StartError saying in one line what is wrong and what to do.
 */
export async function startEmbeddedPostgres(
  settings: EmbeddedSettings,
  log: (line: string) => void = () => undefined,
): Promise<EmbeddedPostgres> {
  dropForeignSettings();
  const installation = await install(settings);
  const { place, password } = installation;
  const first = await enter(installation);
  await ensureServiceRole(first.client, password).catch(async (error: unknown) => {
    await leave(installation, first, STOP_MS);
    throw error;
  });
  const beating = await keepBeating(place, installation.namespace);
  const bounding = keepLogBounded(place);
  const note = await noteOf(installation);
  const stopping = new AbortController();
  const guarding = keepUp(installation, first, stopping.signal, log);
  const stop = async (limitMs: number) => {
    stopping.abort();
    const guard = await guarding;
    bounding.stop();
    await beating.stop();
    return leave(installation, guard, limitMs);
  };
  const stopWithin = async (limitMs: number) => {
    const stopped = stop(limitMs);
    return (await within(stopped, limitMs)) && stopped;
  };
  let left: Promise<boolean> | undefined;
  return {
    url: urlOf(first.address, servicePassword(password), SERVICE),
    ownerUrl: urlOf(first.address, password),
    dataDir: place.dataDir,
    ...(note !== undefined && { note }),
    stop: (limitMs = STOP_MS) => (left ??= stopWithin(limitMs)),
  };
}
