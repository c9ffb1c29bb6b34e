import { serving, type Http, type Start } from './http.js';

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** docs/http-api.md, Operations: who is told how the ledger stands, and how much. */
export function describeHealth(start: Start): void {
  const ready = (http: Http, headers?: Record<string, string>) => http.get('//health/ready', headers);
  const DETAILS = ['checkpoint', 'clock', 'head', 'projections', 'status'];

  describe('with keys', () => {
    const http = serving(start, { API_KEYS: 'all:key-of-all,read:key-of-read:read,report:key-of-report:report' });

    it.each([
      ['no key', {}],
      ['a key that is not known', bearer('nonsense')],
      ['a key without the scope read', bearer('key-of-report')],
    ])('%s is told whether the ledger is ready, and nothing else', async (_, headers: Record<string, string>) => {
      const { status, body } = await ready(http, headers);
      expect([status, body]).toEqual([200, { status: 'ready' }]);
      expect((await http.get('//health/live', headers)).body).toEqual({ status: 'live' });
    });

    it.each(['all', 'read'])('the key %s is told where everything stands', async (key) => {
      const { status, body } = await ready(http, bearer(`key-of-${key}`));
      expect([status, Object.keys(body).sort()]).toEqual([200, DETAILS]);
    });
  });

  describe('without keys', () => {
    const http = serving(start);
    it('everybody is told where everything stands', async () => {
      const { status, body } = await ready(http);
      expect([status, Object.keys(body).sort()]).toEqual([200, DETAILS]);
    });
  });
}
