import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compiledFile } from './compiled.js';

/** The program as people start it, in a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  /** Where it serves. @throws what it said instead */
  readonly url: Promise<string>;
  /** Its end: the code, and everything it said. */
  readonly end: Promise<{ code: number | null; said: string }>;
}

/** The file that is started: of the program as it stands in `src/`, or as `npm run build` left it. */
const ENTRIES = {
  source: () => compiledFile('main.js'),
  built: () => fileURLToPath(new URL('../../../dist/src/main.js', import.meta.url)),
};

/** Starts it. `entry`: one of {@link ENTRIES}, or the file of another build. */
export function startProgram(
  env: Record<string, string>,
  entry: keyof typeof ENTRIES | `/${string}` = 'source',
): Program {
  const main = entry.startsWith('/') ? entry : ENTRIES[entry as keyof typeof ENTRIES]();
  const child = fork(main, [], {
    execArgv: [],
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', LOG_FORMAT: 'json', ...env },
    silent: true,
  });
  let said = '';
  let serving: (url: string) => void = () => undefined;
  const hear = (text: Buffer): void => {
    said += text.toString();
    const [, url] = /serves on (\S+?),? *(?:its|\n)/.exec(said) ?? [];
    if (url !== undefined) serving(url);
  };
  child.stdout!.on('data', hear);
  child.stderr!.on('data', hear);
  const end = new Promise<{ code: number | null; said: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, said })),
  );
  const url = new Promise<string>((resolve, reject) => {
    serving = resolve;
    void end.then(() => reject(new Error(said)));
  });
  url.catch(() => undefined);
  return { child, url, end };
}
