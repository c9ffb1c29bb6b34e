import type { Page } from 'playwright-core';
import { region } from './page.js';

/** How many stand in each status, as the overview shows it. */
export async function countsShown(page: Page): Promise<Record<string, number>> {
  const cells = await region(page, 'By status').locator('li').allInnerTexts();
  return Object.fromEntries(
    cells.map((cell) => {
      const [status, count] = cell.trim().split(/\s+/);
      return [status, Number(count!.replaceAll(',', ''))];
    }),
  );
}
