import { createHash } from 'node:crypto';
import { access, chmod, constants, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StartError } from '../start-error.js';
import { type Account, canEnter, isRoot, ownAccount } from './account.js';
import { SYSTEM_DIR } from './binaries.js';

/** The folder that holds the database, and the account that owns it when the ledger runs as root. */
export interface Place {
  /** The data directory in use. */
  readonly dataDir: string;
  /** Within it: the cluster, its password, its port and its log. */
  readonly home: string;
  readonly account?: Account;
  /** Something a person should be told: the data is not where it was asked for. */
  readonly note?: string;
}

const HINTS: Partial<Record<string, string>> = {
  ENOTDIR: 'is not a folder',
  EEXIST: 'is not a folder',
  EACCES: 'cannot be read and written by this user',
  EPERM: 'cannot be read and written by this user',
  EROFS: 'is on a read-only file system',
  ENOSPC: 'is on a full disk',
};

/** Any file system error about `folder` as the one line a person can act on. */
export function folderError(folder: string, cause: unknown): StartError {
  if (cause instanceof StartError) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const what = HINTS[code] ?? `cannot be used (${code || message})`;
  return new StartError(
    [`LEDGER_DATA_DIR: ${folder} ${what}; give it to this user or set LEDGER_DATA_DIR to another folder`],
    {
      cause,
    },
  );
}

/** Makes the folder and its parents; whether it had to. One by one: where no folder can be, the recursive form never ends. */
async function makeAll(folder: string): Promise<boolean> {
  const fail = (error: NodeJS.ErrnoException): NodeJS.ErrnoException | undefined =>
    error.code === 'EEXIST' ? undefined : error;
  const missing = await mkdir(folder).then(() => false as const, fail);
  if (missing === false) return true;
  if (missing === undefined) return false;
  if (missing.code !== 'ENOENT' || dirname(folder) === folder) throw missing;
  await makeAll(dirname(folder));
  await mkdir(folder);
  return true;
}

async function makeFolder(folder: string): Promise<void> {
  const created = await makeAll(folder);
  if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(folder), { code: 'ENOTDIR' });
  // A strict umask would shut out the account that PostgreSQL runs as; the cluster below keeps its own 0700.
  if (created && isRoot()) await chmod(folder, 0o755);
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
}

const ownerOf = (path: string) => stat(path).catch(() => undefined);

const fallbackOf = (asked: string): string =>
  join(SYSTEM_DIR, createHash('sha256').update(asked).digest('hex').slice(0, 16));

/** Whether there is data of a ledger for `dataDir`, wherever it is kept; makes nothing. */
export async function holdsData(dataDir: string): Promise<boolean> {
  const asked = await realpath(resolve(dataDir)).catch(() => resolve(dataDir));
  const places = isRoot() ? [asked, fallbackOf(asked)] : [asked];
  const found = await Promise.all(places.map((place) => ownerOf(join(place, 'postgres'))));
  return found.some((one) => one !== undefined);
}

async function placeForRoot(asked: string): Promise<Place> {
  const fallback = fallbackOf(asked);
  const note = `the data of ${asked} is kept in ${fallback}, for PostgreSQL does not run as root and its user cannot enter the former`;
  const home = (dataDir: string) => join(dataDir, 'postgres');
  const owner = await ownerOf(home(asked));
  const account = owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : await ownAccount();
  if (owner && !(await canEnter(asked, account)))
    throw new StartError([
      `LEDGER_DATA_DIR: the data in ${asked} belongs to user ${account.uid}, who cannot enter it; let them in (chmod o+x its parents)`,
    ]);
  const elsewhere = !owner && ((await ownerOf(home(fallback))) || !(await canEnter(asked, account)));
  if (!elsewhere) return { dataDir: asked, home: home(asked), account };
  await makeFolder(fallback);
  return { dataDir: fallback, home: home(fallback), account, note };
}

/**
 * Finds (or makes) the folder for the data of `dataDir`. As root, PostgreSQL runs as whoever owns the data, or as the
 * ledger's own account; where that account cannot enter the folder, one under `/var/lib` is used, and found again.
 * @throws StartError when the folder cannot be used.
 */
export async function findPlace(dataDir: string): Promise<Place> {
  let asked = resolve(dataDir);
  try {
    await makeFolder(asked);
    // The server names its folder without links; asked through one, its own data would look like a stranger's.
    asked = await realpath(asked);
    return isRoot() ? await placeForRoot(asked) : { dataDir: asked, home: join(asked, 'postgres') };
  } catch (error) {
    throw folderError(asked, error);
  }
}
