import { timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { digestOf, fingerprintOf, type ApiKey } from './api-key.js';

/** How keys differ from those of before; one that changed is among both. */
export interface KeyChange {
  readonly added: readonly ApiKey[];
  readonly removed: readonly ApiKey[];
}

/** The API keys that are taken now. */
export class KeyRing {
  private readonly used = new Map<string, number>();

  constructor(
    private keys: readonly ApiKey[],
    private readonly clock: () => number = Date.now,
  ) {}

  /** Whether there are keys at all: without them whoever is on this machine is let in. */
  get isEmpty(): boolean {
    return this.keys.length === 0;
  }

  /** The key that a caller sent, ended or not. */
  find(sent: string): ApiKey | undefined {
    const digest = digestOf(sent);
    return this.findBy((key) => timingSafeEqual(key.digest, digest)); // digests have one length
  }

  /** The key that somebody proved to have, ended or not. Every key is looked at, so that the time taken tells nothing. */
  findBy(isProved: (key: ApiKey) => boolean): ApiKey | undefined {
    const [found] = this.keys.filter(isProved);
    if (found && this.isTaken(found)) this.used.set(fingerprintOf(found), this.clock());
    return found;
  }

  /** Whether a key is among them still, as it was, and has not ended. */
  isTaken(key: ApiKey): boolean {
    return this.keys.includes(key) && (key.until === undefined || this.clock() < key.until);
  }

  /** Takes these keys from now on, and answers what differs, if anything does. Whoever came with a key that stays notices nothing. */
  replace(keys: readonly ApiKey[]): KeyChange | undefined {
    const before = this.keys;
    this.keys = keys.map((key) => before.find((known) => isDeepStrictEqual(known, key)) ?? key);
    const added = this.keys.filter((key) => !before.includes(key));
    const removed = before.filter((key) => !this.keys.includes(key));
    return added.length + removed.length > 0 ? { added, removed } : undefined;
  }

  /** When each key was last used since this was last asked, by its fingerprint; in milliseconds since the epoch. */
  takeUses(): ReadonlyMap<string, number> {
    const uses = new Map(this.used);
    this.used.clear();
    return uses;
  }
}
