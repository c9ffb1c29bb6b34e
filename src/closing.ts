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

/** Closes phase after phase, whatever becomes of the one before; answers the names of what did not end, or failed. */
export async function closeInOrder(phases: readonly Phase[]): Promise<string[]> {
  const open: string[] = [];
  for (const { parts, limitMs } of phases) {
    const closing = Object.entries(parts).map(async ([name, close]) => {
      const ended = await within(close(), limitMs).catch(() => false);
      if (!ended) open.push(name);
    });
    await Promise.all(closing);
  }
  return open;
}
