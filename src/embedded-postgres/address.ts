import { createHash } from 'node:crypto';
import { lstat, mkdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byScramAlone } from '../postgres/client.js';
import { StartError } from '../errors.js';
import { run } from './account.js';
import { DATABASE, OWNER } from './cluster.js';
import type { Place } from './place.js';

/**
 * Where the server of a place is reached: at a socket in a folder that nobody else can enter. Where there are no sockets, and
 * at a server that a ledger before these sockets has left running: at a loopback port, which anybody may take meanwhile.
 */
export type Address = { readonly sockets: string } | { readonly port: number };

export const LOOPBACK = '127.0.0.1';
/** Names the socket alone: no port is opened. */
export const SOCKET_PORT = 5432;
/** What an address of a socket can hold, in bytes, and the folder of ours that fits it. */
const MAX_FOLDER = (process.platform === 'linux' ? 107 : 103) - `/.s.PGSQL.${SOCKET_PORT}`.length;

const fits = (folder: string): boolean => Buffer.byteLength(folder) <= MAX_FOLDER;

/** Where the sockets of a place are: beside its data, or where that path is too long for one, under the system's temporary folder. */
function folderOf({ home }: Place): string {
  if (fits(home)) return home;
  return join(tmpdir(), `execution-ledger-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`);
}

/** Whether the folder is the place's own, and nobody else may put a socket there. */
export async function isPrivate({ home, account }: Place, folder: string): Promise<boolean> {
  if (folder === home) return true;
  const found = await lstat(folder).catch(() => undefined);
  const owner = account?.uid ?? process.getuid?.();
  return found?.isDirectory() === true && found.uid === owner && (found.mode & 0o077) === 0;
}

/** Makes sure that there is a folder for the sockets. @throws StartError where it is somebody else's, or none is short enough */
export async function socketFolder(place: Place): Promise<string> {
  const folder = folderOf(place);
  if (folder !== place.home && fits(folder)) {
    const made = place.account ? run('mkdir', ['-m', '700', folder], '/', place.account) : mkdir(folder, 0o700);
    await made.catch(() => undefined); // that of last time, or what the next line tells
  }
  if (fits(folder) && (await isPrivate(place, folder))) return folder;
  throw new StartError([
    `LEDGER_DATA_DIR: ${place.home} is too long a path for a socket, and ${folder} ${fits(folder) ? 'cannot be made, or is not private to this user' : 'is so, too'}; set LEDGER_DATA_DIR, or TMPDIR, to another folder`,
  ]);
}

/** Removes what {@link socketFolder} made elsewhere. */
export async function removeSocketFolder(place: Place): Promise<void> {
  const folder = folderOf(place);
  if (folder !== place.home) await rmdir(folder).catch(() => undefined);
}

/** The address as a connection string, of a role. */
export function urlOf(address: Address, password: string, role = OWNER): string {
  const host = 'port' in address ? `${LOOPBACK}:${address.port}` : encodeURIComponent(address.sockets);
  const url = `postgres://${role}:${password}@${host}/${DATABASE}`;
  return 'port' in address ? byScramAlone(url) : url;
}
