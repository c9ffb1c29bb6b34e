import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// A compiler: a busy machine is no failure.
jest.setTimeout(120_000);

const root = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGES = path.join(root, 'node_modules');

/** A small program in a checkout of its own, with the scripts and settings of the ledger. */
let checkout: string;
const at = (...names: string[]): string => path.join(checkout, ...names);
const write = (file: string, text: string): Promise<void> => writeFile(at(file), text);
const built = (file: string): Promise<string> => readFile(at('dist', file), 'utf8');

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const run = (script: string, args: string[] = [], cwd = checkout): Promise<Ended> =>
  new Promise((resolve) =>
    execFile(process.execPath, [at('bin', script), ...args], { cwd }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    ),
  );
const build = (): Promise<Ended> => run('build.mjs');

beforeAll(async () => {
  checkout = await mkdtemp(path.join(tmpdir(), 'ledger-build-'));
  await cp(path.join(root, 'bin'), at('bin'), { recursive: true });
  for (const file of ['tsconfig.json', 'package.json']) await cp(path.join(root, file), at(file));
  await symlink(PACKAGES, at('node_modules'));
  await mkdir(at('src', 'sql'), { recursive: true });
  await mkdir(at('projections'));
  await mkdir(at('src', 'client'));
  await cp(path.join(root, 'src/client/tsconfig.json'), at('src/client/tsconfig.json'));
  await write('src/client/index.ts', 'export const client = 1;\n');
  for (const folder of ['web', 'contract', 'domain']) await mkdir(at('src', folder));
  await cp(path.join(root, 'src/web/vite.config.ts'), at('src/web/vite.config.ts'));
  await write('src/web/index.html', '<!doctype html><script type="module" src="./main.ts"></script>\n');
  await write('src/web/main.ts', "document.title = 'page of one';\n");
  await write('src/command-line.ts', `process.stdout.write(process.env['LEDGER_DATA_DIR'] ?? 'here');\n`);
  await mkdir(at('src', 'cli', 'run'), { recursive: true });
  await write('src/cli/exit-codes.ts', 'export class CommandError extends Error {}\n');
  await write('src/cli/run/word.ts', "export const word = 'run of one';\n");
  await write(
    'src/cli/run.ts',
    "import { CommandError } from './exit-codes.js';\nimport { word } from './run/word.js';\nexport const told = new CommandError(word);\n",
  );
  await write('src/sql/one.sql', 'select 1\n');
  await write('projections/one.ts', 'export const one = 1;\n');
});
afterAll(() => rm(checkout, { recursive: true }));

it('before the first build the command line says how to build it', async () => {
  expect(await run('execution-ledger.mjs', [], tmpdir())).toEqual({
    code: 1,
    out: '',
    err: `execution-ledger: it is not built yet; run: npm --prefix "${checkout}/" run build\n`,
  });
});

describe('a build', () => {
  it('says so, and brings what the compiler leaves out', async () => {
    expect(await build()).toMatchObject({ code: 0, err: expect.stringMatching(/^building …\nbuilt in [\d.]+ s\n$/) });
    expect(await built('src/sql/one.sql')).toBe('select 1\n');
    expect(await built('projections/one.js')).toContain('one = 1');
    expect(await built('src/client/index.d.ts')).toContain('client = 1');
  });

  it('has what `run` loads in one file, but for what the command line has loaded by then', async () => {
    const run = await built('src/cli/run.js');
    expect(run).toContain('run of one');
    expect(run.match(/from ["'](.+)["']/g)).toEqual([expect.stringContaining('./exit-codes.js')]);
  });

  it('has the pages, and what they load compressed beside it', async () => {
    const [, script] = /src="\/(assets\/[^"]+\.js)"/.exec(await built('pages/index.html'))!;
    expect(await built(`pages/${script}`)).toContain('page of one');
    expect((await readdir(at('dist/pages/assets'))).toSorted()).toEqual(
      ['', '.br', '.gz'].map((ending) => `${path.basename(script!)}${ending}`),
    );
  });

  it('is left out where nothing changed, also without the compiler and where nothing may be written', async () => {
    const before = await stat(at('dist'));
    await rm(at('node_modules'));
    await chmod(checkout, 0o555);
    expect(await build()).toEqual({ code: 0, out: '', err: '' });
    await chmod(checkout, 0o755);
    expect((await stat(at('dist'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('without the compiler says what to do, and leaves what stands', async () => {
    await write('projections/one.ts', 'export const one = 11;\n');
    expect(await build()).toMatchObject({ code: 1, err: expect.stringContaining('run npm ci (without --omit=dev)') });
    expect(await built('projections/one.js')).toContain('one = 1;');
    await symlink(PACKAGES, at('node_modules'));
  });

  it('that fails says where, and leaves what stands', async () => {
    await write('projections/two.ts', `export const two: number = 'two';\n`);
    expect(await build()).toMatchObject({ code: 2, err: expect.stringMatching(/projections\/two\.ts.*TS2322/) });
    expect(await built('projections/one.js')).toContain('one = 1;');
    expect((await readdir(checkout)).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  });

  it('brings what changed, and takes away what was made of sources that are gone', async () => {
    await write('projections/two.ts', 'export const two = 2;\n');
    expect(await build()).toMatchObject({ code: 0 });
    expect(await built('projections/one.js')).toContain('one = 11;');
    expect(await built('projections/two.js')).toContain('two = 2;');
    await Promise.all([rm(at('projections/two.ts')), rm(at('src/sql/one.sql'))]);
    expect(await build()).toMatchObject({ code: 0 });
    expect(await readdir(at('dist', 'projections'))).toEqual(['one.js', 'one.js.map']);
    expect(await readdir(at('dist', 'src', 'sql'))).toEqual([]);
  });

  it('keeps the program in its place while it works', async () => {
    await write('src/sql/two.sql', 'select 2\n');
    const building = build();
    let ended = false;
    void building.then(() => (ended = true));
    let looks = 0;
    let missing = 0;
    for (; !ended; looks++) await stat(at('dist/src/command-line.js')).catch(() => missing++);
    expect(looks).toBeGreaterThan(100);
    expect(missing).toBeLessThanOrEqual(1); // between the two renames of the swap
  });
});

it('the command line is called from any folder, and finds the data beside the program', async () => {
  const elsewhere = await mkdtemp(path.join(tmpdir(), 'ledger-elsewhere-'));
  const call = (): Promise<Ended> => run('execution-ledger.mjs', [], elsewhere);
  expect(await call()).toMatchObject({ code: 0, out: at('.ledger') });
  await mkdir(path.join(elsewhere, '.ledger'));
  expect(await call()).toMatchObject({ code: 0, out: 'here' });
  await rm(elsewhere, { recursive: true });
});
