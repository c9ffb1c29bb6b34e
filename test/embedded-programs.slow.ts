import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/embedded-postgres.js';
import { findBinaries } from '../src/embedded-postgres/binaries.js';
import { StartError } from '../src/errors.js';

let base: string;
let dataDir: string;
const NAMES = ['initdb', 'postgres', 'pg_ctl'] as const;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'programs-'));
  await chmod(base, 0o755);
  dataDir = join(base, 'ledger');
});

afterAll(() => rm(base, { recursive: true }));

async function script(path: string, text: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
}

/** A folder of programs that say that they are of some version, and can nothing else. */
async function pretended(version: string): Promise<string> {
  const folder = await mkdtemp(join(base, 'bin-'));
  await chmod(folder, 0o755);
  for (const name of NAMES) await script(join(folder, name), `echo '${name} (PostgreSQL) ${version}'`);
  return folder;
}

async function refusedBecause(postgresBin: string): Promise<string> {
  const error: unknown = await startEmbeddedPostgres({ dataDir, postgresBin }).catch((caught: unknown) => caught);
  if (!(error instanceof StartError)) throw new Error('started, or failed with something else', { cause: error });
  return error.message;
}

it('the programs of POSTGRES_BIN make the folder and serve it, and those that the ledger brings go on with it', async () => {
  const folder = join(base, 'own');
  const used = join(base, 'used');
  await mkdir(folder);
  await writeFile(used, '');
  await chmod(used, 0o666);
  const brought = await findBinaries();
  for (const name of ['initdb', 'pg_ctl'] as const) await symlink(brought[name], join(folder, name));
  await script(join(folder, 'postgres'), `echo "$*" >>'${used}'\nexec '${brought.postgres}' "$@"`);
  await (await startEmbeddedPostgres({ dataDir, postgresBin: folder })).stop();
  expect(await readFile(used, 'utf8')).toContain(`-D ${dataDir}/postgres/data`);
  await (await startEmbeddedPostgres({ dataDir })).stop();
}, 30_000);

it('programs that are too old, mixed, of another version than the data, or none at all are refused with the reason', async () => {
  const expected = 'expected the folder of initdb, postgres and pg_ctl of PostgreSQL 17 or newer';
  const old = await pretended('16.4 (Debian 16.4-1)');
  expect(await refusedBecause(old)).toBe(
    `POSTGRES_BIN: the programs in ${old} are of PostgreSQL 16, which is too old; ${expected}`,
  );
  const other = await pretended('17.2');
  expect(await refusedBecause(other)).toMatch(
    /is of PostgreSQL 18 and .*bin-\w+ holds 17; set POSTGRES_BIN to the pro/,
  );
  await script(join(other, 'pg_ctl'), `echo 'pg_ctl (PostgreSQL) 18.1'`);
  expect(await refusedBecause(other)).toBe(
    `POSTGRES_BIN: the programs in ${other} are of several versions; ${expected}`,
  );
  expect(await refusedBecause(join(base, 'nowhere'))).toMatch(/^POSTGRES_BIN: .*nowhere\/\w+ cannot be run by .*user/);
});
