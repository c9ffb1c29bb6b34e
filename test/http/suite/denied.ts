import { expectProblem, serving, type Http, type Start } from './http.js';

const key = (name: string) => ({ 'x-api-key': `key-of-${name}` });

/** How many were turned away so far, by the reason. */
async function denied(http: Http): Promise<Record<string, number>> {
  const { text } = await http.get('//metrics', key('all'));
  return Object.fromEntries(
    [...text.matchAll(/^ledger_denied_total\{reason="(\w+)"\} (\d+)$/gm)].map(([, reason, count]) => [
      reason,
      Number(count),
    ]),
  );
}

/** docs/sharing.md, Who was turned away: whoever is turned away leaves a trace, and whoever tries keys is slowed. */
export function describeDenied(start: Start): void {
  describe('who is turned away', () => {
    const http = serving(start, {
      API_KEYS: 'all:key-of-all,reader:key-of-reader:read',
      GITHUB_WEBHOOK_SECRET: 'it is a secret',
      TRUST_PROXY: 'loopback',
    });
    const from = (address: string, name?: string) =>
      http.get('/executions?limit=1', { 'x-forwarded-for': address, ...(name === undefined ? {} : key(name)) });

    it('is counted by the reason', async () => {
      const before = await denied(http);
      expectProblem(await from('192.0.2.1'), 401, 'unauthorized');
      expectProblem(await from('192.0.2.1', 'nobody'), 401, 'unauthorized');
      expectProblem(await http.post('/executions', {}, key('reader')), 403, 'forbidden');
      expectProblem(await http.post('/bulk/cancel', { filter: {}, dry_run: true }, key('reader')), 403, 'forbidden');
      expectProblem(await http.post('/sources/github', {}, {}), 401, 'unauthorized');
      expect((await from('192.0.2.1', 'all')).status).toBe(200);
      const after = await denied(http);
      const more = Object.fromEntries(Object.keys(after).map((reason) => [reason, after[reason]! - before[reason]!]));
      expect(more).toEqual({
        quota: 0,
        no_key: 1,
        unknown_key: 1,
        ended_key: 0,
        unsigned: 1,
        scope: 2,
        confined: 0,
        foreign: 0,
        wrong_keys: 0,
      });
    });

    it('after ten wrong keys of one address it is told to wait, longer each time; a right key there is not', async () => {
      for (let tries = 1; tries <= 10; tries++)
        expectProblem(await from('192.0.2.2', `no-${tries}`), 401, 'unauthorized');
      for (const wait of ['1', '2', '4', '8', '16', '32', '60', '60']) {
        const answer = await from('192.0.2.2', 'nobody');
        expectProblem(answer, 429, 'too_many_requests');
        expect(answer.headers.get('retry-after')).toBe(wait);
        expect((await from('192.0.2.2', 'all')).status).toBe(200);
      }
      expectProblem(await from('192.0.2.3', 'nobody'), 401, 'unauthorized');
      expect((await denied(http))['wrong_keys']).toBe(8);
    });
  });

  describe('without a proxy that is trusted', () => {
    const http = serving(start, { API_KEYS: 'all:key-of-all' });

    it('callers are not told apart by the addresses that their own headers name', async () => {
      const statuses: number[] = [];
      for (let n = 0; n < 12; n++) {
        const headers = { 'x-forwarded-for': `192.0.2.${n}`, ...key('nobody') };
        statuses.push((await http.get('/executions', headers)).status);
      }
      expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    });
  });
}
