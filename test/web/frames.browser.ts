import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { fill, id, row } from './support/executions.js';
import { longestTask, LONGEST_FRAME_MS } from './support/frames.js';
import { reportSteadily } from './support/load.js';
import { describeSite, type Site } from './support/site.js';

const PER_SECOND = 500;
/** For how long, in milliseconds. */
const SPAN_MS = 15_000;

/** Watches a page while so many changes a second are reported; what was done in it, and its longest task. */
async function underLoad(
  site: Site,
  page: Page,
  { name, reportOf, act }: { name: string; reportOf: (n: number) => object; act: () => Promise<void> },
): Promise<number> {
  const stop = reportSteadily(site, PER_SECOND, reportOf);
  const { processor, clock } = await longestTask(page, async () => {
    const until = Date.now() + SPAN_MS;
    while (Date.now() < until) {
      await act();
      await page.waitForTimeout(500);
    }
  });
  const { sent, ms } = await stop();
  const rate = Math.round((1_000 * sent) / ms);
  console.log(`${name}, at ${rate} changes a second: the longest task took ${processor} ms, by the clock ${clock} ms`);
  expect(rate).toBeGreaterThan(PER_SECOND / 2); // else the machine was held up, and nothing was shown
  return processor;
}

describeSite('while five hundred changes a second are reported', (site) => {
  beforeAll(() => fill(site), 60_000);

  it('the list draws no long frame, follows, and stays in its place', async () => {
    const page = await site.open('/executions?sort=created_at');
    await row(page, id(0)).waitFor();
    const scroller = page.locator('.executions-scroll');
    let at = 0;
    const longest = await underLoad(site, page, {
      name: 'the list',
      // Of those that are shown, and of others; every tenth is one that there was not.
      reportOf: (n) => ({
        execution_id: n % 10 === 0 ? `new-${n}` : id((n * 7) % 250),
        status: 'running',
        progress: (n / 10) % 100,
        worker: `w-${n % 13}`,
      }),
      act: () => scroller.evaluate((element, top) => element.scrollTo({ top }), (at = (at + 700) % 3_500)),
    });
    expect(longest).toBeLessThan(LONGEST_FRAME_MS);
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(at);
    await scroller.evaluate((element) => element.scrollTo({ top: 0 }));
    const { body } = await site.call('GET', `/executions/${id(2)}`);
    await row(page, id(2)).getByText(body.worker, { exact: true }).waitFor();
  }, 60_000);

  it('one execution that they are all of draws no long frame, and follows', async () => {
    const report = (progress: number) => ({ execution_id: 'busy', status: 'running', progress });
    await site.call('POST', '/workflow/executions/events', report(0));
    const page = await site.open('/executions/busy');
    await page.getByText(/· now$/).waitFor();
    const longest = await underLoad(site, page, {
      name: 'one execution',
      reportOf: (n) => report((n % 1_000) / 10),
      act: () => Promise.resolve(),
    });
    expect(longest).toBeLessThan(LONGEST_FRAME_MS);
    const { body } = await site.call('GET', '/executions/busy');
    await page.getByText(`revision ${body.revision} of ${body.revision} · now`).waitFor();
  }, 60_000);
});
