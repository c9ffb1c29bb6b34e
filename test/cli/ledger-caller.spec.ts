import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { usingLedger } from '../support/ledger/ledger.js';
import { freePort } from '../support/store/server.js';
import { toldBy, type CommandOutcome } from '../support/process/told.js';

/** An API key of the tests' own. */
const KEY = 'open-sesame-0123456789';

const ledger = usingLedger();
const run = (...args: string[]): Promise<CommandOutcome> => toldBy(...args, '--url', ledger.url);

describe('a ledger that does not do as asked', () => {
  const stranger = async (listener: RequestListener, ask: (url: string) => Promise<void>): Promise<void> => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).finally(() => server.close());
  };

  it.each(['show', 'history', 'cancel'])('knows no such execution: %s', async (asked) => {
    expect(await run(asked, 'nobody')).toMatchObject({
      exit: 1,
      refused: expect.stringMatching(/nobody|no such execution/),
    });
  });

  it('is out of reach', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await toldBy('list', '--url', url)).toMatchObject({
      exit: 1,
      refused: `no ledger answers at ${url}: start one with npm start, or set LEDGER_URL (ECONNREFUSED)`,
    });
  });

  it('is none, or has an address that is none', async () => {
    await stranger(
      (_, answer) => void answer.end('hello'),
      async (url) =>
        expect((await toldBy('list', '--url', url)).refused).toMatch(/is no ledger: HTTP 200 without JSON/),
    );
    for (const url of ['localhost:8080', 'ftp://x', 'http://me:secret@x', ''])
      expect(await toldBy('list', '--url', url)).toMatchObject({
        exit: 2,
        refused: expect.stringMatching(/^LEDGER_URL, or --url: expected an address such as [^@]*$/),
      });
    expect(await run('list', '--key', 'a\nsecret')).toMatchObject({
      exit: 2,
      refused: expect.stringMatching(/^LEDGER_KEY, or --key: it has a character/),
    });
  });

  it('is asked again under the same id while it says 503, and no more than five times', async () => {
    const ids: unknown[] = [];
    await stranger(
      (asked, answer) => {
        ids.push(asked.headers['idempotency-key']);
        answer.writeHead(503, { 'retry-after': '0', 'content-type': 'application/problem+json' });
        answer.end(JSON.stringify({ detail: 'too much is waiting' }));
      },
      async (url) =>
        expect(await toldBy('pause', 'x', '--url', url)).toMatchObject({ exit: 1, refused: 'too much is waiting' }),
    );
    expect([ids.length, new Set(ids).size, typeof ids[0]]).toEqual([5, 1, 'string']);
  });
});

describe('a ledger with keys', () => {
  const locked = usingLedger({ API_KEYS: `ci:${KEY}:read` });
  afterAll(() => void delete process.env['LEDGER_KEY']);

  it('wants one, says so, and takes it from --key or LEDGER_KEY', async () => {
    const without = await toldBy('list', '--url', locked.url);
    expect(without).toMatchObject({ exit: 1, refused: expect.stringMatching(/; set LEDGER_KEY, or give --key$/) });
    expect(await toldBy('list', '--url', `${locked.url}/`, '--key', KEY)).toMatchObject({ exit: 0 });
    process.env['LEDGER_KEY'] = KEY;
    expect(await toldBy('list', '--url', locked.url)).toMatchObject({ exit: 0, out: 'no execution is like that\n' });
    expect(await toldBy('cancel', 'x', '--url', locked.url)).toMatchObject({
      exit: 1,
      refused: expect.stringMatching(/scope/),
    });
  });

  it('takes its key from the file that LEDGER_KEY_FILE names, where none is given', async () => {
    delete process.env['LEDGER_KEY'];
    const file = join(await mkdtemp(join(tmpdir(), 'key-')), 'key');
    process.env['LEDGER_KEY_FILE'] = file;
    expect(await toldBy('list', '--url', locked.url)).toMatchObject({
      exit: 2,
      refused: `LEDGER_KEY_FILE: ${JSON.stringify(file)} cannot be read (ENOENT)`,
    });
    await writeFile(file, `${KEY}\n`);
    expect(await toldBy('list', '--url', locked.url)).toMatchObject({ exit: 0 });
    expect(await toldBy('list', '--url', locked.url, '--key', 'another')).toMatchObject({ exit: 1 });
    delete process.env['LEDGER_KEY_FILE'];
  });
});
