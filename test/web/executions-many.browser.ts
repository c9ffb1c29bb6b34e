import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from '@jest/globals';
import { generateExecutions } from '../support/million.js';
import { withClient } from '../support/postgres.js';
import { drawn } from './support/executions.js';
import { longestTask, LONGEST_FRAME_MS } from './support/frames.js';
import { describeSite, type Site } from './support/site.js';

const MANY = 100_000;
/** While a hundred thousand rows are read, all that are there are put in their places anew for each page of them, in milliseconds. */
const LONGEST_READ_MS = 150;

/** Has the ledger know of so many executions, of which the log knows nothing: they are rows of the list alone. */
async function know(site: Site): Promise<void> {
  await site.stop();
  await withClient(site.databaseUrl, async (client) => {
    const { rows } = await client.query('select projection, version, position from ledger.checkpoints');
    await generateExecutions(client, MANY + 1_000, new Date().toISOString());
    for (const { projection, version, position } of rows)
      await client.query('update ledger.checkpoints set position = $1 where projection = $2 and version = $3', [
        ...[position, projection, version],
      ]);
    await client.query('vacuum analyze');
  });
  await site.start();
}

describeSite('of a hundred thousand executions', (site) => {
  beforeAll(() => know(site), 600_000);

  it('an export has fifty thousand, and says that there are more', async () => {
    const page = await site.open('/executions?columns=execution&sort=created_at');
    await page.locator('tr[data-id]').first().waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    const download = page.waitForEvent('download', { timeout: 100_000 });
    await page.getByRole('button', { name: 'CSV', exact: true }).click();
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    await page.getByText('50,000 exported; there are more: narrow the filters for the rest').waitFor();
    expect(lines[0]).toBe('execution_id,workflow_id');
    expect(new Set(lines.slice(1)).size).toBe(50_000);
  }, 120_000);

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
