/**
 * Builds the program into `dist/` where its sources have changed since the last build. What a running server may still load
 * parts of stands until the new build is whole, and is then swapped for it. `node bin/build.mjs bench` builds the benchmarks,
 * too.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...names) => path.join(root, ...names);
const say = (line) => process.stderr.write(`${line}\n`);

/** Writes the types of what producers import. */
const TYPES = 'src/client/tsconfig.json';
/** What is built: the compiler's projects, the folders that its program stands in, and the mark of what it was built from. */
const PROGRAM = { projects: ['tsconfig.json', TYPES], folders: ['src', 'projections'], mark: '.built' };
const BENCHMARKS = {
  projects: ['bench/tsconfig.json', TYPES],
  folders: [...PROGRAM.folders, 'bench'],
  mark: '.built-bench',
};
/** What decides on the build beside the sources. */
const SETTINGS = ['tsconfig.json', 'bench/tsconfig.json', 'package-lock.json', 'bin/build.mjs'];

const filesIn = (folder) =>
  readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();

const contentOf = (file) => (existsSync(at(file)) ? readFileSync(at(file)) : '');

/** A digest of everything that the build depends on: times of files say nothing after a checkout. */
function digestOf({ folders }) {
  const hash = createHash('sha256');
  for (const file of [...folders.flatMap(filesIn), ...SETTINGS]) hash.update(`${file}\n`).update(contentOf(file));
  return hash.digest('hex');
}

/** The compilers that run. */
const running = new Set();

/** The compiler, where it is installed. */
function findCompiler() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    say(
      'The sources have changed since the build, and the compiler is not installed: run npm ci (without --omit=dev).',
    );
    return undefined;
  }
}

/** @returns {Promise<number>} the compiler's exit code */
function compile(compiler, project, into) {
  const state = path.join(into, project === TYPES ? '.types.tsbuildinfo' : '.tsbuildinfo');
  const options = ['-p', at(project), '--outDir', into, '--incremental', '--tsBuildInfoFile', state];
  const compiling = spawn(process.execPath, [compiler, ...options], { cwd: root, stdio: ['ignore', 2, 2] });
  running.add(compiling);
  return new Promise((resolve) => compiling.once('close', (code) => resolve(code ?? 1)));
}

/** Takes away what was made of sources that are gone, and copies what the compiler leaves out. */
function complete({ folders }, into) {
  for (const folder of folders) {
    const built = path.join(into, folder);
    for (const made of existsSync(built) ? readdirSync(built, { recursive: true }) : []) {
      const source = at(folder, made.replace(/\.(js(\.map)?|d\.ts)$/, '.ts'));
      if (/\.(js|map|sql|d\.ts)$/.test(made) && !existsSync(source)) rmSync(path.join(built, made));
    }
    for (const file of filesIn(folder)) if (file.endsWith('.sql')) cpSync(at(file), path.join(into, file));
  }
}

/** Puts the new build where the old one stands. */
function swap(built, old) {
  if (existsSync(at('dist'))) renameSync(at('dist'), old);
  renameSync(built, at('dist'));
}

async function build(target, digest) {
  const since = performance.now();
  const [built, old] = [at(`dist.new-${process.pid}`), at(`dist.old-${process.pid}`)];
  process.on('exit', () => {
    for (const compiling of running) compiling.kill();
    for (const folder of [built, old]) rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      say('stopped: what was built before stands as it was');
      process.exit(130);
    });
  const compiler = findCompiler();
  if (!compiler) return 1;
  say('building …');
  // The compiler goes on from its last state: it compiles what changed.
  if (existsSync(at('dist', '.tsbuildinfo'))) cpSync(at('dist'), built, { recursive: true });
  else mkdirSync(built);
  const codes = await Promise.all(target.projects.map((project) => compile(compiler, project, built)));
  const failed = codes.find((code) => code !== 0);
  if (failed !== undefined) return failed;
  complete(target, built);
  writeFileSync(path.join(built, target.mark), digest);
  swap(built, old);
  say(`built in ${((performance.now() - since) / 1_000).toFixed(1)} s`);
  return 0;
}

const target = process.argv[2] === 'bench' ? BENCHMARKS : PROGRAM;
const digest = digestOf(target);
const stands = existsSync(at('dist', target.mark)) && readFileSync(at('dist', target.mark), 'utf8') === digest;
process.exitCode = stands ? 0 : await build(target, digest);
