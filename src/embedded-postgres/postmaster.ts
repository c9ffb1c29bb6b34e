import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.js';
import type { Address } from './address.js';
import { paths } from './cluster.js';
import type { FileLock } from './file-lock.js';
import { readOwn, removeOwn } from './files.js';
import type { Owner } from './owner.js';
import type { Place } from './place.js';

const fileOf = (place: Place): string => join(paths(place.home).data, 'postmaster.pid');

/** What PostgreSQL's own lock file says; there is no address before the server listens. */
export async function postmaster(place: Place): Promise<{ pid: number; address?: Address } | undefined> {
  const lines = (await readOwn(fileOf(place)).catch(() => '')).split('\n');
  const [pid, , , port] = lines.map(Number);
  const [sockets, listens] = lines.slice(4);
  if (!pid || !port) return undefined;
  if (sockets) return { pid, address: { sockets } };
  return listens ? { pid, address: { port } } : { pid };
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Whether process `pid` of our own namespace is the server of this place: the number may since belong to somebody else, in
 * containers it nearly always does. A server stands in its data directory; undefined where that cannot be asked.
 */
export async function isServer(place: Place, pid: number): Promise<boolean | undefined> {
  if (!exists(pid)) return false;
  if (process.platform !== 'linux') return true;
  const standsIn = await readlink(`/proc/${pid}/cwd`).catch((error: NodeJS.ErrnoException) => error);
  if (standsIn instanceof Error) return standsIn.code === 'EACCES' ? undefined : false;
  return standsIn === paths(place.home).data;
}

/**
 * Removes what a dead server left: it keeps the next from starting wherever its number has been given out again. Only where
 * the record says whose it was, and that one is known to be dead.
 * @param before the record that the folder had; none is of a ledger before these records, whose server nobody can tell alive
 *   or dead from another container.
 * @throws StartError where only a person can tell.
 */
export async function removeLeftovers(place: Place, before: Owner | undefined, lock: FileLock['state']): Promise<void> {
  const left = await postmaster(place);
  if (left === undefined || process.platform !== 'linux') return;
  if (before === undefined && exists(left.pid))
    throw new StartError([
      `LEDGER_DATA_DIR: ${fileOf(place)} may belong to a database that runs in another container; if none does, delete that file and start again`,
    ]);
  if (before === undefined) return;
  const dead = (before.locked && lock === 'taken') || (await isServer(place, left.pid)) === false;
  if (dead) await removeOwn(fileOf(place), place.account);
}
