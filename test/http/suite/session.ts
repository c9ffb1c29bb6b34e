import { expectProblem, fresh, serving, type Answer, type Start } from './http.js';

const keyOf = (name: string): string => `key-of-${name}-0123456789`;
const API_KEYS = `all:${keyOf('all')},reader:${keyOf('reader')}:read`;
/** A pattern that a key matches: nothing is taken out of a sign-in. */
const REDACT = 'key; /key-of-[a-z]+/';
const withKey = (name: string) => ({ 'x-api-key': keyOf(name) });
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };
const ALL = ['report', 'command', 'read', 'operate'];

/** The cookie that an answer sets, as a browser sends it back. */
const cookieOf = ({ headers }: Answer): { cookie: string } => ({ cookie: headers.get('set-cookie')!.split(';')[0]! });

/** People who sign in with a key, and are known by a cookie from then on. */
export function describeSession(start: Start): void {
  describe('a session', () => {
    const http = serving(start, { API_KEYS, REDACT, TRUST_PROXY: '127.0.0.1' });
    const signIn = async (name: string) => cookieOf(await http.post('/session', { key: keyOf(name) }));

    it('is a cookie that no script reads and no other site sends, for twelve hours', async () => {
      const before = Date.now();
      const answer = await http.post('/session', { key: keyOf('reader') });
      expect([answer.status, answer.body.name, answer.body.scopes]).toEqual([200, 'reader', ['read']]);
      const lasts = Date.parse(answer.body.expires_at) - before;
      expect(Math.abs(lasts - 12 * 3_600_000)).toBeLessThan(5_000);
      const attributes = /^ledger_session=\d+\.[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/;
      expect(answer.headers.get('set-cookie')).toMatch(attributes);
      const behindTls = await http.post('/session', { key: keyOf('reader') }, { 'x-forwarded-proto': 'https' });
      const secured = /^__Host-ledger_session=[^;]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/;
      expect(behindTls.headers.get('set-cookie')).toMatch(secured);
      const [tls, own] = [{ 'x-forwarded-proto': 'https' }, cookieOf(behindTls)];
      expect((await http.get('/session', { ...own, ...tls })).body.name).toBe('reader');
      // A cookie that another host of the domain may have set.
      const set = { cookie: own.cookie.replace('__Host-', '') };
      expectProblem(await http.get('/session', { ...set, ...tls }), 401, 'unauthorized');
    });

    it('does what its key may, and tells what that is; a key that comes along goes before it', async () => {
      const cookie = await signIn('reader');
      expect((await http.get('/executions?limit=1', cookie)).status).toBe(200);
      expectProblem(await http.post('/executions', {}, { ...cookie, ...OWN_PAGE }), 403, 'forbidden');
      const shown = await http.get('/session', cookie);
      expect(shown.body).toEqual({ name: 'reader', scopes: ['read'], expires_at: expect.any(String) });
      const both = { ...cookie, ...withKey('all') };
      expect((await http.get('/session', both)).body).toEqual({ name: 'all', scopes: ALL });
      expect((await http.get('//health/ready', cookie)).body).toHaveProperty('projections');
    });

    it.each([
      [{ 'sec-fetch-site': 'same-origin' }, 201],
      [{ 'sec-fetch-site': 'same-origin', origin: 'https://ledger.example.org' }, 201], // a proxy gave it another host
      [{ 'sec-fetch-site': 'same-site' }, 403],
      [{ 'sec-fetch-site': 'cross-site' }, 403],
      [{ 'sec-fetch-site': 'none' }, 403],
      [{ origin: 'own' }, 201],
      [{ origin: 'https://evil.example.org' }, 403],
      [{ origin: 'null' }, 403],
      [{}, 403],
    ])('writes from the pages of the ledger alone: %j', async (headers: Record<string, string>, status) => {
      const cookie = await signIn('all');
      const origin = headers['origin'] === 'own' ? { origin: new URL(http.url).origin } : {};
      const answer = await http.post('/executions', { execution_id: fresh() }, { ...cookie, ...headers, ...origin });
      expect(answer.status).toBe(status);
      expect((await http.get('/executions?limit=1', { ...cookie, ...headers, ...origin })).status).toBe(200);
    });

    it('is not opened by what is no key, and is none where anything of its token was changed', async () => {
      const refused = await http.post('/session', { key: 'another-0123456789abc' });
      expectProblem(refused, 401, 'unauthorized');
      expect(refused.body.detail).toBe('the API key is not known');
      for (const body of [{}, { key: 7 }, { key: '' }, []])
        expectProblem(await http.post('/session', body), 400, 'validation');
      expectProblem(await http.post('/session', { key: 'x'.repeat(5_000) }), 413, 'too_large');
      const { cookie } = await signIn('all');
      const [, expires, proof] = /=(\d+)\.(.*)$/.exec(cookie)!;
      const forged = [`${Number(expires) + 1}.${proof}`, `${expires}.${'A'.repeat(43)}`, `${expires}.`, 'x', ''];
      for (const token of forged) {
        const answer = await http.get('/session', { cookie: `ledger_session=${token}` });
        expectProblem(answer, 401, 'unauthorized');
      }
      expectProblem(await http.get('/session'), 401, 'unauthorized');
    });

    it('ends when somebody signs out, for the browser forgets it', async () => {
      const { status, text, headers } = await http.call('DELETE', '/session', undefined, await signIn('all'));
      expect([status, text]).toEqual([204, '']);
      expect(headers.get('set-cookie')).toBe('ledger_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict');
    });
  });

  describe('a ledger without keys', () => {
    const http = serving(start);

    it('has nobody sign in: whoever is on this machine may do everything', async () => {
      const opened = await http.post('/session', { key: 'any' });
      expect([opened.status, opened.body]).toEqual([200, { name: 'anonymous', scopes: ALL }]);
      expect(opened.headers.get('set-cookie')).toBeNull();
      expect((await http.get('/session')).body).toEqual(opened.body);
    });
  });
}
