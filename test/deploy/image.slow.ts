import { execFile, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { ROOT, textOf } from '../support/process/checkout.js';
import { withClient } from '../support/store/postgres.js';
import { freePort, startServer, type TestServer } from '../support/store/server.js';

// Copies all packages: a busy machine is no failure.
jest.setTimeout(200_000);

const run = promisify(execFile);

/** The last stage of the Dockerfile. */
let stage: string;
/** What its folder `/app` is. */
let app: string;
let server: TestServer;
const all = (instruction: RegExp): string[] => [...stage.matchAll(instruction)].map(([, what]) => what!);
const command = (instruction: RegExp): string[] => JSON.parse(all(instruction)[0]!) as string[];

beforeAll(async () => {
  stage = (await textOf('Dockerfile')).split(/^FROM /m).at(-1)!;
  app = await mkdtemp(path.join(tmpdir(), 'ledger-image-'));
  await mkdir(path.join(app, 'build'));
  const brought = ['package.json', 'package-lock.json', '.npmrc', 'node_modules', 'dist', 'bin'];
  await run('cp', ['-a', ...brought.map((name) => path.join(ROOT, name)), path.join(app, 'build')]);
  await run('npm', ['prune', '--omit=dev', '--offline', '--ignore-scripts'], { cwd: path.join(app, 'build') });
  await mkdir(path.join(app, 'image'));
  for (const name of all(/^COPY --from=build \/app\/(\S+) /gm))
    await run('cp', ['-al', path.join(app, 'build', name), path.join(app, 'image', name)]);
  server = await startServer([]);
});
afterAll(async () => {
  await server.stop();
  await rm(app, { recursive: true });
});

/** The folder of the image to work in, and its variables, with keys: it listens on all addresses. */
const image = () => {
  const set = all(/^ENV (.*)$/gm).flatMap((line) => line.split(' ').map((one) => one.split('=') as [string, string]));
  return {
    cwd: path.join(app, 'image'),
    env: { PATH: process.env['PATH']!, API_KEYS: `ops:${'k'.repeat(48)}`, ...Object.fromEntries(set) },
  };
};

it('the image starts with what it is made of, is healthy by its own check, and ends by SIGTERM', async () => {
  const { cwd, env: own } = image();
  const env = {
    ...own,
    PORT: String(await freePort()),
    DATABASE_URL: server.url('postgres'),
  };
  const started = spawn(process.execPath, command(/^CMD (\[.*)$/gm).slice(1), { cwd, env });
  const said = Promise.all([text(started.stdout), text(started.stderr)]);
  const ended = new Promise((resolve) => started.once('close', resolve));
  const [probe, ...args] = command(/^ {2}CMD (\[.*)$/gm);
  expect(probe).toBe('node');
  const healthy = (): Promise<boolean> =>
    run(process.execPath, args, { env }).then(
      () => true,
      () => false,
    );
  while (started.exitCode === null && !(await healthy()));
  const wasServing = started.exitCode === null;
  started.kill('SIGTERM');
  const code = await ended;
  expect([wasServing, code, await said]).toEqual([true, 0, expect.anything()]);
});

it('the commands that the page has Docker Compose run in the image back up and restore', async () => {
  const { cwd, env } = image();
  const page = await textOf('docs/operations.md');
  const commands = [...page.matchAll(/^docker compose (?:exec|run .*) ledger (node .*)$/gm)].map(([, told]) => told!);
  expect(commands.map((told) => told.split(' ')[2])).toEqual(['backup', 'restore']);
  const [backup, restore] = commands.map((told) => told.replace(/\S*FILE$/, path.join(app, 'FILE')));
  const [from, to] = ['postgres', 'empty'].map((name) => ({ ...env, DATABASE_URL: server.url(name) }));
  await run('sh', ['-ec', backup!], { cwd, env: from! });
  await withClient(server.url('postgres'), (client) => client.query('create database empty'));
  // With --user "$(id -u)" the program has a number for a user, and perhaps no name.
  const nobody = process.getuid?.() === 0 ? { uid: 54_321 } : {};
  if (nobody.uid) await Promise.all([chmod(app, 0o755), chown(path.join(app, 'FILE'), nobody.uid, nobody.uid)]);
  const { stdout } = await run('sh', ['-ec', restore!], { cwd, env: to!, ...nobody });
  expect(stdout).toMatch(/^restored /);
});
