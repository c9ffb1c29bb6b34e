import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { expectProblem } from '../http/suite/http.js';
import { eventually } from '../support/eventually.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { withClient } from '../support/store/postgres.js';

describe('whether the ledger is ready', () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await startTestLedger({ API_KEYS: 'all:key-of-all', PROJECTOR: 'off' });
  }, 30_000);
  afterAll(() => ledger.close(), 30_000);
  const ready = (headers?: Record<string, string>) => ledger.call('GET', '//health/ready', undefined, headers);
  const together = (number: number) => Promise.all(Array.from({ length: number }, () => ready()));

  it('is asked of the database once a second, however many ask', async () => {
    const { store, readModel } = ledger.ledger.parts;
    const questions = [jest.spyOn(readModel.projections, 'statuses'), jest.spyOn(store, 'head')] as const;
    const begun = performance.now();
    const answers = [...(await together(50)), ...(await together(50))];
    const seconds = (performance.now() - begun) / 1_000;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const [statuses, heads] = questions.map(({ mock }) => mock.calls.length);
    expect(statuses).toBeLessThanOrEqual(1 + Math.floor(seconds));
    expect(heads).toBe(statuses);
    // and it is asked again: nobody is told for ever what was
    await eventually(ready, () => questions[0].mock.calls.length > statuses!);
  });

  it('does not hang on whether anybody projects, which the inbox tells', async () => {
    const { body } = await ledger.call('GET', '/inbox', undefined, { authorization: 'Bearer key-of-all' });
    const stalled = { kind: 'stalled_projections', count: PROJECTIONS.length, oldest_at: expect.any(String) };
    expect(body.items).toContainEqual(expect.objectContaining(stalled));
  });

  it('tells a stranger no more of why it is not', async () => {
    await withClient(ledger.database.connectionString, (client) =>
      client.query(`update ledger.checkpoints set position = 1000000 where projection = 'execution-status' and live`),
    );
    const refused = await eventually(ready, ({ status }) => status === 503);
    const told = expectProblem(refused, 503, 'unavailable');
    expect([told.detail, told.error]).toEqual([told.title, told.title]);
    const known = expectProblem(await ready({ authorization: 'Bearer key-of-all' }), 503, 'unavailable');
    expect(known.detail).toContain('the projection stands at 1000000');
  });
});
