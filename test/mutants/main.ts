import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { startServer } from '../support/server.js';
import { mutated, MUTANTS, type SourceMutant } from './mutants.js';

/** What the tests need of the checkout, besides its packages. */
const COPIED = ['src', 'projections', 'test', 'docs', 'package.json', 'tsconfig.json', '.swcrc'];
const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
/** A mutant may make a test wait for what never comes: a test ends by its own limit, and those of a mutant by this one. */
const MUTANT_MS = 180_000;
/** All of them together, as they are. */
const WHOLE_MS = 900_000;

/** What became of some specs: `broken` where one could not be run at all, for such a mutant is no program. */
type Outcome = 'passed' | 'failed' | 'broken' | 'timed out';

/** Runs specs in a copy of the checkout, up to the first that fails. */
function runSpecs(folder: string, specs: readonly string[], port: number, ms: number): Promise<Outcome> {
  const args = [...JEST, '--bail', '--runTestsByPath', ...specs];
  const env = { ...process.env, LEDGER_TEST_PORT: String(port) };
  const options = { cwd: folder, env, timeout: ms, killSignal: 'SIGKILL', maxBuffer: 2 ** 30 } as const;
  return new Promise((done) => {
    execFile(process.execPath, args, options, (error, _stdout, told) => {
      if (error?.killed) done('timed out');
      else if (told.includes('Test suite failed to run')) done('broken');
      else done(error === null && told.includes(' passed') ? 'passed' : 'failed');
    });
  });
}

async function copyCheckout(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-mutants-'));
  for (const name of COPIED) await cp(name, join(folder, name), { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Whether the tests that are to kill it do. */
async function kills(folder: string, mutant: SourceMutant, port: number): Promise<string | undefined> {
  const file = join(folder, mutant.file);
  const source = await readFile(file, 'utf8');
  await writeFile(file, mutated(source, mutant));
  try {
    const outcome = await runSpecs(folder, mutant.killedBy, port, MUTANT_MS);
    if (outcome === 'broken') return 'is no program: its specs could not be run';
    return outcome === 'passed' ? 'lives: every test passed' : undefined;
  } finally {
    await writeFile(file, source);
  }
}

const program = new Command('test:mutants')
  .description('Breaks the program in one place at a time, and runs the tests that have to fail for it.')
  .option('--only <text>', 'those whose name or file contains this')
  .option('--jobs <number>', 'how many at a time', '2')
  .parse();
const { only = '', jobs } = program.opts<{ only?: string; jobs: string }>();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const chosen = MUTANTS.filter(({ name, file }) => name.includes(only) || file.includes(only));
const server = await startServer();
const folders = await Promise.all(Array.from({ length: Number(jobs) }, copyCheckout));
let alive = 0;
let done = 0;
try {
  const specs = [...new Set(chosen.flatMap(({ killedBy }) => killedBy))];
  const whole = await runSpecs(folders[0]!, specs, server.port, WHOLE_MS);
  if (whole !== 'passed') throw new Error(`without a mutant the tests must pass: they ${whole}`);
  say(`${specs.length} specs pass as they are; ${chosen.length} mutants`);
  const left = chosen.values();
  await Promise.all(
    folders.map(async (folder) => {
      for (const mutant of left) {
        const began = Date.now();
        const why = await kills(folder, mutant, server.port);
        if (why !== undefined) alive++;
        const took = `${((Date.now() - began) / 1_000).toFixed(1)} s`;
        say(`${String(++done).padStart(3)}/${chosen.length} ${why ?? 'killed'} · ${mutant.name} · ${took}`);
      }
    }),
  );
} finally {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  await server.stop();
}
say(`${chosen.length - alive} of ${chosen.length} mutants killed`);
process.exitCode = alive === 0 && chosen.length > 0 ? 0 : 1;
