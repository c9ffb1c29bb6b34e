import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { complaints } from './support/axe.js';
import { LOOKS } from './support/browser.js';
import { drawn, fill, id, row, says, total } from './support/executions.js';
import { overflow } from './support/page.js';
import { describeSite } from './support/site.js';

describeSite('the list of executions', (site) => {
  beforeAll(() => fill(site), 60_000);
  let page: Page;
  const shows = (count: number): Promise<void> => says(page, new RegExp(`^${count} executions?`));
  const search = (): string => decodeURIComponent(new URL(page.url()).search);

  it.each(LOOKS)('is whole, hostile text included, and nothing of it is out of reach ($look)', async (look) => {
    const others = '-workflow_id=nightly&-workflow_id=release';
    page = await site.open(`/executions?${others}`, look);
    await shows(await total(site, others));
    await row(page, `h-${'💥'.repeat(20)}`).waitFor();
    expect(await page.locator('main').innerText()).toContain(look.viewport.width < 760 ? '💥' : '\\u202egpj');
    expect(await page.title()).not.toBe('hit');
    expect(await overflow(page)).toBe(0);
    expect(await complaints(page)).toEqual([]);
    for (const menu of ['+ Filter', 'Columns', 'Export', 'Views']) {
      await page.getByRole('button', { name: menu }).click();
      await page.getByRole('dialog').waitFor();
      expect([menu, await complaints(page)]).toEqual([menu, []]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.getByLabel('Select the rows that are loaded').check();
    await page.getByRole('region', { name: 'Selection' }).waitFor();
    expect(await complaints(page)).toEqual([]);
  });

  it('is filtered by chips that are its address: added, turned round, edited, removed, back and reloaded', async () => {
    page = await site.open('/executions');
    await page.getByRole('button', { name: '+ Filter' }).click();
    await page.getByRole('checkbox', { name: 'failed' }).check();
    await page.getByRole('button', { name: 'Add' }).click();
    await shows(await total(site, 'status=failed'));
    expect(search()).toBe('?status=failed');
    await page.getByRole('button', { name: 'status is failed', exact: true }).click();
    await page.getByLabel('Which way').selectOption('is not');
    await page.getByRole('button', { name: 'Change' }).click();
    await shows(await total(site, '-status=failed'));
    await page.getByRole('button', { name: '+ Filter' }).click();
    await page.getByRole('dialog').getByRole('combobox').first().selectOption('workflow');
    await page.getByLabel('Value').fill('release');
    await page.keyboard.press('Enter');
    await shows(await total(site, '-status=failed&workflow_id=release'));
    expect(search()).toBe('?-status=failed&workflow_id=release');
    await page.reload();
    await shows(await total(site, '-status=failed&workflow_id=release'));
    await page.getByRole('button', { name: 'Remove status is not failed' }).click();
    await shows(await total(site, 'workflow_id=release'));
    await page.goBack();
    await shows(await total(site, '-status=failed&workflow_id=release'));
  });

  it('says what the API says of a filter that there is not, and leads out of a list that is empty', async () => {
    page = await site.open('/executions?statuss=failed');
    await page.getByRole('alert').getByText('statuss').waitFor();
    await page.getByRole('button', { name: /^Remove statuss/ }).click();
    await shows(await total(site));
    await page.goto('/executions?q=nothing-begins-so');
    await page.getByRole('button', { name: 'Remove the filters' }).click();
    await shows(await total(site));
  });

  it('is read on as it is scrolled to its end, in the order of its header', async () => {
    page = await site.open('/executions?q=job-');
    await page.getByRole('button', { name: 'Last activity' }).click();
    await page.locator('th[aria-sort=descending]').getByText('Last activity').waitFor();
    expect(search()).toContain('sort=-last_activity_at');
    await page.goto('/executions?q=job-&sort=created_at');
    await row(page, id(0)).waitFor();
    const scroller = page.locator('.executions-scroll');
    const isAtEnd = async (): Promise<boolean> => {
      await scroller.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
      return row(page, id(249)).isVisible();
    };
    const until = Date.now() + 8_000;
    while (!(await isAtEnd())) expect(Date.now()).toBeLessThan(until);
    expect((await drawn(page)).length).toBeLessThan(60);
  });

  it('is moved through by keys alone, and an id is jumped to', async () => {
    page = await site.open('/executions?q=job-&sort=created_at');
    await row(page, id(0)).waitFor();
    for (const key of ['j', 'j', 'k', 'j', 'x']) await page.keyboard.press(key);
    await page.getByRole('region', { name: 'Selection' }).getByText('1 selected').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('3 selected').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/executions/${id(3)}`);
    await page.goBack();
    await row(page, id(3)).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('job-00');
    await page.keyboard.press('Enter');
    await shows(await total(site, 'q=job-00'));
    expect(search()).toBe('?q=job-00');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(id(7));
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/executions/${id(7)}`);
  });

  it('has the columns that are chosen, in their order, keeps views that are links, and is exported', async () => {
    page = await site.open('/executions?status=failed&sort=created_at');
    await page.getByRole('button', { name: 'Columns' }).click();
    for (const name of ['Target', 'Worker', 'Progress', 'Duration', 'Last activity'])
      await page.getByRole('dialog').getByRole('checkbox', { name }).click();
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Kind' }).check();
    await page.getByRole('button', { name: 'Move Execution up' }).click();
    await page.keyboard.press('Escape');
    expect(search()).toContain('columns=execution,status,says,kind');
    expect(await page.locator('thead th').allInnerTexts()).toEqual(['', 'Execution', 'Status', 'Says', 'Kind']);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Save what is shown as').fill('failures');
    await page.getByRole('button', { name: 'Save' }).click();
    const kept = page.url();
    await page.goto('/executions');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('link', { name: 'failures' }).click();
    await shows(await total(site, 'status=failed'));
    expect(page.url()).toBe(kept);
    await page.getByRole('button', { name: 'Export' }).click();
    const exported = async (name: string): Promise<string[]> => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name, exact: true }).click();
      return readFileSync(await (await download).path(), 'utf8')
        .trimEnd()
        .split(/\r?\n/);
    };
    const csv = await exported('CSV');
    expect(csv[0]).toBe('execution_id,workflow_id,status,error,status_reason,message,kind');
    expect(csv[1]).toBe(`${id(1)},release,failed,no disk on host 1,,,`);
    expect(csv.length - 1).toBe(await total(site, 'status=failed'));
    const listed = (await site.call('GET', '/executions?status=failed&sort=created_at&limit=1')).body.executions;
    expect(JSON.parse((await exported('NDJSON'))[0]!)).toEqual(listed[0]);
  });
});
