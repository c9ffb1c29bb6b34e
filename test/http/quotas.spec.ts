import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadConfig } from '../../src/config.js';
import { Quotas } from '../../src/http/quotas.js';
import { startTestLedger } from '../support/ledger/ledger.js';
import { expectProblem, fresh, lines, serving, shared } from './suite/http.js';

it('a name gets its reports a second and no more, whenever it comes, and a second’s worth at once', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 50, noNaN: true }),
      fc.array(fc.record({ ms: fc.nat(3_000), reports: fc.integer({ min: 1, max: 40 }) }), { maxLength: 60 }),
      (rate, steps) => {
        let now = 0;
        const quotas = new Quotas(new Map([['ci', rate]]), () => now);
        let [sent, largest, beyond] = [0, 0, 0];
        for (const { ms, reports } of steps) {
          now += ms;
          const waitS = quotas.takeOne('ci');
          if (waitS !== undefined) continue;
          quotas.pay('ci', reports - 1);
          sent += reports;
          largest = Math.max(largest, reports);
          if (sent - largest > Math.max(1, rate) + (now / 1_000) * rate + 1e-6) beyond++;
        }
        expect(beyond).toBe(0);
      },
    ),
  );
});

it('whoever waits as long as he is told is let in, and others are not asked to wait', () => {
  let now = 0;
  const quotas = new Quotas(
    new Map([
      ['ci', 2],
      ['*', 1],
    ]),
    () => now,
  );
  expect([1, 2, 3].map(() => quotas.takeOne('ci'))).toEqual([undefined, undefined, 1]);
  quotas.pay('ci', 7);
  expect(quotas.takeOne('ci')).toBe(4);
  now += 3_999;
  expect(quotas.takeOne('ci')).toBe(1);
  now += 1;
  expect(quotas.takeOne('ci')).toBeUndefined();
  expect([quotas.takeOne('other'), quotas.takeOne('other'), quotas.takeOne('third')]).toEqual([
    undefined,
    1,
    undefined,
  ]);
  expect(new Quotas(new Map([['ci', 1]])).takeOne('free')).toBeUndefined();
});

const http = serving(shared(startTestLedger), {
  API_KEYS: 'ci:key-of-ci,bulky:key-of-bulky,sender:key-of-sender,free:key-of-free',
  QUOTA: 'ci:0.001/s, bulky:20, sender:20',
});
const key = (name: string) => ({ 'x-api-key': `key-of-${name}` });
const report = (name: string) =>
  http.post('/workflow/executions/events', { execution_id: fresh(), status: 'running' }, key(name));

it('reports beyond the quota are 429 and say so; what else the key does, and other keys, are not', async () => {
  expect((await report('ci')).status).toBe(200);
  const refused = await report('ci');
  expect(expectProblem(refused, 429, 'too_many_requests').detail).toMatch(/the quota of ci is 0\.001 reports\/s/);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(900);
  expect((await http.post(`/executions/${fresh()}/heartbeat`, undefined, key('ci'))).status).toBe(429);
  expect((await http.get('/executions', key('ci'))).status).toBe(200);
  for (let n = 0; n < 5; n++) expect((await report('free')).status).toBe(200);
  const { text } = await http.get('//metrics', key('free'));
  expect(text).toContain('ledger_denied_total{reason="quota"} 2');
});

it('many at once count as many as they are: they are decided whole, and paid for before the next', async () => {
  const many = Array.from({ length: 200 }, () => JSON.stringify({ execution_id: fresh(), status: 'running' }));
  const sent = await http.post('/reports', many.join('\n'), {
    ...key('bulky'),
    'content-type': 'application/x-ndjson',
  });
  expect(lines(sent.text).filter(({ applied }) => applied)).toHaveLength(200);
  const next = await report('bulky');
  expectProblem(next, 429, 'too_many_requests');
  expect(Number(next.headers.get('retry-after'))).toBeGreaterThan(6);
});

it('so do many in one delivery of a source', async () => {
  const job = { namespace: 'a', name: 'b' };
  const many = Array.from({ length: 200 }, () => ({
    ...{ eventType: 'START', eventTime: '2026-11-21T11:40:40Z', run: { runId: fresh() }, job },
  }));
  expect((await http.post('/lineage', many, key('sender'))).body.receipts).toHaveLength(200);
  const next = await report('sender');
  expectProblem(next, 429, 'too_many_requests');
  expect(Number(next.headers.get('retry-after'))).toBeGreaterThan(6);
});

it.each(['ci', 'ci:', 'ci:0', 'ci:-1', ':5', 'ci:5:6', 'ci:2000000', 'ci:1,ci:2', 'a b:1'])(
  'a quota that cannot be used stops the start: %j',
  (QUOTA) => {
    expect(() => loadConfig({ QUOTA })).toThrow(/QUOTA: .*expected name:reports\/s/);
  },
);
