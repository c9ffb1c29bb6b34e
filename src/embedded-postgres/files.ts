import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { type Account, isRoot, run } from './account.js';

/**
 * The files of a folder that may belong to an account of lesser rights. It may put links there, to files of root's, and
 * exchange one for another under our eyes: what is to be made, changed or removed there is its own doing, with its own rights.
 */

const NO_LINK = constants.O_NOFOLLOW;
const sh = (script: string, args: string[], account: Account, input?: string) =>
  run('/bin/sh', ['-c', `umask 077 && ${script}`, 'sh', ...args], '/', account, input);

/** Reads a text. Root follows no link, and waits for nobody who made it a pipe. */
export async function readOwn(path: string): Promise<string> {
  const file = await open(path, isRoot() ? constants.O_RDONLY | NO_LINK | constants.O_NONBLOCK : 'r');
  return file.readFile('utf8').finally(() => file.close());
}

/** Opens a file, and makes it if it is not there. @throws Error where what is there does not belong to the account */
export async function openOwn(path: string, flags: number, account?: Account): Promise<FileHandle> {
  if (!account) return open(path, flags | constants.O_CREAT, 0o600);
  const opened = () => open(path, flags | NO_LINK | constants.O_NONBLOCK);
  const file = await opened().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    await sh(': >>"$1"', [path], account);
    return opened();
  });
  const found = await file.stat();
  if (found.isFile() && found.uid === account.uid) return file;
  await file.close();
  throw new Error(`${path} is no file of user ${account.uid}`);
}

/** Writes a text beside its place and renames it into it: a reader sees one text or the other. */
export async function writeOwn(path: string, text: string, account?: Account): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  const script = 'cat >"$1" && mv -f "$1" "$2" || { rm -f "$1"; exit 1; }';
  if (account) return void (await sh(script, [unfinished, path], account, text));
  try {
    await writeFile(unfinished, text, { mode: 0o600 });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Removes a file, if there is one. */
export async function removeOwn(path: string, account?: Account): Promise<void> {
  if (account) await run('rm', ['-f', path], '/', account);
  else await rm(path, { force: true });
}

/** Removes a folder of the account with all that is in it; what of it lies in a folder of root's is root's to remove. */
export async function removeFolder(path: string, account?: Account): Promise<void> {
  if (!account) return rm(path, { recursive: true, force: true });
  await run('rm', ['-rf', path], '/', account).catch(() => undefined);
  await rmdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** Gives a folder its name, where nothing has it; whoever had it first keeps it, and this one is removed. */
export async function nameFolder(from: string, to: string, account: Account): Promise<void> {
  await sh('mv "$1" "$2" && rm -rf "$2/${1##*/}"', [from, to], account);
}
