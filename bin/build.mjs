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
import { brotliCompressSync, gzipSync } from 'node:zlib';

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
/** The pages: `src/web/` and what it imports from beside it. */
const PAGES = { folders: ['src/web', 'src/client', 'src/contract', 'src/domain'], mark: 'pages/.built' };
/** What decides on the build beside the sources. */
const SETTINGS = ['tsconfig.json', 'bench/tsconfig.json', 'package-lock.json', 'bin/build.mjs', 'src/printable.ts'];

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

/** The compilers, where they are installed. */
async function findCompilers() {
  try {
    const { resolve } = createRequire(import.meta.url);
    const vite = path.join(path.dirname(resolve('vite/package.json')), 'bin/vite.js');
    const { rolldown } = await import('rolldown');
    return { typescript: resolve('typescript/bin/tsc'), vite, rolldown };
  } catch {
    say(
      'The sources have changed since the build, and the compilers are not installed: run npm ci (without --omit=dev).',
    );
    return undefined;
  }
}

/** @returns {Promise<number>} the exit code */
function run(program, options) {
  const compiling = spawn(process.execPath, [program, ...options], { cwd: root, stdio: ['ignore', 2, 2] });
  running.add(compiling);
  return new Promise((resolve) => compiling.once('close', (code) => resolve(code ?? 1)));
}

function compile(compiler, project, into) {
  const state = path.join(into, project === TYPES ? '.types.tsbuildinfo' : '.tsbuildinfo');
  return run(compiler, ['-p', at(project), '--outDir', into, '--incremental', '--tsBuildInfoFile', state]);
}

const stands = (folder, { mark }, digest) =>
  existsSync(path.join(folder, mark)) && readFileSync(path.join(folder, mark), 'utf8') === digest;

/** Bundles the pages where they have changed, and compresses what they load once, instead of at every request. */
async function bundle(vite, into) {
  const digest = digestOf(PAGES);
  if (stands(into, PAGES, digest)) return 0;
  const pages = path.join(into, 'pages');
  const code = await run(vite, ['build', at('src/web'), '--outDir', pages, '--emptyOutDir', '--logLevel', 'warn']);
  if (code !== 0) return code;
  const assets = path.join(pages, 'assets');
  for (const name of readdirSync(assets)) {
    const content = readFileSync(path.join(assets, name));
    writeFileSync(path.join(assets, `${name}.br`), brotliCompressSync(content));
    writeFileSync(path.join(assets, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
  writeFileSync(path.join(into, PAGES.mark), digest);
  return 0;
}

/**
 * Bundles `execution-ledger run` into one file: it stands around commands that take less time than to load its files one by one
 * (docs/command-line.md). What the command line has loaded by then stays outside: an error of it is known by its class.
 */
async function bundleRun(rolldown, into) {
  const loaded = ['exit-codes', 'terminal'].map((name) => at(`src/cli/${name}.ts`));
  const bundle = await rolldown({
    input: at('src/cli/run.ts'),
    platform: 'node',
    external: ['commander', ...loaded],
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  });
  await bundle.write({
    dir: path.join(into, 'src/cli'),
    chunkFileNames: 'run-[name]-[hash].js',
    sourcemap: true,
    paths: (id) => (loaded.includes(id) ? `./${path.basename(id, '.ts')}.js` : id),
  });
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
  const compilers = await findCompilers();
  if (!compilers) return 1;
  say('building …');
  // The compilers go on from their last state: they compile what changed.
  if (existsSync(at('dist', '.tsbuildinfo'))) cpSync(at('dist'), built, { recursive: true });
  else mkdirSync(built);
  const codes = await Promise.all([
    ...target.projects.map((project) => compile(compilers.typescript, project, built)),
    bundle(compilers.vite, built),
  ]);
  const failed = codes.find((code) => code !== 0);
  if (failed !== undefined) return failed;
  complete(target, built);
  await bundleRun(compilers.rolldown, built);
  writeFileSync(path.join(built, target.mark), digest);
  swap(built, old);
  say(`built in ${((performance.now() - since) / 1_000).toFixed(1)} s`);
  return 0;
}

const target = process.argv[2] === 'bench' ? BENCHMARKS : PROGRAM;
const digest = digestOf(target);
process.exitCode = stands(at('dist'), target, digest) ? 0 : await build(target, digest);
