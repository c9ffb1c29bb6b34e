import { expect, it } from '@jest/globals';
import { brotliDecompressSync } from 'node:zlib';
import { raw } from '../http/suite/http.js';
import { describeSite } from './support/site.js';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
/** What a browser loads before it shows anything, in bytes as they come over the wire (docs/performance.md, The pages). */
const FIRST_LOAD = 200 * 1_024;
const POLICY =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'";

describeSite('the pages', (site) => {
  const paths = [
    '/',
    '/executions',
    '/executions/a%2Fb',
    '/targets',
    '/projections',
    '/connect',
    '/sign-in',
    '/executions?status=failed',
  ];

  it('are one document and files of their own origin, kept for ever by their names', async () => {
    const documents = await Promise.all(paths.map((path) => raw(site.url, { path, headers: HTML })));
    const [{ text, headers }] = documents as [(typeof documents)[0]];
    for (const one of documents) expect([one.status, one.text]).toEqual([200, text]);
    expect(headers).toMatchObject({ 'content-security-policy': POLICY, 'cache-control': 'no-cache' });
    const files = [...text.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map(([, file]) => file!)
      .filter((file) => file !== '/docs');
    expect(files.length).toBeGreaterThan(2);
    for (const path of files) {
      expect(path).toMatch(/^\/assets\/[\w-]+-[\w-]{8}\.(?:js|css|svg)$/);
      const file = await raw(site.url, { path });
      expect([path, file.status, file.headers['cache-control']]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
      ]);
    }
  });

  it('come compressed, and the first of them in at most 200 KB', async () => {
    const page = await site.open('/connect');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const shownMs = (await page.evaluate('performance.now()')) as number;
    const entries = (await page.evaluate(
      "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).map(({ name, encodedBodySize, decodedBodySize }) => [name, encodedBodySize, decodedBodySize])",
    )) as [string, number, number][];
    const bytes = entries.reduce((sum, [, encoded]) => sum + encoded, 0);
    console.log(
      `the first page loads ${Math.round(bytes / 1_024)} KB in ${entries.length} files, and is there after ${Math.round(shownMs)} ms`,
    );
    expect(entries.length).toBeGreaterThan(2);
    expect(bytes).toBeLessThan(FIRST_LOAD);
    const [script] = entries.find(([name]) => name.endsWith('.js'))!;
    const packed = Buffer.from(await (await fetchRaw(script)).arrayBuffer());
    expect(brotliDecompressSync(packed).length).toBeGreaterThan(packed.length * 2);
  });

  it('tell a program where to go, and an unknown file that it is not there', async () => {
    const { body } = (await raw(site.url, { path: '/', headers: { accept: 'application/json' } })) as {
      body?: unknown;
    };
    expect(body ?? JSON.parse((await raw(site.url, { path: '/' })).text)).toMatchObject({ name: 'execution-ledger' });
    for (const [path, status] of [
      ['/assets/none.js', 404],
      ['/assets/../package.json', 403],
      ['/assets/%2e%2e/package.json', 403],
    ] as const)
      expect([path, (await raw(site.url, { path })).status]).toEqual([path, status]);
  });
});

describeSite(
  'an address that is no page',
  (site) => {
    const ask = (path: string, accept: string, method = 'GET') => raw(site.url, { path, method, headers: { accept } });

    it('is said to be none in a page of its own, with the status 404, to whoever has not signed in as well', async () => {
      const document = await ask('/executions', HTML.accept);
      for (const path of ['/nowhere', '/executions/a/b', '/apis', '/nowhere?a=/api/'])
        expect([path, await ask(path, HTML.accept)]).toMatchObject([
          path,
          {
            status: 404,
            text: document.text,
            headers: { 'content-security-policy': POLICY, 'cache-control': 'no-cache' },
          },
        ]);
      const page = await site.open('/nowhere');
      await page.getByRole('heading', { level: 1, name: 'No such page' }).waitFor();
      await page.getByRole('link', { name: 'Go to the overview' }).click();
      await page.getByLabel('API key').waitFor();
    });

    it.each([
      ['GET', '/nowhere', 'application/json'],
      ['GET', '/nowhere', '*/*'],
      ['POST', '/nowhere', HTML.accept],
      ...['/api/v1/nothing', '//api/nothing', '/v1/nothing', '/docs/nothing', '/sources/nothing'].map(
        (path) => ['GET', path, HTML.accept] as const,
      ),
      ...['/health/nothing', '/metrics/nothing', '/assets/none.js'].map((path) => ['GET', path, HTML.accept] as const),
    ])('is a problem where a program asks: %s %s, accepting %s', async (method, path, accept) => {
      const { status, headers } = await ask(path, accept, method);
      expect([401, 404]).toContain(status);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    });
  },
  { API_KEYS: 'dana:a-right-key-of-twenty-and-more:read' },
);

/** A file as it comes, not unpacked: Node's own fetch would unpack it. */
async function fetchRaw(url: string): Promise<Response> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) =>
    request(url, { headers: { 'accept-encoding': 'br' } }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve(new Response(Buffer.concat(pieces))));
    })
      .on('error', reject)
      .end(),
  );
}
