import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Runs a TypeScript module of this folder as a process of its own. */
export const forkScript = (name: string, ...args: string[]): ChildProcess => forkIn({}, name, ...args);

/** The same, with an environment of its own. */
export const forkIn = (env: NodeJS.ProcessEnv, name: string, ...args: string[]): ChildProcess =>
  fork(here(`./${name}.ts`), args, {
    execArgv: ['--import', here('../typescript.mjs')],
    env: { ...process.env, ...env },
  });

/** Its end, when all it sent has been received: the code, and the signal that killed it. */
export async function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  if (child.connected) await once(child, 'disconnect');
  return { code: child.exitCode, signal: child.signalCode };
}
