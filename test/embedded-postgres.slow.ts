import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded-postgres.js';
import { findBinaries } from '../src/embedded-postgres/binaries.js';
import { prepareCluster } from '../src/embedded-postgres/cluster.js';
import { StartError } from '../src/errors.js';

const root = process.getuid?.() === 0;
let base: string;
let dataDir: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'embedded-'));
  await chmod(base, 0o755);
  dataDir = join(base, 'ledger "data" $HOME');
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await (await startEmbeddedPostgres({ dataDir })).stop();
  await rm(base, { recursive: true });
});

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Row>(sql).finally(() => client.end());
  return rows;
}

/** Uses the database of `dataDir` for one test and leaves it. */
async function using<Result>(use: (database: EmbeddedPostgres) => Promise<Result>, log?: (line: string) => void) {
  const database = await startEmbeddedPostgres({ dataDir }, log);
  return use(database).finally(() => database.stop());
}

/** A ledger in its own process; answers what it printed first. */
async function ledgerProcess(folder: string, env = process.env): Promise<{ child: ChildProcess; said: string }> {
  const args = ['--import', './test/support/typescript.mjs', 'test/support/process/embedded-ledger.ts', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  children.push(child);
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, said: said.toString().trim() };
}

const pidFile = () => join(dataDir, 'postgres', 'data', 'postmaster.pid');
const postmasterPid = async () => Number((await readFile(pidFile(), 'utf8')).split('\n')[0]);

async function eventually(check: () => Promise<unknown>): Promise<void> {
  for (const until = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (await check().then(Boolean, () => false)) return;
    if (Date.now() > until) throw new Error('did not happen within 10 s');
  }
}

async function problemOf(folder: string): Promise<string> {
  const error: unknown = await startEmbeddedPostgres({ dataDir: folder }).catch((caught: unknown) => caught);
  if (!(error instanceof StartError)) throw new Error('started, or failed with something else', { cause: error });
  expect(error.problems.filter((problem) => problem.includes('\n'))).toEqual([]);
  return error.message;
}

