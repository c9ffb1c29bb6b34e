import type { ApiKey } from './api-key.js';
import type { KeyChange, KeyRing } from './key-ring.js';
import { watchFiles } from '../watch-files.js';

export interface WatchedKeys {
  readonly file: string;
  /** The keys as they stand in the file. @throws when any of them cannot be used */
  readonly read: () => readonly ApiKey[];
  readonly changed: (keys: readonly ApiKey[], change: KeyChange) => void;
  /** Nothing was changed: the keys of before are taken on. */
  readonly refused: (error: unknown) => void;
}

/** Takes the keys of a file as it changes, all or none. */
export function watchKeys(ring: KeyRing, { file, read, changed, refused }: WatchedKeys): { stop(): Promise<void> } {
  const take = (): void => {
    const keys = read();
    const change = ring.replace(keys);
    if (change) changed(keys, change);
  };
  return watchFiles([file], take, refused);
}
