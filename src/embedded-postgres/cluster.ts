import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StartError } from '../start-error.js';
import { type Binaries, run } from './binaries.js';
import type { Place } from './place.js';

/** The database user and database of the ledger. */
export const USER = 'ledger';
export const DATABASE = 'postgres';

const ABANDONED_AFTER_MS = 600_000;

/** Where the parts of an initialised cluster are. */
export const paths = (home: string) => ({
  data: join(home, 'data'),
  password: join(home, 'password'),
  port: join(home, 'port'),
  log: join(home, 'postgres.log'),
  lock: join(home, 'lock'),
  owner: join(home, 'owner.json'),
});

/** Makes a rename survive a power cut; Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** What a crash in mid-initialisation left behind; a younger one may belong to a start that is under way. */
async function removeAbandoned(home: string): Promise<void> {
  const folder = dirname(home);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(home)}.new-`)) continue;
    const age = Date.now() - (await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > ABANDONED_AFTER_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function initdb({ initdb }: Binaries, home: string, { account }: Place): Promise<void> {
  const { data, password } = paths(home);
  await mkdir(home, { mode: 0o700 });
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (account) for (const path of [home, password]) await chown(path, account.uid, account.gid);
  const flags = ['--encoding=UTF8', '--no-locale', '--auth=scram-sha-256', `--username=${USER}`];
  await run(initdb, [...flags, `--pwfile=${password}`, `--pgdata=${data}`], home, account).catch((cause) => {
    const lines = String((cause as { stderr?: string }).stderr ?? cause)
      .trim()
      .split('\n');
    throw new StartError([`the database could not be initialised in ${dirname(home)}: ${lines.at(-1)}`], { cause });
  });
}

/** Initialised beside its place and renamed into it: a crash in between leaves no half cluster that passes for a whole. */
async function initialise(binaries: Binaries, place: Place): Promise<void> {
  const unfinished = `${place.home}.new-${randomBytes(6).toString('hex')}`;
  try {
    await removeAbandoned(place.home);
    await initdb(binaries, unfinished, place);
    await rename(unfinished, place.home);
    await syncFolder(place.dataDir);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Of two first starts at once, the slower takes what the other made.
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function checkVersion({ postgres }: Binaries, { home, account }: Place): Promise<void> {
  const found = await readFile(join(paths(home).data, 'PG_VERSION'), 'utf8').catch((cause) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new StartError(
      [`${home} holds no database of the ledger; move it aside or set LEDGER_DATA_DIR to another folder`],
      { cause },
    );
  });
  const ours = /\d+/.exec(await run(postgres, ['--version'], '/', account))?.[0];
  if (found.trim() !== ours)
    throw new StartError([
      `the data in ${home} is of PostgreSQL ${found.trim()} and this program brings ${ours}; dump it with the former and load it into a new folder, or set LEDGER_DATA_DIR to another`,
    ]);
}

/**
 * Makes sure that `place` holds a whole cluster of our version and answers its password.
 * @throws StartError when it holds something else, or cannot be initialised.
 */
export async function prepareCluster(binaries: Binaries, place: Place): Promise<{ password: string }> {
  if (!(await stat(place.home).catch(() => undefined))) await initialise(binaries, place);
  await checkVersion(binaries, place);
  return { password: await readFile(paths(place.home).password, 'utf8') };
}