describe('the embedded database', () => {
  it('is initialised by the first start: a socket alone, fsync on, password of its own, as an unprivileged user', async () => {
    await using(async ({ ownerUrl: url, dataDir: used, note }) => {
      expect(used).toBe(dataDir);
      expect(note).toBeUndefined();
      const settings = [
        'fsync',
        'synchronous_commit',
        'full_page_writes',
        'listen_addresses',
        'unix_socket_permissions',
        'data_checksums',
      ];
      const rows = await query<Record<string, string>>(
        url,
        `SELECT ${settings.map((one) => `current_setting('${one}') AS ${one}`).join()}`,
      );
      expect(rows[0]).toEqual({
        fsync: 'on',
        synchronous_commit: 'on',
        full_page_writes: 'on',
        listen_addresses: '',
        unix_socket_permissions: '0700',
        data_checksums: 'on',
      });
      const password = join(dataDir, 'postgres', 'password');
      expect((await stat(password)).mode & 0o777).toBe(0o600);
      expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
      if (root) expect((await stat(password)).uid).not.toBe(0);
      await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password authentication/);
      await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    });
    await expect(stat(pidFile())).rejects.toThrow('ENOENT');
  });

  it('is found again by the second start, at the same socket', async () => {
    await using(async ({ ownerUrl: url }) => {
      expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      expect(url).toContain(`@${encodeURIComponent(join(dataDir, 'postgres'))}/`);
    });
  });

  it('is shared by ledgers that run at once, and shut down by the last one to leave', async () => {
    const [one, two] = await Promise.all([startEmbeddedPostgres({ dataDir }), startEmbeddedPostgres({ dataDir })]);
    expect(one.ownerUrl).toBe(two.ownerUrl);
    await one.stop();
    expect(await query(two.ownerUrl, 'SELECT answer FROM kept')).toHaveLength(1);
    await Promise.all([two.stop(), two.stop()]);
    await expect(query(two.ownerUrl, 'SELECT 1')).rejects.toThrow(/ENOENT/);
  });

  it('is shut down by one of two that leave in the same moment', async () => {
    const both = await Promise.all([startEmbeddedPostgres({ dataDir }), startEmbeddedPostgres({ dataDir })]);
    await Promise.all(both.map((one) => one.stop()));
    await expect(stat(pidFile())).rejects.toThrow('ENOENT');
  });

  it('left running by a ledger killed by force, is used by the next and shut down by it', async () => {
    const { child, said } = await ledgerProcess(dataDir);
    await query(said, 'SELECT 1');
    const pid = await postmasterPid();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await using(async ({ ownerUrl: url }) => {
      expect(url).toBe(said);
      expect(await postmasterPid()).toBe(pid);
    });
    await expect(stat(pidFile())).rejects.toThrow('ENOENT');
  });

  it('is shut down in order by SIGTERM to its ledger', async () => {
    const { child } = await ledgerProcess(dataDir);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expect(stat(pidFile())).rejects.toThrow('ENOENT');
  });

  it('killed by force together with its ledger, is recovered by the next start', async () => {
    const { child, said } = await ledgerProcess(dataDir);
    await query(said, 'INSERT INTO kept VALUES (43)');
    process.kill(await postmasterPid(), 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await using(async ({ ownerUrl: url }) => expect(await query(url, 'SELECT answer FROM kept')).toHaveLength(2));
  });

  it('killed by force under a living ledger, is started again at the same socket', async () => {
    const lines: string[] = [];
    await using(
      async ({ ownerUrl: url }) => {
        const killed = await postmasterPid();
        process.kill(killed, 'SIGKILL');
        await eventually(async () => (await postmasterPid()) !== killed);
        await eventually(() => query(url, 'SELECT answer FROM kept'));
      },
      (line) => lines.push(line),
    );
    expect(lines[0]).toBe('the embedded database went away and is started again');
    await expect(stat(pidFile())).rejects.toThrow('ENOENT');
  });

  it('does not mistake a process that got the old number for its server', async () => {
    // This test's own process lives and is not a database.
    const lock = [process.pid, join(dataDir, 'postgres', 'data'), 1, 1, '', '127.0.0.1', '', 'ready', ''];
    await writeFile(pidFile(), lock.join('\n'));
    await using(async ({ ownerUrl: url }) => expect(await query(url, 'SELECT answer FROM kept')).toHaveLength(2));
  });

  it('leaves a half-done initialisation alone and makes a whole one', async () => {
    const folder = join(base, 'crashed');
    await mkdir(join(folder, 'postgres.new-1', 'data'), { recursive: true });
    await writeFile(join(folder, 'postgres.new-1', 'data', 'PG_VERSION'), '18\n');
    const both = await Promise.all([
      startEmbeddedPostgres({ dataDir: folder }),
      startEmbeddedPostgres({ dataDir: folder }),
    ]);
    expect(await query(both[0].ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await Promise.all(both.map((one) => one.stop()));
    expect((await readdir(folder)).sort()).toEqual(['postgres', 'postgres.new-1']);
  });

  it('says which folder it cannot use, why, and what to do', async () => {
    const file = join(base, 'a file');
    await writeFile(file, '');
    expect(await problemOf(file)).toMatch(/^LEDGER_DATA_DIR: .*a file is not a folder; .*set LEDGER_DATA_DIR/);
    expect(await problemOf(join(file, 'below'))).toMatch(/below is not a folder; /);

    const foreign = join(base, 'foreign');
    await mkdir(join(foreign, 'postgres'), { recursive: true });
    expect(await problemOf(foreign)).toMatch(/holds no database of the ledger; move it aside/);

    const old = join(base, 'old');
    await mkdir(join(old, 'postgres', 'data'), { recursive: true });
    await writeFile(join(old, 'postgres', 'data', 'PG_VERSION'), '16\n');
    expect(await problemOf(old)).toMatch(
      /is of PostgreSQL 16 and this program brings 18; set POSTGRES_BIN to the programs of 16, or move it:\n/,
    );

    const closed = root ? '/sys/ledger' : join(base, 'closed');
    if (!root) await mkdir(closed, { mode: 0 });
    expect(await problemOf(closed)).toMatch(/^LEDGER_DATA_DIR: .* cannot be read and written by this user; /);
  });

  it('says that the password it kept is not the running database’s', async () => {
    await using(async ({ ownerUrl: url }) => {
      const { password } = new URL(url);
      await query(url, `ALTER ROLE ledger PASSWORD 'another'`);
      expect(await problemOf(dataDir)).toMatch(/refuses the password in .*password; put the right one there$/);
      await query(url.replace(password, 'another'), `ALTER ROLE ledger PASSWORD '${password}'`);
    });
  });

  it('is nothing that PG… variables of another database reach, and gets no secret of the ledger', async () => {
    const foreign = {
      ...{ PGHOST: 'nowhere.invalid', PGPORT: '1', PGUSER: 'x', PGPASSWORD: 'y', PGDATABASE: 'z', PGDATA: '/nowhere' },
      ...{ PGSSLMODE: 'require', PGSSLNEGOTIATION: 'direct', PGREPLICATION: 'database', PGCLIENT_ENCODING: 'LATIN1' },
      PGOPTIONS: '-c default_transaction_read_only=on',
    };
    const secrets = { API_KEYS: 'ci:a-secret-of-the-ledger', AWS_SECRET_ACCESS_KEY: 'of-the-cloud' };
    const folder = join(base, 'foreign settings');
    const { child, said } = await ledgerProcess(folder, { ...process.env, ...foreign, ...secrets });
    await query(said, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const [pid] = (await readFile(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n');
    if (process.platform === 'linux') {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
      const passed = environment.split('\0').map((one) => one.split('=')[0]!);
      expect(passed).toContain('LC_ALL');
      for (const name of [...Object.keys(foreign), ...Object.keys(secrets)]) expect(passed).not.toContain(name);
    }
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  (root ? it : it.skip)('says what to do where its user is a number without a name', async () => {
    const account = { uid: 54_321, gid: 54_321 };
    const folder = await mkdtemp(join(base, 'nameless-'));
    await chown(folder, account.uid, account.gid);
    const place = { dataDir: folder, home: join(folder, 'postgres'), account };
    await expect(prepareCluster(await findBinaries(account), place)).rejects.toThrow(
      /needs a user with a name, and the user 54321 that this runs as has none; add it to \/etc\/passwd .*or set DATABASE_URL/,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('says in the words of the server why it does not start', async () => {
    const configuration = join(dataDir, 'postgres', 'data', 'postgresql.conf');
    const before = await readFile(configuration, 'utf8');
    await writeFile(configuration, `${before}\nnonsense = on\n`);
    expect(await problemOf(dataDir)).toMatch(
      /^the embedded database does not start: .*FATAL: .*\(its log: .*postgres\.log\)/,
    );
    await writeFile(configuration, before);
  });

  (root ? it : it.skip)(
    'of root, in a folder its user cannot enter, is kept under /var/lib and found again',
    async () => {
      const home = join(base, 'home');
      await mkdir(home, { mode: 0o700 });
      const first = await startEmbeddedPostgres({ dataDir: join(home, 'ledger') });
      expect(first.dataDir).toMatch(/^\/var\/lib\/execution-ledger\/[0-9a-f]{16}$/);
      expect(first.note).toContain(first.dataDir);
      const pointer = join(home, 'ledger', 'data-is-elsewhere.txt');
      expect(await readFile(pointer, 'utf8')).toContain(`is kept in ${first.dataDir}:\n`);
      await writeFile(pointer, 'of the folder that this one was copied from');
      await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
      await first.stop();
      await chmod(home, 0o755);
      const second = await startEmbeddedPostgres({ dataDir: join(home, 'ledger') });
      expect(await query(second.ownerUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      expect(second.note).toBe(first.note);
      await second.stop();
      expect(await readFile(pointer, 'utf8')).toContain(`is kept in ${first.dataDir}:\n`);
      await rm(first.dataDir, { recursive: true });
      await (await startEmbeddedPostgres({ dataDir: join(home, 'ledger') })).stop();
      await expect(stat(pointer)).rejects.toThrow('ENOENT');
    },
  );

  (root ? it : it.skip)('of root, says what to do when its user cannot be created', async () => {
    const { child, said } = await ledgerProcess(join(base, 'nobody'), { ...process.env, PATH: '/nowhere' });
    expect(said).toMatch(
      /the user execution-ledger could not be created .*; create it, start as another user, or set DATABASE_URL/,
    );
    child.kill('SIGKILL');
  });
});
