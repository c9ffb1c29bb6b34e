import { fork, type ChildProcess } from 'node:child_process';
import { compiledFile } from './compiled.js';

/** The command line as people use it, in a process of its own; nothing of it is a terminal. */
export interface Ran {
  readonly child: ChildProcess;
  /** Resolves once it has said this. @throws what it said instead */
  said(what: RegExp): Promise<string>;
  readonly end: Promise<{ code: number | null; out: string; err: string }>;
}

export function commandLine(env: Record<string, string>, ...args: string[]): Ran {
  const child = fork(compiledFile('command-line.js'), args, {
    execArgv: [],
    env: { ...process.env, ...env },
    silent: true,
  });
  const heard = { out: '', err: '' };
  const listeners = new Set<() => void>();
  const hear = (from: 'out' | 'err') => (text: Buffer) => {
    heard[from] += text.toString();
    for (const listen of listeners) listen();
  };
  child.stdout!.on('data', hear('out'));
  child.stderr!.on('data', hear('err'));
  const end = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, ...heard })),
  );
  const said = (what: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const listen = (): void => {
        const found = what.exec(heard.out + heard.err);
        if (found) resolve(found[0]);
      };
      listeners.add(listen);
      listen();
      void end.then(() => reject(new Error(`it never said ${what}: ${heard.out}${heard.err}`)));
    });
  return { child, said, end };
}
