import type { Page } from 'playwright-core';

/** Begins to watch for frames that take long: tasks that hold the page over 50 ms (Long Tasks API). */
export async function watchFrames(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const seen = ((globalThis as unknown as { longest: number[] }).longest = [0]);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.push(duration);
    }).observe({ type: 'longtask' as never }); // a browser's own entry, of which Node's types know nothing
  });
  return () => page.evaluate(() => Math.max(...(globalThis as unknown as { longest: number[] }).longest));
}
