import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The system's Chromium: `CHROMIUM_PATH`, or the first by its usual names on the `PATH`. */
export const executablePath =
  process.env['CHROMIUM_PATH'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isProgram);

export const DESKTOP = { viewport: { width: 1_360, height: 1_000 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** The sizes and themes that a page is looked at in. */
export const LOOKS = [
  { look: 'desktop, light', ...DESKTOP, colorScheme: 'light' },
  { look: 'desktop, dark', ...DESKTOP, colorScheme: 'dark' },
  { look: 'phone, light', ...PHONE, colorScheme: 'light' },
  { look: 'phone, dark', ...PHONE, colorScheme: 'dark' },
] as const;

/** A page of the ledger, and what went wrong in it: errors of scripts, words on the console, requests to elsewhere. */
export interface Visit {
  readonly page: Page;
  readonly wrong: string[];
}

let browser: Promise<Browser> | undefined;

/** One browser for all tests of a process; each visit has a profile of its own. */
export async function visit(url: string, path: string, options: BrowserContextOptions = DESKTOP): Promise<Visit> {
  browser ??= chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] }); // CI is root
  const context = await (
    await browser
  ).newContext({ baseURL: url, reducedMotion: 'reduce', timezoneId: 'Europe/Berlin', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000); // below the limit of a test, whose failure would say less
  const wrong: string[] = [];
  page.on('pageerror', ({ message }) => wrong.push(message));
  page.on('console', (message) => {
    // A refusal of the API is told by the page, and written to the console by the browser itself.
    if (message.type() === 'error' && !/Failed to load resource|EventSource/.test(message.text()))
      wrong.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(?:data|blob):/.test(request.url())) wrong.push(`asked ${request.url()}`);
  });
  await page.goto(path);
  return { page, wrong };
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}
