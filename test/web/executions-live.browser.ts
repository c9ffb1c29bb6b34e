import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { complaints } from './support/axe.js';
import { drawn, fill, id, row, says, total } from './support/executions.js';
import { signIn } from './support/page.js';
import { describeSite } from './support/site.js';

describeSite('the list while executions are reported', (site) => {
  beforeAll(() => fill(site), 60_000);
  const report = (execution_id: string, more: object) =>
    site.call('POST', '/workflow/executions/events', { execution_id, ...more });
  const act = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

  it('moves nothing under the pointer: rows change in their places, what is newer waits, and the pause holds all', async () => {
    const page = await site.open('/executions?q=job-');
    await row(page, id(249)).waitFor();
    await row(page, id(240)).getByRole('checkbox').check();
    await page.getByText('1 selected').waitFor();
    const before = (await drawn(page)).slice(0, 15);
    const top = (await row(page, id(240)).boundingBox())!.y;
    await report(id(239), { status: 'failed', error: 'late word' });
    await row(page, id(239)).getByText('late word').waitFor();
    await report('job-new-1', { status: 'running' });
    await report('job-new-2', { status: 'running' });
    await page.getByRole('button', { name: '2 newer' }).waitFor();
    await page.getByRole('status').getByText('2 newer executions').waitFor();
    expect((await drawn(page)).slice(0, 15)).toEqual(before);
    expect((await row(page, id(240)).boundingBox())!.y).toBe(top);
    await act(page, '2 newer');
    await row(page, 'job-new-2').waitFor();
    expect((await drawn(page)).slice(0, 2)).toEqual(['job-new-2', 'job-new-1']);
    expect(await row(page, id(240)).getByRole('checkbox').isChecked()).toBe(true);
    await says(page, `${await total(site, 'q=job-')} executions`);
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Paused: go on' }).waitFor();
    await report('job-new-1', { status: 'failed', error: 'while paused' });
    // The last there is: where the list stood before it, the page may pass over.
    const { position } = (await report('job-new-3', { status: 'running' })).body;
    await page.getByText(`position ${position}`).first().waitFor();
    expect(await page.getByText('while paused').count()).toBe(0);
    await page.keyboard.press('p');
    await row(page, 'job-new-1').getByText('while paused').waitFor();
    await page.getByRole('button', { name: '1 newer' }).waitFor();
  });

  it('comes back from an execution where it was, with what happened meanwhile', async () => {
    const page = await site.open('/executions?q=job-0&sort=created_at');
    await row(page, id(0)).waitFor();
    const scroller = page.locator('.executions-scroll');
    await scroller.evaluate((element) => element.scrollTo({ top: 2_600 }));
    await row(page, id(53)).getByRole('link').click();
    await page.waitForURL(`**/${id(53)}`);
    await report(id(53), { status: 'failed', error: 'while away' });
    await page.goBack();
    await row(page, id(53)).getByText('while away').waitFor();
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(2_600);
  });

  it('cancels what is selected, saying before what would win and why the rest would not, and after what did', async () => {
    const page = await site.open('/executions?q=job-&sort=created_at');
    await row(page, id(0)).getByRole('checkbox').click();
    await row(page, id(5))
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    const bar = page.getByRole('region', { name: 'Selection' });
    await bar.getByText('6 selected').waitFor();
    await bar.getByText('2 can be resumed, 4 can be cancelled').waitFor();
    await act(page, 'Cancel …');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('4 would be cancelled, 2 not').waitFor();
    await dialog.getByText('2 × succeeded: another outcome stands').waitFor();
    expect(await complaints(page)).toEqual([]);
    expect((await site.call('GET', `/executions/${id(2)}`)).body.status).toBe('running');
    await dialog.getByLabel(/^Reason/).fill('superseded');
    await page.keyboard.press('Enter');
    await dialog.getByText('4 cancelled, 0 not').waitFor(); // those that were shown to win, and no others
    await act(page, 'Close');
    await row(page, id(2)).getByText('cancelled').waitFor();
    expect((await site.call('GET', `/executions/${id(2)}`)).body.status).toBe('cancelled');
    expect((await site.call('GET', `/executions/${id(2)}/events`)).text).toContain('superseded');
  });

  it('resumes all that match, read or not, and never all there are', async () => {
    const page = await site.open('/executions?workflow_id=nightly&status=failed');
    const count = await total(site, 'workflow_id=nightly&status=failed');
    await row(page, id(248)).waitFor({ state: 'detached' });
    await page.locator('tr[data-id]').first().getByRole('checkbox').check();
    await act(page, `Select all ${count} that match`);
    await page.getByText(`${count} selected`).waitFor();
    await act(page, 'Resume …');
    await page.getByText(`${count} would be resumed, 0 not`).waitFor();
    await page.getByLabel(/^Reason/).fill('disk is back');
    // What comes to match after the preview was not agreed to.
    const late = { execution_id: 'after-the-preview', workflow_id: 'nightly', status: 'failed' };
    await site.call('POST', '/workflow/executions/events', late);
    await act(page, `Resume ${count}`);
    await page.getByText(`${count} resumed, 0 not`).waitFor();
    expect(await total(site, 'workflow_id=nightly&status=failed')).toBe(1);
    await page.goto('/executions?sort=created_at');
    await row(page, id(0)).waitFor();
    await page.getByLabel('Select the rows that are loaded').check();
    await act(page, /^Select all .* that match/);
    await page.getByText('add a filter').waitFor();
    expect(await page.getByRole('button', { name: 'Cancel …' }).isDisabled()).toBe(true);
  });
});

describeSite(
  'the list for a key that may only read',
  (site) => {
    it('shows what the key does not allow as disabled, and says why', async () => {
      const page = await site.open('/sign-in?next=/executions');
      await signIn(page, 'writes-of-twenty-and-more');
      await page.getByText('No execution was reported yet').waitFor();
      const headers = { authorization: 'Bearer writes-of-twenty-and-more' };
      await site.call('POST', '/workflow/executions/events', { execution_id: 'a', status: 'running' }, headers);
      await page.getByRole('button', { name: '1 newer' }).click();
      await row(page, 'a').getByRole('checkbox').check();
      await page.getByText('lacks the scope command').waitFor();
      for (const name of ['Cancel …', 'Resume …'])
        expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
    });
  },
  { API_KEYS: 'dana:writes-of-twenty-and-more:read+report' },
);
