import { beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { PROJECTIONS } from '../../projections/index.js';
import type { JsonObject } from '../../src/domain/json.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { withClient } from '../support/store/postgres.js';
import { complaints } from './support/axe.js';
import { LOOKS } from './support/browser.js';
import { keysFile } from './support/keys.js';
import { overflow, region, signIn } from './support/page.js';
import { describeSite } from './support/site.js';

const NAME = 'run-tree';
const of = (page: Page, name = NAME) => region(page, name);
const figure = (page: Page, what: string) =>
  of(page)
    .locator('.projection-figures > div', { has: page.locator('dt', { hasText: new RegExp(`^${what}$`) }) })
    .locator('dd');

/** Asks for something by its button and its dialog. */
async function ask(page: Page, action: string): Promise<string> {
  await of(page).getByRole('button', { name: action, exact: true }).click();
  const dialog = page.getByRole('dialog');
  const told = await dialog.locator('p').first().innerText();
  await dialog.getByRole('button', { name: action, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  return told;
}

/** Appends as a producer does that needs no ledger: to the stream of an execution called poisoned. */
async function append(connectionString: string, event: { type: string; data: JsonObject }): Promise<void> {
  const store = createPostgresEventStore({ connectionString });
  const events = [{ ...event, eventId: randomUUID(), metadata: {} }];
  await store.append({ stream: 'execution-poisoned', events, expectedRevision: 'any' }).finally(() => store.close());
}

describeSite('projections', (site) => {
  beforeAll(async () => {
    for (const id of ['a', 'b', 'c'])
      await site.call('POST', '/workflow/executions/events', { execution_id: id, status: 'failed', target: 't' });
  });

  it.each(LOOKS)('are all there, with their figures as the API has them; axe finds nothing ($look)', async (look) => {
    const page = await site.open('/projections', look);
    for (const { name } of PROJECTIONS) await of(page, name).waitFor();
    const { head } = (await site.call('GET', `/projections/${NAME}`)).body;
    await expect(figure(page, 'position').innerText()).resolves.toBe(head);
    await expect(figure(page, 'behind').innerText()).resolves.toMatch(/^0 events/);
    expect(await complaints(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });

  it('are verified, rebuilt, rolled back, pruned, paused and resumed, each told before it is done', async () => {
    const page = await site.open('/projections');
    expect(await ask(page, 'Verify')).toMatch(/compares the two/);
    await of(page)
      .getByText(/verification verified, 3 rows compared/)
      .waitFor({ timeout: 15_000 });
    expect(await ask(page, 'Rebuild')).toMatch(/Makes a new version .* Version 1 is kept for a rollback/);
    await of(page)
      .getByText(/rebuild swapped/)
      .waitFor({ timeout: 15_000 });
    expect(await figure(page, 'version').innerText()).toMatch(/^\d+, and 1 kept$/);
    expect(await ask(page, 'Roll back')).toMatch(/Version 1 catches up/);
    await of(page)
      .getByText(/rollback swapped/)
      .waitFor({ timeout: 15_000 });
    expect(await ask(page, 'Prune')).toMatch(/no rollback to it any more/);
    await of(page).getByRole('button', { name: 'Roll back' }).waitFor({ state: 'detached' });
    await ask(page, 'Pause');
    await of(page).getByText('paused').waitFor();
    await ask(page, 'Resume');
    await of(page).getByText('live', { exact: true }).waitFor();
  }, 90_000);

  it('show an event that cannot be read, and try it again', async () => {
    await append(site.databaseUrl, { type: 'ExecutionStarted', data: { attempt: 'first' } });
    const page = await site.open('/projections');
    await of(page).getByText('One event is parked').waitFor({ timeout: 15_000 });
    const parked = of(page).getByRole('table', { name: 'Parked events' });
    await parked.getByRole('link', { name: 'poisoned' }).waitFor();
    expect(await parked.innerText()).toContain('expected number, received string');
    expect(await ask(page, 'Retry parked events')).toMatch(/Tries the parked event again/);
    await of(page).getByRole('button', { name: 'Retry parked events' }).waitFor({ timeout: 15_000 });
    await of(page).getByText('One event is parked').waitFor();
  }, 60_000);

  it('show the drift of a row field by field', async () => {
    await withClient(site.databaseUrl, (client) =>
      client.query(`update ledger.run_tree set status = 'running' where execution_id = 'a'`),
    );
    const page = await site.open('/projections');
    await ask(page, 'Verify');
    const row = of(page)
      .getByRole('table', { name: 'The first differences' })
      .getByRole('row', { name: /^a status/ });
    await row.waitFor({ timeout: 15_000 });
    expect((await row.innerText()).split('\t').map((cell) => cell.trim())).toEqual([
      'a',
      'status',
      'running',
      'failed',
    ]);
  }, 60_000);
});

describeSite(
  'projections, for whoever may only read',
  (site) => {
    it('have actions that it does not give, and why', async () => {
      const page = await site.open('/sign-in?next=/projections');
      await signIn(page, 'reader-of-twenty-letters');
      await page.getByText('a key needs the scope operate').waitFor();
      expect(await of(page).getByRole('button', { name: 'Rebuild' }).isDisabled()).toBe(true);
    });
  },
  { API_KEYS: 'reader:reader-of-twenty-letters:read' },
);

const KEYS = keysFile('keeper keeper-of-twenty-letters read+operate ids=ci-*');

describeSite(
  'projections, for a key that is confined to some executions',
  (site) => {
    it('are not shown, whatever else the key may, and the page says why', async () => {
      const page = await site.open('/projections');
      await signIn(page, 'keeper-of-twenty-letters');
      await page.getByRole('alert').getByText('Not allowed: this is about all executions').waitFor();
      expect(await page.getByRole('region').count()).toBe(0);
      expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
      expect(await complaints(page)).toEqual([]);
    });
  },
  { API_KEYS_FILE: KEYS },
);
