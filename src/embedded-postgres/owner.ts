import { type FileHandle, readFile, readlink, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { paths } from './cluster.js';
import type { FileLock } from './file-lock.js';
import { readOwn, writeOwn } from './files.js';
import type { Place } from './place.js';

/** What tells processes apart that see each other's process ids and loopback from those that do not. */
export interface Namespace {
  readonly boot_id: string;
  readonly pid_namespace: string;
  readonly network_namespace: string;
}

/** Who keeps the server of a folder up, as `owner.json` beside the data says. */
export interface Owner extends Namespace {
  readonly host: string;
  /** Of the ledger that said so last. */
  readonly pid: number;
  readonly started_at: string;
  readonly heartbeat_at: string;
  /** Whether its server holds the folder's lock. */
  readonly locked: boolean;
  /** Set once the server was shut down in order. */
  readonly left_at?: string;
}

/** The record, and how long ago it was written by the clock of the file system, in milliseconds. */
export interface OwnerRecord {
  readonly owner: Owner;
  readonly ageMs: number;
}

/** How often the record is refreshed, and for how long one of another machine is believed, in milliseconds. */
export const HEARTBEAT_MS = 5_000;
export const FRESH_MS = 30_000;

/** Our own; undefined on systems without namespaces, where a process id and loopback tell the truth. */
export async function ownNamespace(): Promise<Namespace | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [boot, pid_namespace, network_namespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    readlink('/proc/self/ns/pid'),
    readlink('/proc/self/ns/net'),
  ]);
  return { boot_id: boot.trim(), pid_namespace, network_namespace };
}

export const isOurs = (me: Namespace | undefined, owner: Namespace): boolean =>
  me === undefined ||
  (owner.boot_id === me.boot_id &&
    owner.pid_namespace === me.pid_namespace &&
    owner.network_namespace === me.network_namespace);

/** The record of the folder. One that is no JSON was made by no ledger, and counts as none. */
export async function readOwner({ home }: Place): Promise<Owner | undefined> {
  const text = await readOwn(paths(home).owner).catch(() => '');
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined;
  }
}

/** The record with its age. Both moments are the file system's: another machine's clock may differ from ours. */
export async function findOwner(place: Place, probe: FileHandle): Promise<OwnerRecord | undefined> {
  const owner = await readOwner(place);
  if (owner === undefined) return undefined;
  await probe.write('.', 0);
  const [now, written] = await Promise.all([probe.stat(), stat(paths(place.home).owner).catch(() => undefined)]);
  return { owner, ageMs: written === undefined ? Infinity : now.mtimeMs - written.mtimeMs };
}

/** Puts the record where the last one was. */
export const writeOwner = ({ home, account }: Place, owner: Owner): Promise<void> =>
  writeOwn(paths(home).owner, JSON.stringify(owner), account);

export const ownerOf = (me: Namespace, locked: boolean): Owner => {
  const now = new Date().toISOString();
  return { ...me, host: hostname(), pid: process.pid, started_at: now, heartbeat_at: now, locked };
};

/** What the record and the lock say together: whose the folder is. `unknown`: a ledger before these records used it. */
export type Ownership =
  'ours' | 'free' | 'unknown' | { readonly stranger: Owner | undefined; readonly waitMs?: number };

/**
 * Whose the folder is. A lock that somebody holds is never argued with. One that is free proves that a server that held it
 * is dead, as long as the same kernel would know; of other machines, and of servers without a lock, the heartbeat decides.
 */
export function judge(me: Namespace | undefined, found: OwnerRecord | undefined, lock: FileLock['state']): Ownership {
  const owner = found?.owner;
  if (owner !== undefined && isOurs(me, owner)) return 'ours';
  if (lock === 'held') return { stranger: owner };
  if (found === undefined || owner === undefined) return 'unknown';
  if (owner.left_at !== undefined) return 'free';
  if (lock === 'taken' && owner.locked && owner.boot_id === me?.boot_id) return 'free';
  return Math.abs(found.ageMs) < FRESH_MS ? { stranger: owner, waitMs: FRESH_MS - found.ageMs } : 'free';
}

/** One line for who starts on a folder that a stranger has. */
export function refusal({ home }: Place, owner: Owner | undefined, waitMs?: number): string {
  const who =
    owner === undefined
      ? 'a process that left no owner record'
      : `process ${owner.pid} on host ${owner.host} (boot ${owner.boot_id}, ${owner.pid_namespace}, ${owner.network_namespace}), there since ${owner.started_at}`;
  const what =
    waitMs === undefined
      ? 'stop it first, or set LEDGER_DATA_DIR to another folder: one container per volume'
      : `it was heard of within the last ${FRESH_MS / 1_000} s; if it is gone, start again in ${Math.ceil(waitMs / 1_000)} s`;
  return `LEDGER_DATA_DIR: the database in ${home} is in use by ${who}; ${what}`;
}

/** Says that we use the folder's server, now and then; a record that has become a stranger's stays as it is. */
async function beat(place: Place, me: Namespace): Promise<void> {
  const owner = await readOwner(place);
  if (owner !== undefined && !isOurs(me, owner)) return;
  const { left_at: _, ...kept } = owner ?? ownerOf(me, false);
  await writeOwner(place, { ...kept, pid: process.pid, heartbeat_at: new Date().toISOString() });
}

/** Keeps the record fresh until it is stopped. A beat that fails is followed by the next. */
export async function keepBeating(place: Place, me: Namespace | undefined): Promise<{ stop(): Promise<void> }> {
  if (me === undefined) return { stop: async () => undefined };
  let last = beat(place, me).catch(() => undefined);
  await last;
  const timer = setInterval(() => (last = beat(place, me).catch(() => undefined)), HEARTBEAT_MS);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await last;
    },
  };
}
