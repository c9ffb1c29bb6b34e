import { expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT, textOf } from '../support/process/checkout.js';
import { startProgram } from '../support/process/program.js';
import { startServer } from '../support/store/server.js';
import { blocksOf, readAloud } from '../support/docs/story.js';

// A whole build: a busy machine is no failure.
jest.setTimeout(300_000);

const PAGE = 'docs/writing-a-projection.md';
const MADE_OF = [
  'bin',
  'src',
  'projections',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'nest-cli.json',
  '.swcrc',
];

it('the page works to the letter: its files are written, the ledger is built and started, its rows are read', async () => {
  const checkout = await mkdtemp(path.join(tmpdir(), 'ledger-projection-'));
  for (const name of MADE_OF) await cp(path.join(ROOT, name), path.join(checkout, name), { recursive: true });
  await symlink(path.join(ROOT, 'node_modules'), path.join(checkout, 'node_modules'));
  const files = [...(await textOf(PAGE)).matchAll(/`(projections\/[\w-]+\.ts)`[^`]*:\n\n```ts\n(.*?)```/gs)];
  expect(files.map(([, name]) => name)).toEqual([
    'projections/failures-by-kind.ts',
    'projections/last-words.ts',
    'projections/index.ts',
  ]);
  for (const [, name, text] of files) await writeFile(path.join(checkout, name!), text!);
  await promisify(execFile)(process.execPath, ['bin/build.mjs'], { cwd: checkout });

  const server = await startServer([]);
  const program = startProgram(
    { DATABASE_URL: server.url('postgres') },
    `/${path.relative('/', path.join(checkout, 'dist/src/main.js'))}`,
  );
  const told = (await blocksOf(PAGE)).filter(({ language }) => language !== 'ts');
  const wrong = await readAloud(told, await program.url, () => Promise.resolve());
  program.child.kill('SIGTERM');
  expect([wrong, (await program.end).code]).toEqual([[], 0]);
  await Promise.all([server.stop(), rm(checkout, { recursive: true })]);
});
