import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { LOOKS } from './support/browser.js';
import { describeSite, type Site } from './support/site.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on a page as it stands: the rule and where. The button that React Aria has beside a popover for those who hear the
 * page read stands in no region. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(`axe.run({ rules: { region: { enabled: document.querySelector('[role=dialog]') === null } } }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target.join(' '))))`);
}

const OVERRIDE = '\u202e';
const HOSTILE = `<script>document.title='hit'</script>${OVERRIDE}gpj 👩‍💻`;
const id = (n: number): string => `job-${String(n).padStart(4, '0')}`;

/** 250 that ended one way or another, of two workflows, and one whose every field is hostile. */
async function fill(site: Site): Promise<void> {
  const outcomes = ['succeeded', 'failed', 'running'];
  const reports = Array.from({ length: 250 }, (_, n) => ({
    execution_id: id(n),
    status: outcomes[n % 3],
    workflow_id: n % 2 === 0 ? 'nightly' : 'release',
    target: `target-${n % 5}`,
    worker: `w-${n % 7}`,
    ...(n % 3 === 1 && { error: `no disk on host ${n}` }),
  }));
  const hostile = {
    execution_id: `h-${'💥'.repeat(20)}`,
    workflow_id: HOSTILE,
    target: HOSTILE,
    worker: HOSTILE,
    message: 'x'.repeat(200_000),
    status: 'running',
    labels: { [HOSTILE]: HOSTILE },
  };
  const { status, text } = await site.call('POST', '/reports', [...reports, hostile]);
  if (status !== 200) throw new Error(text);
}

/** Ids of the rows that are drawn, from the top. */
const drawn = (page: Page): Promise<string[]> =>
  page.locator('tr[data-id]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-id')!));

const total = async (site: Site, query = ''): Promise<number> =>
  (await site.call('GET', `/executions?limit=1&count=true&${query}`)).body.total;

const row = (page: Page, name: string) => page.locator(`tr[data-id="${name}"]`);
const says = (page: Page, text: string | RegExp) => page.locator('.executions-state').getByText(text).first().waitFor();

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
    const isWider = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
    expect(await page.evaluate(isWider)).toBe(false);
    expect(await faults(page)).toEqual([]);
    for (const menu of ['+ Filter', 'Columns', 'Export', 'Views']) {
      await page.getByRole('button', { name: menu }).click();
      await page.getByRole('dialog').waitFor();
      expect([menu, await faults(page)]).toEqual([menu, []]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.getByLabel('Select the rows that are loaded').check();
    await page.getByRole('region', { name: 'Selection' }).waitFor();
    expect(await faults(page)).toEqual([]);
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
    await report('job-new-3', { status: 'running' });
    await page
      .getByText(`position ${(await site.call('GET', '/executions?limit=1')).body.as_of.position}`)
      .first()
      .waitFor();
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
    expect(await faults(page)).toEqual([]);
    expect((await site.call('GET', `/executions/${id(2)}`)).body.status).toBe('running');
    await dialog.getByLabel(/^Reason/).fill('superseded');
    await page.keyboard.press('Enter');
    await dialog.getByText('4 cancelled, 2 not').waitFor();
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
    await act(page, `Resume ${count}`);
    await page.getByText(`${count} resumed, 0 not`).waitFor();
    expect(await total(site, 'workflow_id=nightly&status=failed')).toBe(0);
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
      await page.getByLabel('API key').fill('writes-of-twenty-and-more');
      await page.getByRole('button', { name: 'Sign in' }).click();
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
