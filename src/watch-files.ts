import { unwatchFile, watchFile } from 'node:fs';

/** How often files are looked at, in milliseconds. One may be a link that is turned to another file: only asking sees that. */
const LOOK_MS = 1_000;

/** Takes what files hold whenever one of them changes. What cannot be taken is `refused`, and what was taken before holds on. */
export function watchFiles(
  files: readonly string[],
  take: () => void,
  refused: (error: unknown) => void,
): { stop(): Promise<void> } {
  const look = (): void => {
    try {
      take();
    } catch (error) {
      refused(error);
    }
  };
  for (const file of files) watchFile(file, { interval: LOOK_MS, persistent: false }, look);
  look(); // one may have changed since the start read it
  return { stop: async () => files.forEach((file) => unwatchFile(file, look)) };
}
