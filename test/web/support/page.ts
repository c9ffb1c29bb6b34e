import type { Locator, Page } from 'playwright-core';

/** Signs in where a page asks for a key. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** By how many pixels a page is wider than the screen: by none where nothing of it is out of reach. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** A part of a page, by its heading. */
export const region = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
