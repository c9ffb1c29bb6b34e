import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';

/** This process as the owner of files in a folder. */
export interface Owner {
  readonly name: string;
  close(): Promise<void>;
}

/** A folder, and a process as an owner of files in it. */
export interface OwnedFolder {
  readonly folder: string;
  /** Its name there. */
  readonly owner: string;
}

/** A socket this old that nobody listens on is that of a dead owner, in milliseconds; a younger one may be about to be listened on. */
const OLD_MS = 60_000;

/** What an owner leaves behind beside its reports: a socket, and a pipe where it had one. */
const LEFT_BEHIND = /^(?<name>[0-9a-f]+)\.(?:sock|pipe)$/;

/** Where an owner listens; a dead one leaves it behind. */
export const socketOf = (folder: string, name: string): string => path.join(folder, `${name}.sock`);

/**
 * Makes this process an owner. It listens on a socket of its own for as long as it lives: the system closes that with the
 * process however that ends, while the number of a process says nothing after a restart, or in another container.
 */
export async function becomeOwner(folder: string): Promise<Owner> {
  const name = randomBytes(6).toString('hex');
  const server = createServer((socket) => socket.destroy()).unref();
  server.listen(socketOf(folder, name));
  await once(server, 'listening').catch((cause: unknown) => {
    throw new Error(`no socket can be made in ${folder}: its path may be too long, at most 80 characters`, { cause });
  });
  return { name, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Whether an owner still lives. In doubt it does: its files are then taken another time. */
export async function isOwnerAlive(folder: string, name: string): Promise<boolean> {
  const socket = connect(socketOf(folder, name));
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return !['ECONNREFUSED', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');
  } finally {
    socket.destroy();
  }
}

/** Deletes what dead owners left behind: one that is killed before it kept anything leaves nothing else. */
export async function sweepFolder(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const { name } = LEFT_BEHIND.exec(file)?.groups ?? {};
    if (name === undefined) continue;
    const left = path.join(folder, file);
    const { mtimeMs } = await stat(left).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs < OLD_MS || (await isOwnerAlive(folder, name))) continue;
    await rm(left, { force: true });
  }
}
