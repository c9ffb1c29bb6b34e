import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../errors.js';
import { type FileLock, takeLock } from './file-lock.js';
import { findOwner, judge, type Namespace, type Owner, refusal } from './owner.js';
import type { Place } from './place.js';
import { postmaster } from './postmaster.js';

/** The right to start a server in a folder. */
export interface Claim {
  readonly lock: FileLock;
  /** What the record said before. */
  readonly before: Owner | undefined;
}

const POLL_MS = 50;
/** Who takes the lock writes its record right after: so long is waited for it before it is called a stranger's. */
const SETTLE_MS = 2_000;
/** How long the last processes of a dead server of ours may hold its lock. */
const ORPHANS_MS = 60_000;

async function tryToClaim(place: Place, me: Namespace | undefined, waitedMs: number): Promise<Claim | 'wait' | 'join'> {
  const lock = await takeLock(place);
  let claimed = false;
  try {
    const found = await findOwner(place, lock.file);
    const standing = judge(me, found, lock.state);
    if (lock.state === 'held') {
      if (standing === 'ours' && (await postmaster(place))) return 'join';
      if (waitedMs < (standing === 'ours' ? ORPHANS_MS : SETTLE_MS)) return 'wait';
      throw new StartError([refusal(place, found?.owner)]);
    }
    if (typeof standing === 'object') throw new StartError([refusal(place, standing.stranger, standing.waitMs)]);
    claimed = true;
    return { lock, before: found?.owner };
  } finally {
    if (!claimed) await lock.file.close();
  }
}

/**
 * Claims the folder; undefined when a server of our own comes up there, to be joined.
 * @throws StartError naming the owner when the folder is a stranger's.
 */
export async function claim(place: Place, me: Namespace | undefined): Promise<Claim | undefined> {
  for (const since = Date.now(); ; await sleep(POLL_MS)) {
    const claimed = await tryToClaim(place, me, Date.now() - since);
    if (claimed === 'join') return undefined;
    if (claimed !== 'wait') return claimed;
  }
}
