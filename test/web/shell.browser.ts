import { expect, it } from '@jest/globals';
import { LOOKS } from './support/browser.js';
import { signIn } from './support/page.js';
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

    it('an address of another site is not followed after a sign-in', async () => {
      const page = await site.open('/sign-in?next=//example.test/');
      await signIn(page, 'a-right-key-of-twenty-and-more');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      expect(page.url()).toBe(`${site.url}/`);
    });
  },
  { API_KEYS: 'dana:a-right-key-of-twenty-and-more:read+command' },
);
