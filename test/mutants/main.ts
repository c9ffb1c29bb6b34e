import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { gatherTemporaryFolders, startServer, type TestServer } from '../support/store/server.js';
import { mutated, MUTANTS, type SourceMutant } from './mutants.js';

/** What the tests need of the checkout, besides its packages. */
const COPIED = ['src', 'projections', 'test', 'docs', 'package.json', 'tsconfig.json', '.swcrc'];
const JEST = ['--import', './test/support/typescript.mjs', 'node_modules/jest/bin/jest.js'];
/** A mutant may make a test wait for what never comes: a test ends by its own limit, and a program that does not by this one. */
const MUTANT_MS = 60_000;
/** All of them together, as they are. */
const WHOLE_MS = 600_000;

/** What became of some tests: `broken` where a spec could not be run at all, `absent` where there are none of these names. */
type Outcome = 'passed' | 'failed' | 'broken' | 'absent' | 'timed out';

interface Run {
  /** A copy of the checkout. */
  readonly folder: string;
  readonly server: TestServer;
  readonly tests: readonly Pick<SourceMutant, 'spec' | 'test'>[];
  readonly ms: number;
  /** The databases of its tests are copies of one of its own: it has changed what makes them. */
  readonly template?: string;
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

const quoted = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Runs tests by their names. */
async function runTests({ folder, server, tests, ms, template }: Run): Promise<Outcome> {
  const told = join(folder, 'told.json');
  const names = tests.map(({ test }) => quoted(test)).join('|');
  const specs = [...new Set(tests.map(({ spec }) => spec))];
  // What failed may have left something open, which would keep it from ending.
  const args = [
    ...JEST,
    '--forceExit',
    ...(specs.length === 1 ? ['--runInBand'] : []), // one file needs no process beside that of Jest
    '--json',
    '--outputFile',
    told,
    '--testNamePattern',
    names,
    '--runTestsByPath',
    ...specs,
  ];
  const port = { LEDGER_TEST_PORT: String(server.port) };
  const env = { ...process.env, ...port, ...(template === undefined ? {} : { LEDGER_TEST_TEMPLATE: template }) };
  const options = { cwd: folder, env, timeout: ms, killSignal: 'SIGKILL', maxBuffer: 2 ** 30 } as const;
  const killed = await new Promise<boolean>((done) => {
    execFile(process.execPath, args, options, (error) => done(error?.killed === true));
  });
  if (killed) return 'timed out';
  const counts = JSON.parse(await readFile(told, 'utf8')) as Counts;
  if (counts.numRuntimeErrorTestSuites > 0) return 'broken';
  if (counts.numFailedTests > 0) return 'failed';
  return counts.numPassedTests > 0 ? 'passed' : 'absent';
}

async function copyCheckout(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-mutants-'));
  for (const name of COPIED) await cp(name, join(folder, name), { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Why it is not killed; undefined where it is. */
const LIVES: Readonly<Record<Outcome, string | undefined>> = {
  passed: 'lives: its test passed',
  broken: 'is no program: its spec could not be run',
  absent: 'lives: there is no test of that name',
  failed: undefined,
  'timed out': undefined,
};

/** Runs the test that is to kill it. */
async function fate(folder: string, server: TestServer, mutant: SourceMutant): Promise<string | undefined> {
  const file = join(folder, mutant.file);
  const source = await readFile(file, 'utf8');
  await writeFile(file, mutated(source, mutant));
  const template = mutant.file.endsWith('.sql') ? { template: `mutant_${MUTANTS.indexOf(mutant)}` } : {};
  try {
    return LIVES[await runTests({ folder, server, tests: [mutant], ms: MUTANT_MS, ...template })];
  } finally {
    await writeFile(file, source);
  }
}

function few(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('expected a number from 1 to 99');
  return Number(text);
}

const program = new Command('test:mutants')
  .description(
    'Breaks the program in one place at a time, and runs the test of `npm test` that has to fail for it.\n\n' +
      'Exit code: 0 every mutant was killed, 1 one lives, or it could not be carried out.',
  )
  .option('--only <text>', 'those whose name or file contains this', '')
  .option('--jobs <number>', 'how many at a time', few, 2)
  .showHelpAfterError()
  .parse();
const { only, jobs } = program.opts<{ only: string; jobs: number }>();
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const chosen = MUTANTS.filter(({ name, file }) => name.includes(only) || file.includes(only));
gatherTemporaryFolders();
const server = await startServer();
const folders: string[] = [];
let [alive, done] = [0, 0];
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`;
try {
  for (let n = 0; n < jobs; n++) folders.push(await copyCheckout());
  const began = performance.now();
  const whole = await runTests({ folder: folders[0]!, server, tests: chosen, ms: WHOLE_MS });
  if (whole !== 'passed') throw new Error(`without a mutant the tests must pass: ${whole}`);
  say(`their tests pass without a mutant · ${seconds(began)}`);
  const left = chosen.values();
  await Promise.all(
    folders.map(async (folder) => {
      for (const mutant of left) {
        const since = performance.now();
        const why = await fate(folder, server, mutant);
        if (why !== undefined) alive++;
        say(
          `${String(++done).padStart(3)}/${chosen.length} ${why ?? 'killed'} · ${mutant.name} · ${seconds(since)}, ${alive} alive`,
        );
      }
    }),
  );
} finally {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  await server.stop();
}
process.stdout.write(`${chosen.length - alive} of ${chosen.length} mutants killed\n`);
process.exit(alive === 0 && chosen.length > 0 ? 0 : 1); // the embedded server's exit hook forgets a code that is only set
