import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { caller, type Call } from '../../support/ledger/caller.js';
import { startProgram, type Program } from '../../support/process/program.js';
import { freePort, startServer, type TestServer } from '../../support/store/server.js';
import { closeBrowser, executablePath, visit, type Visit } from './browser.js';

/** A ledger as it was built, with its pages, in a process of its own that can be stopped and started again. */
export interface Site {
  readonly url: string;
  readonly call: Call;
  /** Its PostgreSQL. */
  readonly databaseUrl: string;
  /** Opens a page; when the test ends nothing must have gone wrong in it. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Stops the ledger; its pages stay open. */
  stop(): Promise<void>;
  /** Starts it again where it was. */
  start(): Promise<void>;
}

/** A ledger for the browser tests of the enclosing block. */
function usingSite(env: Record<string, string>): Site {
  let server: TestServer;
  let program: Program;
  let port: number;
  const visits: Visit[] = [];
  const start = async (): Promise<void> => {
    program = startProgram(
      { DATABASE_URL: server.url('postgres'), PORT: String(port), LOG_LEVEL: 'error', ...env },
      'built',
    );
    await program.url;
  };
  const stop = async (): Promise<void> => {
    program.child.kill();
    await program.end;
  };
  beforeAll(async () => {
    [server, port] = [await startServer([]), await freePort()];
    await start();
  }, 60_000);
  afterEach(async () => {
    const seen = visits.splice(0);
    await Promise.all(seen.map(({ page }) => page.context().close()));
    expect(seen.flatMap(({ wrong }) => wrong)).toEqual([]);
  });
  afterAll(async () => {
    await closeBrowser();
    await stop();
    await server.stop();
  }, 60_000);
  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get databaseUrl() {
      return server.url('postgres');
    },
    call: (...asked) => caller(`http://127.0.0.1:${port}`)(...asked),
    open: async (path, options) => {
      const opened = await visit(`http://127.0.0.1:${port}`, path, options);
      visits.push(opened);
      return opened.page;
    },
    stop,
    start,
  };
}

/** Tests in a real browser; without one they are left out, and said to be, but in CI, where they fail. */
export function describeSite(name: string, test: (site: Site) => void, env: Record<string, string> = {}): void {
  if (executablePath === undefined && process.env['CI'] === undefined)
    return describe.skip(`${name}: left out, for no Chromium was found; CHROMIUM_PATH may name it`, () =>
      test(usingSite(env)));
  describe(name, () => test(usingSite(env)));
}
