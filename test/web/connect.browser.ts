import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SNIPPETS } from '../../src/web/pages/connect/snippets.js';
import { complaints } from './support/axe.js';
import { LOOKS } from './support/browser.js';
import { overflow, signIn } from './support/page.js';
import { describeSite } from './support/site.js';

const run = promisify(execFile);
/** What is pasted into a shell as it stands. */
const OF_A_SHELL = [
  ['curl', 'running'],
  ['CloudEvents', 'running'],
  ['Any command', 'succeeded'],
] as const;

describeSite('connecting', (site) => {
  it.each(LOOKS)('each way is shown with the address of this ledger; axe finds nothing ($look)', async (look) => {
    const page = await site.open('/connect', look);
    for (const { name } of SNIPPETS) {
      await page.getByRole('navigation', { name: 'Ways to report' }).getByRole('link', { name, exact: true }).click();
      const text = page.getByRole('region', { name: `${name}, to paste` });
      await text.waitFor();
      if (name !== 'Direct append') expect(await text.innerText()).toContain(site.url);
    }
    expect(await complaints(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });

  it.each(OF_A_SHELL)('%s, pasted as it stands, is seen arriving as %s', async (name, status) => {
    const page = await site.open(`/connect?by=${encodeURIComponent(name)}`);
    const text = page.getByRole('region', { name: `${name}, to paste` });
    await text.waitFor();
    await page.getByText('waiting for').waitFor();
    await page.getByText(/^as of /).waitFor(); // the stream is open
    await run('bash', ['-c', await text.innerText()]);
    await page.getByText('It has arrived').waitFor();
    await page.getByRole('status').filter({ hasText: status }).waitFor();
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByRole('heading', { level: 1, name: /^hello-/ }).waitFor();
  });
});

describeSite(
  'connecting with keys',
  (site) => {
    it('fills in a key that is given, and refuses what would be read as something else', async () => {
      const page = await site.open('/sign-in?next=/connect');
      await signIn(page, 'a-right-key-of-twenty-and-more');
      const text = page.getByRole('region', { name: 'curl, to paste' });
      await text.getByText('Bearer YOUR-KEY').waitFor();
      await page.getByLabel('A key with the scope report').fill(`'; rm -rf ~ #`);
      await page.getByRole('alert').filter({ hasText: 'A key has letters' }).waitFor();
      expect(await text.innerText()).toContain('Bearer YOUR-KEY');
      await page.getByLabel('A key with the scope report').fill('another-key-of-twenty');
      await text.getByText('Bearer another-key-of-twenty').waitFor();
    });
  },
  { API_KEYS: 'dana:a-right-key-of-twenty-and-more:read' },
);
