import { randomBytes } from 'node:crypto';
import { lchown, mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StartError } from '../errors.js';
import { run } from './account.js';
import type { Binaries } from './binaries.js';
import { nameFolder, readOwn, removeFolder, writeOwn } from './files.js';
import type { Place } from './place.js';

/** Owner of everything, superuser: for migrations, and for what keeps the server up. */
export const OWNER = 'ledger';
/** Who serves: it may append to the log. */
export const SERVICE = 'ledger_service';
export const DATABASE = 'postgres';

const ABANDONED_AFTER_MS = 600_000;

/** Where the parts of an initialised cluster are. */
export const paths = (home: string) => ({
  data: join(home, 'data'),
  password: join(home, 'password'),
  /** Only where there are no sockets. */
  port: join(home, 'port'),
  log: join(home, 'postgres.log'),
  oldLog: join(home, 'postgres.log.1'),
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
async function removeAbandoned({ home, account }: Place): Promise<void> {
  const folder = dirname(home);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(home)}.new-`)) continue;
    const age = Date.now() - (await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > ABANDONED_AFTER_MS) await removeFolder(join(folder, name), account);
  }
}

/** What `initdb` says of a user that is a number alone, as containers are often given one. */
const NAMELESS = /could not look up effective user ID/;
const nameless = (uid: number | undefined): string =>
  `PostgreSQL needs a user with a name, and the user ${uid} that this runs as has none; add it to /etc/passwd (in a container, to the image's), start as a user that has a name, or set DATABASE_URL`;

/** The account that makes what is made in the data directory, where that is its own; in one of root's, root does. */
async function makerIn({ dataDir, account }: Place): Promise<Place['account']> {
  return account && (await stat(dataDir)).uid !== 0 ? account : undefined;
}

async function makeHome(home: string, place: Place): Promise<void> {
  const maker = await makerIn(place);
  if (maker) return void (await run('mkdir', ['-m', '700', home], '/', maker));
  await mkdir(home, { mode: 0o700 });
  if (place.account) await lchown(home, place.account.uid, place.account.gid);
}

async function initdb({ initdb }: Binaries, home: string, place: Place): Promise<void> {
  const { account } = place;
  const { data, password } = paths(home);
  await makeHome(home, place);
  await writeOwn(password, randomBytes(24).toString('base64url'), account);
  const flags = ['--encoding=UTF8', '--no-locale', '--data-checksums', '--auth=scram-sha-256', `--username=${OWNER}`];
  await run(initdb, [...flags, `--pwfile=${password}`, `--pgdata=${data}`], home, account).catch((cause) => {
    const said = String((cause as { stderr?: string }).stderr ?? cause).trim();
    const why = NAMELESS.test(said) ? nameless(account?.uid ?? process.getuid?.()) : said.split('\n').at(-1);
    throw new StartError([`the database could not be initialised in ${dirname(home)}: ${why}`], { cause });
  });
}

/** Initialised beside its place and renamed into it: a crash in between leaves no half cluster that passes for a whole. */
async function initialise(binaries: Binaries, place: Place): Promise<void> {
  const unfinished = `${place.home}.new-${randomBytes(6).toString('hex')}`;
  try {
    await removeAbandoned(place);
    await initdb(binaries, unfinished, place);
    const maker = await makerIn(place);
    await (maker ? nameFolder(unfinished, place.home, maker) : rename(unfinished, place.home));
    await syncFolder(place.dataDir);
  } catch (error) {
    await removeFolder(unfinished, place.account);
    // Of two first starts at once, the slower takes what the other made.
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** What to do about data of another major version: both commands work as they stand, but for what is in `<…>`. */
const otherMajor = (found: string, { major, origin }: Binaries, { home, dataDir }: Place): string[] => [
  `the data in ${home} is of PostgreSQL ${found} and ${origin} ${major}; set POSTGRES_BIN to the programs of ${found}, or move it:`,
  `  POSTGRES_BIN='<folder of the programs of ${found}>' LEDGER_DATA_DIR='${dataDir}' npx execution-ledger backup ledger.backup`,
  `  LEDGER_DATA_DIR='<new folder>' npx execution-ledger restore ledger.backup`,
];

async function checkVersion(binaries: Binaries, place: Place): Promise<void> {
  const { home } = place;
  const found = await readOwn(join(paths(home).data, 'PG_VERSION')).catch((cause) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new StartError(
      [`${home} holds no database of the ledger; move it aside or set LEDGER_DATA_DIR to another folder`],
      { cause },
    );
  });
  if (Number(found) !== binaries.major) throw new StartError(otherMajor(found.trim(), binaries, place));
}

/**
 * Makes sure that `place` holds a whole cluster of our version and answers its password.
 * @throws StartError when it holds something else, or cannot be initialised.
 */
export async function prepareCluster(binaries: Binaries, place: Place): Promise<{ password: string }> {
  if (!(await stat(place.home).catch(() => undefined))) await initialise(binaries, place);
  await checkVersion(binaries, place);
  return { password: await readOwn(paths(place.home).password) };
}
