import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { check, type Evidence } from './check.js';
import { checkEndpoints } from './check/endpoints.js';
import { STALE_AFTER_MS } from './check/execution.js';
import type { Finding } from './check/finding.js';
import { Client } from './client.js';
import { changed, TAMPERED } from './tampered.js';
import { readEndpoints, readWhenQuiet, historiesOf } from './evidence.js';
import { Workload } from './workload.js';

const VOLLEYS = 400;

let ledger: TestLedger;
let evidence: Evidence;
beforeAll(async () => {
  ledger = await startTestLedger({ RESUME_STALE_AFTER: `${STALE_AFTER_MS}ms` });
  const client = new Client();
  const producers = [1, 2, 3].map((seed) => new Workload(seed, `p${seed}`, client.known));
  for (let n = 0; n < VOLLEYS; n++) {
    const requests = producers[n % producers.length]!.next();
    await Promise.all(requests.map((request) => client.deliver(request, ledger.url)));
  }
  const log = await readWhenQuiet(ledger.database.connectionString, 20_000);
  evidence = { log, receipts: client.receipts, at: new Date(0).toISOString() };
  expect(client.strange).toEqual([]);
}, 60_000);
afterAll(() => ledger.close());

it('finds nothing wrong with a log that is right', () => {
  expect(evidence.receipts.length).toBeGreaterThan(VOLLEYS);
  expect(check(evidence)).toEqual([]);
});

it.each(TAMPERED)('names what is wrong: %s, when %s', (law, _how, tamper) => {
  const found = check({ ...evidence, ...tamper(evidence) });
  expect(found.map((finding) => finding.law)).toContain(law);
});

it('names what is wrong: endpoint, when a history leaves something out, or shows it otherwise', async () => {
  const { log } = evidence;
  const shown = await readEndpoints(
    [ledger.url],
    historiesOf(log).map(({ executionId }) => executionId),
  );
  const found: Finding[] = [];
  const find = (law: Finding['law'], about: string, detail: string) => void found.push({ law, about, detail });
  checkEndpoints(shown, log, find);
  expect(found).toEqual([]);
  checkEndpoints({ ...shown, everything: shown.everything.slice(1) }, log, find);
  expect(found).toContainEqual(expect.objectContaining({ law: 'endpoint', about: 'the history of everything' }));
  const [id, history] = [...shown.byExecution].at(-1)!;
  checkEndpoints({ ...shown, byExecution: new Map([[id, changed(history, history[0]!, { data: {} })]]) }, log, find);
  expect(found.at(-1)).toMatchObject({ law: 'endpoint', about: id });
});
