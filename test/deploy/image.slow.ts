import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { ROOT, textOf } from '../support/checkout.js';
import { freePort, startServer, type TestServer } from '../support/server.js';

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

it('the image starts with what it is made of, is healthy by its own check, and ends by SIGTERM', async () => {
  const set = all(/^ENV (.*)$/gm).flatMap((line) => line.split(' ').map((one) => one.split('=') as [string, string]));
  const env = {
    PATH: process.env['PATH']!,
    ...Object.fromEntries(set),
    PORT: String(await freePort()),
    DATABASE_URL: server.url('postgres'),
    API_KEYS: `ops:${'k'.repeat(48)}`,
  };
  const cwd = path.join(app, 'image');
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
