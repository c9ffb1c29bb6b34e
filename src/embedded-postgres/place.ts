import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StartError } from '../errors.js';
import { type Account, accountOf, canEnter, isRoot, ownAccount, run } from './account.js';
import { SYSTEM_DIR } from './binaries.js';

/** The folder that holds the database, and the account that owns it when the ledger runs as root. */
export interface Place {
  /** The data directory in use. */
  readonly dataDir: string;
  /** Within it: the cluster, its password, its socket and its log. */
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
  ELOOP: 'holds a link where a file of its own is expected',
  EROFS: 'is on a read-only file system',
  ENOSPC: 'is on a full disk',
};

/** Any file system error about `folder` as the one line a person can act on. */
export function folderError(folder: string, cause: unknown): StartError {
  if (cause instanceof StartError) return cause;
  const { code = '', message, stderr } = cause as NodeJS.ErrnoException & { stderr?: string };
  const what = HINTS[code] ?? `cannot be used (${stderr?.trim().split('\n').at(-1) || code || message})`;
  return new StartError(
    [`LEDGER_DATA_DIR: ${folder} ${what}; give it to this user or set LEDGER_DATA_DIR to another folder`],
    {
      cause,
    },
  );
}

/** Makes one folder. In somebody's folder root does so with their rights: they could lead it elsewhere meanwhile. */
async function makeOne(folder: string): Promise<void> {
  const parent = isRoot() ? await stat(dirname(folder)) : undefined;
  if (!parent?.uid) return mkdir(folder);
  if (await ownerOf(folder)) throw Object.assign(new Error(folder), { code: 'EEXIST' });
  await run('mkdir', ['-m', '755', folder], '/', await accountOf(parent));
}

/** Makes the folder and its parents; whether it had to. One by one: where no folder can be, the recursive form never ends. */
async function makeAll(folder: string): Promise<boolean> {
  const fail = (error: NodeJS.ErrnoException): NodeJS.ErrnoException | undefined =>
    error.code === 'EEXIST' ? undefined : error;
  const missing = await makeOne(folder).then(() => false as const, fail);
  if (missing === false) return true;
  if (missing === undefined) return false;
  if (missing.code !== 'ENOENT' || dirname(folder) === folder) throw missing;
  await makeAll(dirname(folder));
  await makeOne(folder);
  return true;
}

/** A strict umask would shut out the account that PostgreSQL runs as; the cluster within keeps its own 0700. */
async function letEnter(folder: string): Promise<void> {
  const opened = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const made = (await opened.stat()).uid === 0 ? opened.chmod(0o755) : Promise.resolve();
  await made.finally(() => opened.close());
}

async function makeFolder(folder: string): Promise<void> {
  const created = await makeAll(folder);
  if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(folder), { code: 'ENOTDIR' });
  if (created && isRoot()) await letEnter(folder);
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
}

const ownerOf = (path: string) => stat(path).catch(() => undefined);

const homeIn = (dataDir: string): string => join(dataDir, 'postgres');

const fallbackOf = (asked: string): string =>
  join(SYSTEM_DIR, createHash('sha256').update(asked).digest('hex').slice(0, 16));

/** Whether there is data of a ledger for `dataDir`, wherever it is kept; makes nothing. */
export async function holdsData(dataDir: string): Promise<boolean> {
  const asked = await realpath(resolve(dataDir)).catch(() => resolve(dataDir));
  const places = isRoot() ? [asked, fallbackOf(asked)] : [asked];
  const found = await Promise.all(places.map((place) => ownerOf(homeIn(place))));
  return found.some((one) => one !== undefined);
}

/** As whom PostgreSQL runs there: whoever has the data, or the folder for it; in one of root's, the ledger's own account. */
async function accountFor(dataDir: string): Promise<Account> {
  const owner = (await ownerOf(homeIn(dataDir))) ?? (await stat(dataDir));
  return owner.uid === 0 ? ownAccount() : accountOf(owner);
}

/** In the folder that was asked for, where the data is elsewhere. */
const POINTER = 'data-is-elsewhere.txt';

/**
 * Has the folder that was asked for say where its data is, if that is elsewhere: who copies it would have an empty copy. It is
 * made anew, for a copy of the folder would name the data of the first. In somebody's folder root makes nothing, for they
 * could lead it elsewhere meanwhile.
 */
async function pointTo(dataDir: string, asked: string): Promise<void> {
  if ((await stat(asked)).uid !== 0) return;
  await rm(join(asked, POINTER), { force: true });
  if (dataDir === asked) return;
  const text = [
    `The data of this folder is kept in ${dataDir}:`,
    'PostgreSQL does not run as root, and its user cannot enter this folder.',
    'A copy of this folder holds no data. To back it up: execution-ledger backup FILE',
    '',
  ];
  await writeFile(join(asked, POINTER), text.join('\n'), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another ledger has written it meanwhile
  });
}

async function placeForRoot(asked: string): Promise<Place> {
  const fallback = fallbackOf(asked);
  const note = `the data of ${asked} is kept in ${fallback}, for PostgreSQL does not run as root and its user cannot enter the former`;
  const account = await accountFor(asked);
  const [there, enters] = [await ownerOf(homeIn(asked)), await canEnter(asked, account)];
  if (there && !enters)
    throw new StartError([
      `LEDGER_DATA_DIR: the data in ${asked} belongs to user ${account.uid}, who cannot enter it; let them in (chmod o+x its parents)`,
    ]);
  const elsewhere = !there && ((await ownerOf(homeIn(fallback))) || !enters);
  if (elsewhere) await makeFolder(fallback);
  await pointTo(elsewhere ? fallback : asked, asked);
  if (!elsewhere) return { dataDir: asked, home: homeIn(asked), account };
  return { dataDir: fallback, home: homeIn(fallback), account: await accountFor(fallback), note };
}

/**
 * Finds (or makes) the folder for the data of `dataDir`. As root, PostgreSQL runs as whoever owns the data or the folder, or as the
 * ledger's own account; where that account cannot enter the folder, one under `/var/lib` is used, and found again.
 * @throws StartError when the folder cannot be used.
 */
export async function findPlace(dataDir: string): Promise<Place> {
  let asked = resolve(dataDir);
  try {
    await makeFolder(asked);
    // The server names its folder without links; asked through one, its own data would look like a stranger's.
    asked = await realpath(asked);
    return isRoot() ? await placeForRoot(asked) : { dataDir: asked, home: homeIn(asked) };
  } catch (error) {
    throw folderError(asked, error);
  }
}
