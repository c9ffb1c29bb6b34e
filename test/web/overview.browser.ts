import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { complaints } from './support/axe.js';
import { LOOKS } from './support/browser.js';
import { keysFile } from './support/keys.js';
import { countsShown } from './support/overview.js';
import { overflow, region, signIn } from './support/page.js';
import { describeSite, type Site } from './support/site.js';

/** Text of producers as it should not be. */
const HOSTILE = `<script>document.title='pwned'</script><img src=x onerror="document.title='pwned'">\u202egpj.exe 😀`;

const tell = ({ call }: Site, id: string, status: string, more = {}) =>
  call('POST', '/workflow/executions/events', { execution_id: id, status, ...more });

async function tellOfADay(site: Site): Promise<void> {
  for (const at of [1, 2, 3]) {
    const error = `RateLimitError: 429 after ${at} retries`;
    await tell(site, `embed-${at}`, 'failed', { workflow_id: 'nightly', target: 'embed.batch', error });
  }
  for (const at of [1, 2, 3, 4]) await tell(site, `page-${at}`, 'succeeded', { target: 'fetch.page', kind: 'crawl' });
  await tell(site, 'release-1', 'waiting', { workflow_id: 'release', target: 'deploy' });
  await tell(site, 'agent-1', 'running', { kind: 'agent' });
  await site.call('POST', '/executions/embed-1/resume', { new_attempt: true });
}

/** Waits for figures as of where the log ends now. */
async function settled(site: Site, page: Page): Promise<void> {
  const { body } = await site.call('GET', '/executions?limit=1&sort=-last_activity_at');
  const position = new Intl.NumberFormat('en').format(Number(body.executions[0].position));
  await region(page, 'By status').getByText(`position ${position}`).waitFor();
}

