import type { Locator, Page } from 'playwright-core';
import type { Site } from './site.js';

const OVERRIDE = '\u202e';
const HOSTILE = `<script>document.title='hit'</script>${OVERRIDE}gpj 👩‍💻`;
export const id = (n: number): string => `job-${String(n).padStart(4, '0')}`;

/** 250 that ended one way or another, of two workflows, and one whose every field is hostile. */
export async function fill(site: Site): Promise<void> {
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
export const drawn = (page: Page): Promise<string[]> =>
  page.locator('tr[data-id]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-id')!));

export const total = async (site: Site, query = ''): Promise<number> =>
  (await site.call('GET', `/executions?limit=1&count=true&${query}`)).body.total;

export const row = (page: Page, name: string): Locator => page.locator(`tr[data-id="${name}"]`);
export const says = (page: Page, text: string | RegExp): Promise<void> =>
  page.locator('.executions-state').getByText(text).first().waitFor();
