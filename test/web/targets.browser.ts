import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { complaints } from './support/axe.js';
import { LOOKS } from './support/browser.js';
import { keysFile } from './support/keys.js';
import { overflow, region, signIn } from './support/page.js';
import { describeSite, type Site } from './support/site.js';

/** Text of a producer as it should not be. */
const HOSTILE = `<script>document.title='pwned'</script>\u202egpj.exe 😀`;
const HOUR_MS = 3_600_000;

/** Ends an execution of a target so many hours ago, after so many seconds of work. */
function end({ call }: Site, target: string, status: string, hoursAgo: number, seconds: number) {
  const ended = Date.now() - hoursAgo * HOUR_MS;
  const execution_id = `${target.slice(0, 20).replaceAll(/\W/g, '-')}-${status}-${hoursAgo}-${seconds}`;
  const tell = (word: string, at: number) =>
    call('POST', '/workflow/executions/events', {
      execution_id,
      target,
      status: word,
      occurred_at: new Date(at).toISOString(),
    });
  return tell('running', ended - seconds * 1_000).then(() => tell(status, ended));
}

async function tellOfTwoDays(site: Site): Promise<void> {
  for (const [hoursAgo, seconds] of [
    [2, 40],
    [5, 50],
    [30, 10],
  ] as const)
    await end(site, 'embed.batch', 'succeeded', hoursAgo, seconds);
  await end(site, 'embed.batch', 'failed', 2, 60);
  for (const hoursAgo of [1, 2, 3, 4, 30]) await end(site, 'fetch.page', 'succeeded', hoursAgo, 5);
  await end(site, HOSTILE, 'failed', 1, 1);
}

const names = (page: Page) => region(page, 'All targets').locator('tbody tr td:first-child a').allInnerTexts();

describeSite('targets', (site) => {
  it('that nothing ended of are said to be none', async () => {
    const page = await site.open('/targets');
    await page.getByText('Nothing ended in the last 24 h.').waitFor();
    await tellOfTwoDays(site);
  });

  it('show every figure as the API has it, sorted by the address, and which got slower', async () => {
    const page = await site.open('/targets');
    const table = region(page, 'All targets');
    await table.getByRole('row', { name: /embed\.batch/ }).waitFor();
    const { targets } = (await site.call('GET', '/target-health')).body;
    const embed = targets.find(({ target }: { target: string }) => target === 'embed.batch');
    const cells = await table
      .getByRole('row', { name: /embed\.batch/ })
      .locator('td')
      .allInnerTexts();
    const seconds = (ms: number) => `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
    const { p50, p95, p99 } = embed.durations_ms;
    expect(embed.outcomes).toEqual({ failed: { worker: 1 }, succeeded: { worker: 2 } });
    expect(cells.slice(1, 7)).toEqual([
      '3',
      '1',
      '33 %',
      ...[p50, p95, p99].map((ms) => (ms < 60_000 ? seconds(ms) : '1 min')),
    ]);
    expect(Number(cells[7]!.replace(' ×', ''))).toBeGreaterThan(4);
    expect((await names(page))[0]).toBe('fetch.page');
    await table.getByRole('link', { name: 'Slower' }).press('Enter');
    await table.getByRole('columnheader', { name: 'Slower' }).and(page.locator('[aria-sort=descending]')).waitFor();
    expect((await names(page))[0]).toBe('embed.batch');
    await page.reload();
    await table.getByRole('columnheader', { name: 'Slower' }).and(page.locator('[aria-sort=descending]')).waitFor();
    const listed = new URL(
      (await table
        .getByRole('row', { name: /embed\.batch/ })
        .getByRole('link', { name: '3' })
        .getAttribute('href'))!,
      site.url,
    );
    expect((await site.call('GET', `/executions${listed.search}&count=true`)).body.total).toBe(3);
    expect(await page.title()).toBe('Execution ledger');
    expect(await page.locator('main script, main img').count()).toBe(0);
  });

  it('are opened hour by hour, and compared side by side', async () => {
    const page = await site.open('/targets?target=embed.batch');
    const one = region(page, 'embed.batch');
    await one.getByText('The figures, each with its list').click();
    const [told] = (await site.call('GET', '/target-health?target=embed.batch')).body.targets;
    for (const { hour, outcomes } of told.hours) {
      const row = one.getByRole('row').filter({ has: page.locator(`time[datetime="${hour}"]`) });
      const cells = await row.locator('td').allInnerTexts();
      const counts = [outcomes.succeeded?.worker ?? 0, outcomes.failed?.worker ?? 0, 0, 0];
      expect([hour, ...cells.slice(1, 5)]).toEqual([hour, ...counts.map(String)]);
    }
    await page.getByRole('link', { name: 'compare with fetch.page' }).click();
    await region(page, 'fetch.page').getByRole('img').first().waitFor();
    expect(new URL(page.url()).search).toBe('?target=embed.batch&with=fetch.page');
    await page.getByRole('link', { name: 'close embed.batch' }).click();
    await one.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?target=fetch.page');
    await page.goBack();
    await one.waitFor();
  });

  it.each(LOOKS)('are looked at; axe finds nothing ($look)', async (look) => {
    const page = await site.open('/targets?target=embed.batch&with=fetch.page&last=7d', look);
    await region(page, 'fetch.page').getByRole('img').first().waitFor();
    await region(page, 'All targets').getByRole('row').nth(1).waitFor();
    expect(await complaints(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });
});

const KEYS = keysFile('reader reader-of-twenty-letters read ids=ci-*');

describeSite(
  'targets, for a key that is confined to some executions',
  (site) => {
    it.each(LOOKS)('say that they are about all, and offer nothing that would not help ($look)', async (look) => {
      const page = await site.open('/targets?target=embed.batch', look);
      await signIn(page, 'reader-of-twenty-letters');
      const told = page.getByRole('alert');
      await told.nth(1).waitFor(); // that of the target, and that of all
      for (const words of await told.allInnerTexts())
        expect(words).toBe(
          'Not allowed: this is about all executions, and the API key is confined to ids that begin with "ci-"',
        );
      expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
      expect(await complaints(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    });
  },
  { API_KEYS_FILE: KEYS },
);
