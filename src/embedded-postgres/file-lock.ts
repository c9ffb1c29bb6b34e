import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { StartError } from '../errors.js';
import { paths } from './cluster.js';
import { childEnvironment } from './environment.js';
import { openOwn } from './files.js';
import type { Place } from './place.js';

/**
 * The lock on the folder's lock file. It belongs to the open file and to every process that inherited it, so that it lasts
 * exactly as long as the server does, whoever else is killed.
 */
export interface FileLock {
  /** `unknown`: there is no program `flock` here, or the file system knows no locks. */
  readonly state: 'taken' | 'held' | 'unknown';
  /** The open file; the lock ends when this and all inherited copies are closed. */
  readonly file: FileHandle;
}

const LIMIT_MS = 10_000;

/** Locks open file 3 of the program; both util-linux and BusyBox answer 1, without a word, where another holds it. */
async function lock(file: FileHandle): Promise<FileLock['state']> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const stdio = ['ignore', 'ignore', 'pipe', file.fd] as const;
  const program = spawn('flock', ['-n', '-x', '3'], {
    stdio: [...stdio],
    env: childEnvironment(),
    signal,
    killSignal: 'SIGKILL',
  });
  let said = '';
  program.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(program, 'close').catch(() => [undefined])) as [number | undefined];
  if (signal.aborted) throw new StartError([`LEDGER_DATA_DIR: its file system gave no lock within ${LIMIT_MS} ms`]);
  if (code === 0) return 'taken';
  return code === 1 && said === '' ? 'held' : 'unknown';
}

/** Tries to lock the folder. Who is done with it, or hands it to a server, closes the file. */
export async function takeLock({ home, account }: Place): Promise<FileLock> {
  const file = await openOwn(paths(home).lock, constants.O_RDWR, account);
  try {
    return { state: process.platform === 'linux' ? await lock(file) : 'unknown', file };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Whether somebody holds the lock. */
export async function lockState(place: Place): Promise<'free' | 'held' | 'unknown'> {
  const { state, file } = await takeLock(place);
  await file.close();
  return state === 'taken' ? 'free' : state;
}
