import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../bin/execution-ledger.mjs', import.meta.url));

/** How a process ended, and what it wrote byte by byte. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: Buffer;
  readonly err: Buffer;
}

/** `execution-ledger` as it was built, in a process of its own. */
export interface ProgramRun {
  readonly child: ChildProcess;
  readonly ended: Promise<ProcessExit>;
  /** Resolves once it has written this to stdout. @throws what it wrote instead */
  said(what: string): Promise<void>;
}

/** Starts the built `execution-ledger`; `input` is its whole stdin. */
export function wrapped(env: NodeJS.ProcessEnv, args: readonly string[], input: Buffer | string = ''): ProgramRun {
  const { EXECUTION_ID: _id, LEDGER_KEY: _key, ...outer } = process.env;
  const child = spawn(process.execPath, [LAUNCHER, ...args], { env: { ...outer, ...env }, stdio: 'pipe' });
  const chunks = { out: [] as Buffer[], err: [] as Buffer[] };
  let hear = (): void => undefined;
  child.stdout.on('data', (chunk: Buffer) => (chunks.out.push(chunk), hear()));
  child.stderr.on('data', (chunk: Buffer) => chunks.err.push(chunk));
  child.stdin.on('error', () => undefined); // not every command reads it
  child.stdin.end(input);
  const ended = new Promise<ProcessExit>((resolve) =>
    child.once('close', (code, signal) =>
      resolve({ code, signal, out: Buffer.concat(chunks.out), err: Buffer.concat(chunks.err) }),
    ),
  );
  const said = (what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      hear = () => Buffer.concat(chunks.out).includes(what) && resolve();
      hear();
      void ended.then(({ err }) => reject(new Error(`it never said ${what}: ${err.toString()}`)));
    });
  return { child, ended, said };
}
