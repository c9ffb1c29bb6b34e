import { beforeAll, expect, it } from '@jest/globals';
import { generateExecutions } from '../support/projection/million.js';
import { drawn } from './support/executions.js';
import { longestTask, LONGEST_FRAME_MS } from './support/frames.js';
import { know } from './support/know.js';
import { describeSite } from './support/site.js';

const MANY = 100_000;
/** While a hundred thousand rows are read, all that are there are put in their places anew for each page of them, in milliseconds. */
const LONGEST_READ_MS = 150;

describeSite('of a hundred thousand executions', (site) => {
  beforeAll(() => know(site, (client) => generateExecutions(client, MANY + 1_000, new Date().toISOString())), 600_000);

  it('a hundred thousand are scrolled through without a long frame', async () => {
    const page = await site.open('/executions');
    const scroller = page.locator('.executions-scroll');
    await page.locator('tr[data-id]').first().waitFor();
    const held = (): Promise<number> => scroller.evaluate((element) => Math.round((element.scrollHeight - 36) / 52)); // the head, and a row, are so high
    const reading = await longestTask(page, async () => {
      while ((await held()) < MANY)
        await scroller.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    });
    const scrolling = await longestTask(page, async () => {
      for (let step = 0; step < 100; step++) {
        await scroller.evaluate(
          (element, share) => element.scrollTo({ top: share * element.scrollHeight }),
          (step % 17) / 17,
        );
        await scroller.press('PageDown');
      }
    });
    expect((await drawn(page)).length).toBeLessThan(80);
    for (const [what, { processor, clock }, most] of [
      ['read', reading, LONGEST_READ_MS] as const,
      ['scrolled', scrolling, LONGEST_FRAME_MS] as const,
    ]) {
      console.log(`${MANY} rows ${what}: the longest task took ${processor} ms, by the clock ${clock} ms`);
      expect(processor).toBeLessThan(most);
    }
  }, 300_000);
});
