import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { LastWords } from './last-words.js';
import type { TruePipe } from './true-pipe.js';

/** How a program ended: by itself, by a signal, or before it began. */
export type Ending =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'not_started'; readonly status: 126 | 127; readonly why: string };

/**
 * How long the rest of stderr is waited for, in milliseconds, when something that the program left behind holds it open. It is
 * waited in steps, for whoever reads along may be slow: the time that a write to him takes is none in which nothing came.
 */
const REST_MS = 1_000;
const STEP_MS = 100;
/** How long in all, in milliseconds: a reader who takes nothing any more must not keep the outcome from being told. */
const MOST_REST_MS = 10_000;

/** The status that a shell gives it. */
export function statusOf(ending: Ending): number {
  return ending.kind === 'killed' ? 128 + constants.signals[ending.signal] : ending.status;
}

/** A program that runs. stdin and stdout are those of this process; stderr goes through it byte by byte. */
export interface Child {
  /** `undefined`: it could not be started. */
  readonly pid: number | undefined;
  readonly lastWords: LastWords;
  readonly ended: Promise<Ending>;
  /** Sends it a signal; one that has ended gets none. */
  signal(signal: NodeJS.Signals): void;
}

function notStarted(command: string, { code }: NodeJS.ErrnoException): Ending {
  return code === 'ENOENT'
    ? { kind: 'not_started', status: 127, why: `${command}: command not found` }
    : { kind: 'not_started', status: 126, why: `${command}: cannot be executed (${code})` };
}

/** Passes stderr on as fast as it is taken there, and keeps the end of it. Resolves when nobody holds it open any more. */
function passOn(from: Readable, lastWords: LastWords): Promise<void> {
  from.on('data', (chunk: Buffer) => lastWords.add(chunk));
  from.pipe(process.stderr, { end: false });
  // Whoever read along has gone: the program is told by its own next write, as if this process were not between them.
  process.stderr.on('error', () => from.destroy());
  return new Promise((resolve) => from.once('close', resolve));
}

/** Whether whoever reads along has not been handed all yet: a process that exits takes with it what it holds for him. */
const isHolding = (): boolean => process.stderr.writableLength > 0;

/**
 * Waits for the rest of stderr: until nobody holds it open, or nothing more comes, and all is handed on; or for long enough.
 */
async function restOf(rest: Promise<void>): Promise<void> {
  const until = performance.now() + MOST_REST_MS;
  let open = true;
  void rest.then(() => (open = false));
  for (let waited = 0; (open ? waited < REST_MS : isHolding()) && performance.now() < until;) {
    const step = pause(STEP_MS);
    await (open ? Promise.race([rest, step]) : step);
    if (!isHolding()) waited += STEP_MS;
  }
}

async function endingOf(child: ChildProcess, stderr: Readable, rest: Promise<void>): Promise<Ending> {
  const exit = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('exit', (...how) => resolve(how)),
  );
  // Once it runs, an error is that of a signal which it may not be sent (EPERM, of a setuid program): it is no end.
  child.on('error', () => undefined);
  await once(child, 'spawn');
  const [status, signal] = await exit;
  await restOf(rest);
  stderr.destroy();
  return signal === null ? { kind: 'exited', status: status! } : { kind: 'killed', signal };
}

/** Starts a program. One that cannot be started has ended as well, with a status as a shell gives it. */
export function startChild(
  [command, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  pipe: TruePipe | undefined,
): Child {
  const lastWords = new LastWords();
  try {
    const child = spawn(command, args, { stdio: ['inherit', 'inherit', pipe?.writes ?? 'pipe'], env });
    const stderr = pipe?.reads ?? child.stderr!;
    const rest = passOn(stderr, lastWords);
    const ended = endingOf(child, stderr, rest).catch((error: NodeJS.ErrnoException) => notStarted(command, error));
    return { pid: child.pid, lastWords, ended, signal: (signal) => void child.kill(signal) };
  } catch (error) {
    // A word with a NUL in it.
    const ended = Promise.resolve(notStarted(command, error as NodeJS.ErrnoException));
    return { pid: undefined, lastWords, ended, signal: () => undefined };
  } finally {
    if (pipe) closeSync(pipe.writes); // the pipe ends with the program
  }
}
