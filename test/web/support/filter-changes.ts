import type { Locator, Page } from 'playwright-core';

/** Adds a filter in the dialog of a new one, which is that of the status at first. */
async function add(page: Page, choose: (dialog: Locator) => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: '+ Filter' }).click();
  await choose(page.getByRole('dialog'));
  await page.getByRole('button', { name: 'Add' }).click();
}

const chosen = async (dialog: Locator, label: string): Promise<void> =>
  void (await dialog.getByRole('combobox').first().selectOption(label));

const filled =
  (label: string, value: string) =>
  (page: Page): Promise<void> =>
    add(page, async (dialog) => {
      await chosen(dialog, label);
      await dialog.getByLabel('Value').fill(value);
    });

const status =
  (name: string, verb: 'is' | 'is not' = 'is') =>
  (page: Page): Promise<void> =>
    add(page, async (dialog) => {
      await dialog.getByLabel('Which way').selectOption(verb);
      await dialog.getByRole('checkbox', { name }).check();
    });

const removed =
  (chip: string) =>
  (page: Page): Promise<void> =>
    page.getByRole('button', { name: `Remove ${chip}` }).click();

const jumped =
  (text: string) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('searchbox').fill(text);
    await page.keyboard.press('Enter');
  };

const since =
  (ago: string) =>
  (page: Page): Promise<void> =>
    add(page, async (dialog) => {
      await chosen(dialog, 'created after');
      await dialog.getByRole('button', { name: ago }).click();
    });

const sorted =
  (column: string) =>
  (page: Page): Promise<void> =>
    page.getByRole('button', { name: column }).click();

/** A walk through the filters by hand, each change to a list that was not seen before: what is done, and what the address has then. */
export const CHANGES: readonly (readonly [act: (page: Page) => Promise<void>, address: string])[] = [
  [status('failed'), 'status=failed'],
  [filled('target', 'agents.summarise'), 'status=failed&target=agents.summarise'],
  [filled('workflow', 'nightly'), 'status=failed&target=agents.summarise&workflow_id=nightly'],
  [removed('status is failed'), 'target=agents.summarise&workflow_id=nightly'],
  [filled('label', 'env:dev'), 'target=agents.summarise&workflow_id=nightly&label=env:dev'],
  [removed('target is agents.summarise'), 'workflow_id=nightly&label=env:dev'],
  [removed('workflow is nightly'), 'label=env:dev'],
  [filled('label', 'team:3'), 'label=env:dev&label=team:3'],
  [removed('label is env:dev'), 'label=team:3'],
  [sorted('Duration'), 'label=team:3&sort=-duration_ms'],
  [jumped('exec-0099'), 'q=exec-0099'],
  [status('running'), 'q=exec-0099&status=running'],
  [jumped('run-huge'), 'q=run-huge'],
  [sorted('Last activity'), 'q=run-huge&sort=-last_activity_at'],
  [removed('id, run or workflow begins with run-huge'), 'sort=-last_activity_at'],
  [since('a week ago'), 'sort=-last_activity_at&created_after='],
  [status('succeeded', 'is not'), 'sort=-last_activity_at&created_after=&-status=succeeded'],
  [
    filled('error', 'connection refused'),
    'sort=-last_activity_at&created_after=&-status=succeeded&error=connection refused',
  ],
  [
    filled('kind', 'workflow'),
    'sort=-last_activity_at&created_after=&-status=succeeded&error=connection refused&kind=workflow',
  ],
  [removed('error holds connection refused'), 'sort=-last_activity_at&created_after=&-status=succeeded&kind=workflow'],
];
