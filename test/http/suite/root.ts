import { describe, expect, it } from '@jest/globals';
import { raw, serving, type Start } from './http.js';

const PLACES = ['docs', 'openapi', 'health', 'executions', 'stream'];

const KEY = { authorization: 'Bearer key-of-all' };

/** `GET /`: where to go. */
export function describeRoot(start: Start): void {
  describe.each([
    ['without keys', {}],
    ['with keys', { API_KEYS: 'all:key-of-all' }],
  ])('GET / %s', (_, env) => {
    const http = serving(start, env);

    it('tells a program where to go, and every place is there', async () => {
      const { status, body } = await http.get('//');
      expect([status, body.name, body.version]).toEqual([200, 'execution-ledger', expect.stringMatching(/^\d/)]);
      expect(Object.keys(body.links)).toEqual(PLACES);
      const { stream, ...places } = body.links as Record<string, string>;
      for (const path of Object.values(places))
        expect([path, (await http.get(`/${path}`, KEY)).status]).toEqual([path, 200]);
      expect((await raw(http.url, { method: 'HEAD', path: stream!, headers: KEY })).status).toBe(200);
    });

    it('may be linked to from elsewhere, for it shows nothing of anybody', async () => {
      const { status } = await raw(http.url, { path: '/', headers: { 'sec-fetch-site': 'cross-site' } });
      expect(status).toBe(200);
    });

    it('answers HEAD, and no other verb', async () => {
      const { status, text } = await raw(http.url, { method: 'HEAD', path: '/' });
      expect([status, text]).toEqual([200, '']);
      expect((await raw(http.url, { method: 'POST', path: '/', headers: KEY })).status).toBe(405);
    });
  });
}
