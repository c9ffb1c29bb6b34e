import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compiledFile } from '../support/process/compiled.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const PAGE = readFileSync(here('../../docs/sharing.md'), 'utf8');
/** The page's pieces in order: commands, what starts the ledger, and what a command prints. */
const PIECE = /```(?<kind>sh start|sh|json)\n(?<text>.*?)```/gs;

let folder: string;
let server: TestServer;
let program: Program | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-sharing-'));
  server = await startServer([]); // with fsync: the program takes no other
  const run = `exec '${process.execPath}' '${compiledFile('command-line.js')}' "$@"`; // `npx execution-ledger`
  writeFileSync(join(folder, 'npx'), `#!/bin/sh\nshift\n${run}\n`);
  // What `npm start` would be started with.
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\nenv -0 | grep -zE '^(API_KEYS_FILE|REDACT|QUOTA)=' > given\n`);
  for (const stub of ['npx', 'npm']) chmodSync(join(folder, stub), 0o755);
}, 30_000);
afterAll(async () => {
  program?.child.kill('SIGTERM');
  await program?.end;
  await server.stop();
  rmSync(folder, { recursive: true });
}, 30_000);

it('docs/sharing.md does what it says, and gives a CI system its key by two commands', async () => {
  const env: NodeJS.ProcessEnv = { ...process.env, DATABASE_URL: server.url('postgres') };
  env['PATH'] = `${folder}:${process.env['PATH']}`;
  let printed = '';
  let pieces = 0;
  for (const { groups } of PAGE.matchAll(PIECE)) {
    const { kind, text } = groups as { kind: string; text: string };
    pieces++;
    if (kind === 'sh start') {
      program?.child.kill('SIGTERM');
      await program?.end;
      await promisify(execFile)('bash', ['--norc', '-euc', text], { cwd: folder, env });
      const given = readFileSync(join(folder, 'given'), 'utf8')
        .split('\0')
        .map((one) => one.split(/=(.*)/s, 2));
      const { API_KEYS_FILE = '', ...set } = Object.fromEntries(given) as Record<string, string>;
      const file = join(folder, API_KEYS_FILE);
      program = startProgram({ DATABASE_URL: server.url('postgres'), ...set, API_KEYS_FILE: file });
      await program.url;
    } else if (kind === 'json') expect(JSON.parse(printed)).toMatchObject(JSON.parse(text));
    else {
      const command = program === undefined ? text : text.replaceAll('http://127.0.0.1:8080', await program.url);
      const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-euc', command], { cwd: folder, env });
      printed = stdout;
      // What a person copies from the terminal.
      for (const [, name, key] of stderr.matchAll(/The key of (\w+), shown this once:\s+(\S+)/g))
        env[`${name!.toUpperCase()}_KEY`] ??= key;
    }
  }
  expect(pieces).toBeGreaterThan(8);
  expect(printed).toBe('200\n');
  const lines = readFileSync(join(folder, 'api-keys'), 'utf8').trim().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['ops', 'ci', 'ci']);
  for (const name of ['OPS_KEY', 'CI_KEY']) expect(lines.join()).not.toContain(env[name]);
}, 60_000);
