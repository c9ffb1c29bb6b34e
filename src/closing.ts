/** Whether `work` ended within so many milliseconds. It goes on if it did not. @throws what it throws in time */
export function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), ms);
    void work.then(() => resolve(true), reject).finally(() => clearTimeout(timer));
  });
}

/** Parts that are closed at once, by the names that the log calls them, and how long they may take. */
export interface Phase {
  readonly parts: Readonly<Record<string, () => Promise<unknown>>>;
  readonly limitMs: number;
}

/** How long what outlived its phase may take once all others are closed, in milliseconds. */
const GRACE_MS = 500;

/**
 * Closes phase after phase, whatever becomes of the one before; answers the names of what did not end, or failed. What waits
 * for a part of a later phase (a read of a store that stands still) ends when that part is closed: it counts as ended.
 */
export async function closeInOrder(phases: readonly Phase[]): Promise<string[]> {
  const open = new Set<string>();
  const closing: Promise<unknown>[] = [];
  for (const { parts, limitMs } of phases) {
    const ofPhase = Object.entries(parts).map(([name, close]) => {
      open.add(name);
      return close().then(
        () => open.delete(name),
        () => false,
      );
    });
    closing.push(...ofPhase);
    await within(Promise.all(ofPhase), limitMs);
  }
  await within(Promise.all(closing), GRACE_MS);
  return [...open];
}