describeSite('the overview', (site) => {
  it('of nothing says so, and is whole', async () => {
    const page = await site.open('/');
    await page.getByText('Nothing has happened yet.').waitFor();
    await page.getByText('Nothing failed in the last 24 h.').waitFor();
    expect(Object.values(await countsShown(page))).toEqual(Array.from({ length: 9 }, () => 0));
    expect(await complaints(page)).toEqual([]);
  });

  it('follows what happens, and stands still while it is paused or somebody is at it', async () => {
    const page = await site.open('/');
    await tellOfADay(site);
    const lately = region(page, 'Lately');
    await lately.getByText('release-1').waitFor();
    await page.keyboard.press('p');
    await lately.getByText('paused').waitFor();
    const before = await lately.locator('li .id').allInnerTexts();
    await tell(site, 'agent-2', 'running', { kind: 'agent' });
    await lately.getByText('1 newer').waitFor();
    expect(await lately.locator('li .id').allInnerTexts()).toEqual(before);
    await lately.getByRole('button', { name: 'goes on' }).click();
    await lately.getByText('agent-2').waitFor();
    await lately.locator('li').first().hover();
    await tell(site, 'agent-3', 'running', { kind: 'agent' });
    await lately.getByText('1 newer').waitFor();
    expect(await lately.getByText('agent-3').count()).toBe(0);
    await page.getByRole('heading', { name: 'Overview' }).hover();
    await lately.getByText('agent-3').waitFor();
  });

  it('shows every figure as the API has it, each with the way to what it counts', async () => {
    const page = await site.open('/');
    await settled(site, page);
    const { body } = await site.call('GET', '/status-counts');
    expect(await countsShown(page)).toEqual(body.counts);
    const failed = region(page, 'By status').getByRole('link', { name: /^failed/ });
    expect(await failed.getAttribute('href')).toBe('/executions?status=failed');

    const { groups } = (await site.call('GET', '/failure-groups')).body;
    const [group] = groups;
    expect(groups).toHaveLength(1);
    const row = region(page, 'Why they failed').getByRole('row').nth(1);
    expect((await row.innerText()).replace(/\s+/g, ' ')).toContain(`${group.count} ${group.standing} still`);
    expect(await row.innerText()).toContain(group.pattern.replaceAll('<', '‹').replaceAll('>', '›'));
    const times = row.locator('time');
    const [first, last] = [await times.first().getAttribute('datetime'), await times.last().getAttribute('datetime')];
    expect([first, last]).toEqual([group.first_at, group.last_at]);
    await row.getByRole('link', { name: group.example }).waitFor();
    const listed = new URL((await row.getByRole('link').first().getAttribute('href'))!, site.url);
    const list = await site.call('GET', `/executions${listed.search}&count=true`);
    expect([listed.pathname, list.body.total]).toEqual(['/executions', group.standing]);

    const { items } = (await site.call('GET', '/inbox')).body;
    const inbox = region(page, 'Needs a person');
    for (const { kind, count, query } of items) {
      const item = inbox.locator(`[data-kind=${kind}]`);
      expect([kind, await item.locator('b').innerText()]).toEqual([kind, String(count)]);
      const link = item.getByRole('link');
      expect([kind, await link.count()]).toEqual([kind, count > 0 ? 1 : 0]);
      if (count > 0) expect(await link.getAttribute('href')).toBe(query.replace('/api/v1', ''));
    }
    const all = items.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    expect(all).toBeGreaterThan(0);
    await page
      .getByRole('navigation')
      .getByRole('link', { name: new RegExp(`^Overview\\s*, need a person: ${all}$`) })
      .waitFor();
  });

  it('shows outcomes over time, by what the address says; a bar leads to what it counts', async () => {
    const page = await site.open('/');
    const outcomes = region(page, 'Outcomes');
    await outcomes.getByText('The figures, each with its list').click();
    const [bucket] = (await site.call('GET', '/executions/histogram?interval=30m')).body.buckets.filter(
      ({ counts }: { counts: object }) => Object.keys(counts).length > 0,
    );
    const row = outcomes.getByRole('row').filter({ has: page.locator(`time[datetime="${bucket.from}"]`) });
    const cells = await row.locator('td').allInnerTexts();
    const { succeeded = 0, failed = 0, timeout = 0, cancelled = 0 } = bucket.counts;
    expect(cells.slice(1, 5)).toEqual([succeeded, failed, timeout, cancelled].map(String));
    expect(await outcomes.getByRole('img').count()).toBe(2);
    await outcomes.getByRole('link', { name: 'target', exact: true }).click();
    await outcomes.getByText('The figures, each with its list').click();
    await outcomes.getByRole('columnheader', { name: 'fetch.page' }).waitFor();
    expect(new URL(page.url()).search).toBe('?by=target');
    const drawn = outcomes.getByRole('img', { name: /outcomes in the last 24 h, by target/ });
    const { width, height } = (await drawn.boundingBox())!;
    await drawn.click({ position: { x: width - 1, y: height - 1 } });
    await page.waitForURL(/completed_before=/);
    const listed = new URL(page.url()).searchParams;
    const [from, to] = ['completed_after', 'completed_before'].map((name) => Date.parse(listed.get(name)!));
    expect(to! - from!).toBe(30 * 60_000 + 1);
  });

  it('is narrowed by its address, and says what cannot be', async () => {
    const page = await site.open('/?kind=crawl&last=7d');
    await page.getByText('of every kind: counts are not kept by kind').waitFor();
    await page.getByText('Of all executions: it cannot be narrowed.').waitFor();
    await page.getByText('Nothing failed in the last 7 days.').waitFor();
    await region(page, 'Lately').getByText('page-1').waitFor();
    expect(await region(page, 'Lately').locator('li').count()).toBe(4);
    await page.getByLabel('kind').fill('');
    await page.getByLabel('target').fill('embed.batch');
    await page.keyboard.press('Enter');
    await region(page, 'Why they failed').getByText('3 in the last 7 days').waitFor();
    expect(new URL(page.url()).search).toBe('?last=7d&target=embed.batch');
    const { body } = await site.call('GET', '/status-counts?target=embed.batch');
    expect(await countsShown(page)).toEqual(body.counts);
    await page.reload();
    expect(await page.getByLabel('target').inputValue()).toBe('embed.batch');
    await page.goBack();
    await page.getByRole('link', { name: '31 days' }).click();
    await page.getByText('in the last 31 days').waitFor();
  });

  it('shows text of producers as text, and does nothing that it says', async () => {
    const said = { target: HOSTILE, workflow_id: HOSTILE, kind: HOSTILE, error: HOSTILE + 'w'.repeat(1_000_000) };
    await tell(site, 'hostile', 'failed', said);
    const page = await site.open(`/?${new URLSearchParams({ target: HOSTILE }).toString()}`);
    await region(page, 'Why they failed').getByText('<script>document.title=').first().waitFor();
    await region(page, 'Lately').getByText('hostile').first().waitFor();
    expect(await page.title()).toBe('Execution ledger');
    expect(await page.locator('main script, main img').count()).toBe(0);
  });

  it.each(LOOKS)('is looked at; axe finds nothing ($look)', async (look) => {
    const page = await site.open('/', look);
    await region(page, 'Why they failed').getByRole('row').nth(1).waitFor();
    await region(page, 'Needs a person').locator('[data-kind=silent]').waitFor();
    await region(page, 'Lately').locator('li').first().waitFor();
    expect(await complaints(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });

  it('is walked by keys alone', async () => {
    const page = await site.open('/');
    await region(page, 'Needs a person').locator('[data-kind=failed_and_resumable]').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/executions\?status=failed&status=timeout&resumable=true/);
    await page.goBack();
    const cell = region(page, 'By status').getByRole('link', { name: /^waiting/ });
    await cell.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/executions\?status=waiting$/);
  });
});

const KEYS = keysFile('reader reader-of-twenty-letters read ids=ci-*', 'writer writer-of-twenty-letters report');

describeSite(
  'the overview, for whoever may see a part',
  (site) => {
    beforeAll(async () => {
      const key = { authorization: 'Bearer writer-of-twenty-letters' };
      await site.call('POST', '/workflow/executions/events', { execution_id: 'ci-1', status: 'failed' }, key);
    });

    it('says what it is not shown, and shows the rest', async () => {
      const page = await site.open('/sign-in?next=/');
      await signIn(page, 'reader-of-twenty-letters');
      // How many stand in each status, outcomes over time, and why they failed.
      const told = page.getByRole('alert').filter({ hasText: 'Not allowed: this is about all executions' });
      await told.nth(2).waitFor();
      for (const name of ['Outcomes', 'Why they failed']) await region(page, name).getByRole('alert').waitFor();
      expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
      await region(page, 'Lately').getByText('ci-1').waitFor();
      const item = region(page, 'Needs a person').locator('[data-kind=failed_and_resumable]');
      // The list is all that a key without the scope for commands can be led to.
      await item.getByRole('link', { name: 'Look: failed and resumable' }).waitFor();
      expect(await complaints(page)).toEqual([]);
    });
  },
  { API_KEYS_FILE: KEYS },
);
