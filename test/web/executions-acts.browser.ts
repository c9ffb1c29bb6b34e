import { beforeAll, expect, it } from '@jest/globals';
import { fill, id, row, says, total } from './support/executions.js';
import { describeSite } from './support/site.js';

const MANY = 620;

describeSite('what is done with the list', (site) => {
  beforeAll(async () => {
    await fill(site);
    const many = Array.from({ length: MANY }, (_, n) => ({
      execution_id: `many-${String(n).padStart(3, '0')}`,
      workflow_id: 'many',
      status: n % 10 === 0 ? 'succeeded' : 'running',
    }));
    expect((await site.call('POST', '/reports', many)).status).toBe(200);
  }, 60_000);

  it('an export that is stopped saves nothing, and another can be begun', async () => {
    const page = await site.open('/executions?q=job-');
    await row(page, id(249)).waitFor();
    let downloads = 0;
    page.on('download', () => downloads++);
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    // The answer is the ledger's; it is only kept back until the export was stopped.
    await page.route('**/api/v1/executions?**limit=500**', async (route) => {
      await held;
      await route.continue().catch(() => undefined); // stopped: nobody waits for it any more
    });
    await page.getByRole('button', { name: 'Export' }).click();
    const menu = page.getByRole('dialog', { name: 'Export' });
    await menu.getByRole('button', { name: 'NDJSON' }).click();
    await menu.getByText('0 read …').waitFor();
    expect(await menu.getByRole('button', { name: 'CSV', exact: true }).isDisabled()).toBe(true);
    await menu.getByRole('button', { name: 'Stop' }).click();
    await menu.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
    goOn();
    const download = page.waitForEvent('download');
    await menu.getByRole('button', { name: 'CSV', exact: true }).click();
    expect((await download).suggestedFilename()).toBe('executions.csv');
    await menu.getByText('250 exported').waitFor();
    expect(downloads).toBe(1);
  });

  it('more than one request takes are cancelled in several, each shown with its receipt', async () => {
    const page = await site.open('/executions?workflow_id=many&sort=created_at');
    await says(page, new RegExp(`^${MANY} executions`));
    const scroller = page.locator('.executions-scroll');
    const isAtEnd = async (): Promise<boolean> => {
      await scroller.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
      return row(page, `many-${MANY - 1}`).isVisible();
    };
    const until = Date.now() + 10_000;
    while (!(await isAtEnd())) expect(Date.now()).toBeLessThan(until);
    await page.getByLabel('Select the rows that are loaded').check();
    await page.getByText(`${MANY} selected`).waitFor();
    const sizes: number[] = [];
    page.on('request', (request) => {
      if (!request.url().endsWith('/bulk/cancel')) return;
      sizes.push((request.postDataJSON() as { execution_ids: string[] }).execution_ids.length);
    });
    await page.getByRole('button', { name: 'Cancel …' }).click();
    const dialog = page.getByRole('dialog');
    const over = MANY / 10;
    await dialog.getByText(`${MANY - over} would be cancelled, ${over} not`).waitFor();
    await dialog.getByText(`${over} × succeeded: another outcome stands`).waitFor();
    await dialog.getByLabel(/^Reason/).fill('superseded');
    await page.keyboard.press('Enter');
    await dialog.getByText(`${MANY - over} cancelled, 0 not`).waitFor();
    expect(sizes).toEqual([500, MANY - 500, 500, MANY - over - 500]);
    expect(await total(site, 'workflow_id=many&status=cancelled')).toBe(MANY - over);
    expect(await total(site, 'workflow_id=many&status=succeeded')).toBe(over);
  }, 60_000);

  it('a moment that is typed is that of the clock that is shown, and is edited by the other one', async () => {
    const page = await site.open('/executions');
    await page.getByRole('button', { name: '+ Filter' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Filter').selectOption('created after');
    expect(await dialog.getByRole('button', { name: 'Add' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Moment (local time)').fill('2026-01-31T13:05:07');
    await page.keyboard.press('Enter');
    const asked = (): string | null => new URL(page.url()).searchParams.get('created_after');
    await page.getByRole('button', { name: /^created after 31 Jan 2026, 13:05:07 (?:CET|GMT\+1)$/ }).waitFor();
    expect(asked()).toBe('2026-01-31T12:05:07.000Z');
    await page.getByRole('button', { name: /^Time zone/ }).click();
    await page.getByRole('button', { name: 'created after 31 Jan 2026, 12:05:07 UTC', exact: true }).click();
    const moment = dialog.getByLabel('Moment (UTC)');
    expect(await moment.inputValue()).toBe('2026-01-31T12:05:07');
    await moment.fill('2030-06-30T00:00:00');
    await dialog.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('button', { name: 'Remove the filters' }).waitFor();
    expect(asked()).toBe('2030-06-30T00:00:00.000Z');
    await page.goBack();
    await says(page, new RegExp(`^${await total(site, `created_after=${asked()!}`)} executions`));
  });
});
