import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './checkout.js';

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
  const program = `--import '${ROOT}/test/support/typescript.mjs' '${ROOT}/src/command-line.ts'`;
  await writeFile(path.join(bin, 'execution-ledger'), `#!/bin/sh\nexec node ${program} "$@"\n`, { mode: 0o755 });
  const env = { PATH: process.env['PATH'], HOME: home, npm_config_offline: 'true' };
  return {
    home,
    run: (text) => promisify(execFile)('bash', ['-ec', text], { cwd: home, env }),
    close: () => rm(home, { recursive: true }),
  };
}
