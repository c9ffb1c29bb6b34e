import { expect, it } from '@jest/globals';
import { complaints } from './support/axe.js';
import { LOOKS, PHONE } from './support/browser.js';
import { overflow, signIn } from './support/page.js';
import { describeSite } from './support/site.js';

const PAGES = [
  ['/', 'Overview'],
  ['/executions', 'Executions'],
  ['/targets', 'Targets'],
  ['/projections', 'Projections'],
  ['/connect', 'Connect'],
] as const;

describeSite('the pages', (site) => {
  it.each(LOOKS)('each has its address, is reached by its link and survives a reload ($look)', async (look) => {
    const page = await site.open('/', look);
    for (const [path, name] of PAGES) {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      expect(new URL(page.url()).pathname).toBe(path);
      await page.reload();
      await page.getByRole('heading', { level: 1, name }).waitFor();
    }
  });

  it('say that a clock is off, show times by that of the ledger, and are no wider for it on a phone', async () => {
    const { body } = await site.call('POST', '/workflow/executions/events', { execution_id: 'now', status: 'running' });
    expect(body.applied).toBe(true);
    const page = await site.open('/connect', PHONE);
    await page.addInitScript('{ const { now } = Date; Date.now = () => now() + 26 * 3_600_000; }');
    await page.goto('/executions');
    await page.getByText(/your clock is 1 d/).waitFor();
    await page
      .locator('tr[data-id=now] time')
      .getByText(/^(?:now|\d+ (?:s|min) ago)$/)
      .waitFor();
    expect(await overflow(page)).toBe(0);
  });

  it('say that the connection is lost, come back by themselves and go on without a reload', async () => {
    const page = await site.open('/');
    await page.getByText(/^as of /).waitFor();
    await site.stop();
    await page.getByText('connection lost').waitFor();
    await site.start();
    await page.getByText(/^as of /).waitFor({ timeout: 15_000 });
  });
});

describeSite(
  'with keys',
  (site) => {
    it('a page asks for a key, says when it is wrong, and then goes where it was meant to', async () => {
      const page = await site.open('/projections?a=b');
      await signIn(page, 'wrong-key-wrong-key-wrong');
      await page.getByRole('alert').filter({ hasText: 'the API key is not known' }).waitFor();
      await signIn(page, 'a-right-key-of-twenty-and-more');
      await page.getByRole('heading', { name: 'Projections' }).waitFor();
      expect(page.url()).toBe(`${site.url}/projections?a=b`);
      await page.getByText('signed in as dana').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('API key').waitFor();
    });

    it('a phone has a menu for what stands beside the pages elsewhere: time zone, theme, who is there and the way out', async () => {
      const page = await site.open('/executions', PHONE);
      await signIn(page, 'a-right-key-of-twenty-and-more');
      await site.call(
        'POST',
        '/workflow/executions/events',
        { execution_id: 'a', status: 'running' },
        { authorization: 'Bearer a-right-key-of-twenty-and-more' },
      );
      await page.goto('/executions/a');
      const created = page.locator('.fact', { hasText: /^created/ }).locator('time');
      expect(await created.innerText()).not.toMatch(/UTC$/);
      await page.getByRole('button', { name: 'You and how you read' }).tap();
      const menu = page.getByRole('dialog', { name: 'You and how you read' });
      await menu.getByText('signed in as dana').waitFor();
      expect(await complaints(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await menu.getByRole('button', { name: 'Time zone: local time' }).tap();
      await menu.getByRole('button', { name: 'Time zone: UTC' }).waitFor();
      await menu.getByRole('button', { name: 'Theme: auto theme' }).tap();
      await menu.getByRole('button', { name: 'Theme: light theme' }).tap();
      await page.keyboard.press('Escape');
      await menu.waitFor({ state: 'detached' });
      expect(await created.innerText()).toMatch(/UTC$/);
      expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
      await page.getByRole('button', { name: 'You and how you read' }).tap();
      await menu.getByRole('button', { name: 'Sign out' }).tap();
      await page.getByLabel('API key').waitFor();
      expect((await page.request.get('/api/v1/session')).status()).toBe(401);
    });

    it('an address of another site is not followed after a sign-in', async () => {
      const page = await site.open('/sign-in?next=//example.test/');
      await signIn(page, 'a-right-key-of-twenty-and-more');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      expect(page.url()).toBe(`${site.url}/`);
    });
  },
  { API_KEYS: 'dana:a-right-key-of-twenty-and-more:read+report+command' },
);
