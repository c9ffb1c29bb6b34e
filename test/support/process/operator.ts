import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { compiledFile } from './compiled.js';

/** Somebody at a shell, in a folder of their own, where `npx` finds the command line as after `npm ci`. */
export interface Operator {
  readonly home: string;
  /** Runs what a page or a message says. @throws where it fails */
  run(text: string): Promise<{ readonly stdout: string; readonly stderr: string }>;
  close(): Promise<void>;
}

export async function openOperator(): Promise<Operator> {
  const home = await mkdtemp(path.join(tmpdir(), 'ledger-operator-'));
  await chmod(home, 0o755);
  const bin = path.join(home, 'node_modules', '.bin');
  await mkdir(bin, { recursive: true });
  const run = `#!/bin/sh\nexec node '${compiledFile('command-line.js')}' "$@"\n`;
  await writeFile(path.join(bin, 'execution-ledger'), run, { mode: 0o755 });
  const env = { PATH: process.env['PATH'], HOME: home, npm_config_offline: 'true' };
  return {
    home,
    run: (text) => promisify(execFile)('bash', ['-ec', text], { cwd: home, env }),
    close: () => rm(home, { recursive: true }),
  };
}
