import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded-postgres.js';
import { StartError } from '../src/errors.js';

const root = process.getuid?.() === 0;
const NOBODY = 65_534;
let base: string;
let folder: string;
let secret: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'root-'));
  await chmod(base, 0o755);
  folder = join(base, 'ledger');
  secret = join(base, 'secret');
  if (root) await (await startEmbeddedPostgres({ dataDir: folder })).stop();
});

beforeEach(async () => {
  await rm(secret, { force: true });
  await writeFile(secret, 'of root alone', { mode: 0o600 });
});

afterAll(() => rm(base, { recursive: true }));

(root ? describe : describe.skip)(`the embedded database of root${root ? '' : ' (NOT RUN: this is not root)'}`, () => {
  it.each(['lock', 'postgres.log', 'port', 'owner.json', 'password', 'data/postmaster.pid', 'data/PG_VERSION'])(
    'hands no file of root over to its account, which put a link to it at %s',
    async (name) => {
      const place = join(folder, 'postgres', name);
      const before = await readFile(place).catch(() => undefined);
      await rm(place, { force: true });
      await symlink(secret, place);
      try {
        const started = await startEmbeddedPostgres({ dataDir: folder }).catch((error: unknown) => error);
        if (started instanceof Error) {
          expect(started).toBeInstanceOf(StartError);
          expect(started.message).not.toMatch(/\n|of root alone/);
        } else await (started as EmbeddedPostgres).stop();
        const { uid, mode } = await stat(secret);
        const text = await readFile(secret, 'utf8');
        expect({ uid, mode: mode & 0o777, text }).toEqual({ uid: 0, mode: 0o600, text: 'of root alone' });
      } finally {
        await rm(place, { force: true });
        const { uid: account } = await stat(join(folder, 'postgres'));
        if (before) await writeFile(place, before, { mode: 0o600 });
        if (before) await chown(place, account, account);
      }
    },
    30_000,
  );

  it('has it make whatever lies in a folder of somebody’s by themselves', async () => {
    const theirs = join(base, 'theirs');
    await mkdir(theirs);
    await chown(theirs, NOBODY, 0);
    const dataDir = join(theirs, 'some', 'ledger');
    const database = await startEmbeddedPostgres({ dataDir });
    expect(database.dataDir).toBe(dataDir);
    await database.stop();
    for (const path of ['', 'postgres', 'postgres/password', 'postgres/lock', 'postgres/postgres.log', 'postgres/data'])
      expect({ path, uid: (await stat(join(dataDir, path))).uid }).toEqual({ path, uid: NOBODY });
    expect((await stat(join(dataDir, 'postgres/password'))).gid).not.toBe(0);
    expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
  }, 30_000);
});
