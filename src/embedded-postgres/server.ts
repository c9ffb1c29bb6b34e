import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { Client } from '../postgres/client.js';
import { StartError } from '../errors.js';
import { run } from './account.js';
import { type Address, isPrivate, removeSocketFolder, urlOf } from './address.js';
import { paths } from './cluster.js';
import { lockState } from './file-lock.js';
import { type Installation, launch, POLL_MS } from './launch.js';
import { isOurs, type Owner, readOwner } from './owner.js';
import type { Place } from './place.js';
import { isServer, postmaster } from './postmaster.js';
import { lastWords } from './server-log.js';

/** Replaying the log after a crash can take minutes; a server that is alive is waited for this long. */
const RECOVERY_MS = 600_000;
const MAX_LAUNCHES = 5;
/** What is asked of the server is answered at once, or it stands still, in milliseconds. */
const QUERY_MS = 5_000;
const WRONG_PASSWORD = '28P01';

/** A server that answers, and the connection that found out. */
export interface ServerConnection {
  readonly client: pg.Client;
  readonly address: Address;
  /** Resolves when the connection is over, for whatever reason. */
  readonly ended: Promise<void>;
}

/** A connection to the database of this very place, or why there is none: an SQLSTATE, or nothing to tell. */
async function connect(
  { place, password }: Installation,
  address: Address,
): Promise<ServerConnection | string | undefined> {
  if ('sockets' in address && !(await isPrivate(place, address.sockets))) return undefined;
  const client = new Client({
    connectionString: urlOf(address, password),
    connectionTimeoutMillis: 5_000,
    query_timeout: QUERY_MS,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  let reason: string | undefined;
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    if (rows[0]?.data_directory === paths(place.home).data) return { client, address, ended };
  } catch (error) {
    // Not up yet, shutting down, or a stranger on that port: who asked knows which of them can be.
    reason = (error as { code?: string }).code;
  }
  await client.end().catch(() => undefined);
  return reason;
}

/** Whether a server of our own runs, or comes up, as process `pid`: its lock says so better than a number does. */
async function serves(place: Place, pid: number, owner: Owner | undefined): Promise<boolean> {
  const lock = owner?.locked ? await lockState(place) : 'unknown';
  return lock === 'unknown' ? (await isServer(place, pid)) === true : lock === 'held';
}

/**
 * Joins the server that already runs on this place; waits while it recovers or shuts down. What a stranger's record, or a
 * number that means another process here, points to is none of ours, whatever answers on that port.
 */
async function joinRunning(installation: Installation): Promise<ServerConnection | undefined> {
  const { place, namespace } = installation;
  const until = Date.now() + RECOVERY_MS;
  for (let found; (found = await postmaster(place)) && Date.now() < until; await sleep(POLL_MS)) {
    const owner = await readOwner(place);
    if (owner ? !isOurs(namespace, owner) : (await isServer(place, found.pid)) === false) return undefined;
    const reached = found.address && (await connect(installation, found.address));
    if (typeof reached === 'object') return reached;
    if (!(await serves(place, found.pid, owner))) return undefined;
    // It is ours and will not change its mind: waiting on would be for ever.
    if (reached === WRONG_PASSWORD)
      throw new StartError([
        `the running database refuses the password in ${paths(place.home).password}; put the right one there`,
      ]);
  }
  return undefined;
}

/**
 * Reaches the server of this place, starting it when none runs; of several starts at once one wins, the rest join it.
 * @param known where to start it, when others already reach it there.
 * @throws StartError with the server's own last words when it does not come up.
 */
export async function reachServer(installation: Installation, known?: Address): Promise<ServerConnection> {
  const { place } = installation;
  for (let launches = 0; ; launches += 1) {
    const reached = await joinRunning(installation);
    if (reached) return reached;
    // After a crash its orphans hold the shared memory until they notice; a port may be lost between look and use.
    const orphans = /shared memory block/.test(await lastWords(place));
    if (launches >= (orphans ? 20 * MAX_LAUNCHES : MAX_LAUNCHES)) break;
    await sleep(Math.min(launches, MAX_LAUNCHES) * 4 * POLL_MS);
    await launch(installation, known);
  }
  throw new StartError([
    `the embedded database does not start: ${await lastWords(place)} (its log: ${paths(place.home).log})`,
  ]);
}

/** Shuts the server down in order; returns once it has ended. @throws Error when it has not within so many milliseconds */
export async function shutDown({ binaries, place }: Installation, limitMs: number): Promise<void> {
  const { data } = paths(place.home);
  const limit = String(Math.max(1, Math.ceil(limitMs / 1_000)));
  await run(binaries.pg_ctl, ['stop', '-D', data, '-m', 'fast', '-w', '-t', limit], place.home, place.account);
  await removeSocketFolder(place);
}
