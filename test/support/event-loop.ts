import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How the process fared while something ran. */
export interface Strain {
  /** The longest that the event loop was held, in milliseconds. */
  readonly heldMs: number;
  /** The most memory beyond what was there before, in bytes: resident, looked at every 20 ms. */
  readonly grownBytes: number;
}

/** Watches the event loop of this process, and its memory, while something runs. */
export async function strainOf(work: () => Promise<unknown>): Promise<Strain> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const before = process.memoryUsage.rss();
  let most = before;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  delay.enable();
  try {
    await work();
  } finally {
    delay.disable();
    clearInterval(look);
  }
  return { heldMs: delay.max / 1e6, grownBytes: most - before };
}
