import { afterEach, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { PATIENT } from '../support/ledger/eventstoredb-ledger.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';

jest.setTimeout(60_000);
const MILLION = 1_000_000;

let double: EventStoreDbDouble;
let ledger: TestLedger | undefined;
const start = async (): Promise<TestLedger> =>
  (ledger = await startTestLedger({ EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: double.url }, undefined, PATIENT));
afterEach(async () => {
  await ledger?.close();
  await double.stop();
});

it('starts, is ready and has lists in a log of a million events of others, though none is looked through in time', async () => {
  double = await startEventStoreDbDouble();
  double.writeElsewhere(MILLION);
  double.next({ on: 'searchAll', fault: 'silence', times: MILLION });
  const { call } = await start();
  expect(await call('GET', '//health/ready')).toMatchObject({ status: 200 });
  expect(await call('GET', '/executions')).toMatchObject({ status: 200 });
  const execution_id = randomUUID();
  const { status, body } = await call('POST', '/workflow/executions/events', { execution_id, status: 'running' });
  expect(status).toBe(200);
  double.writeElsewhere(MILLION);
  const { position } = body as { position: string };
  const list = await call('GET', `/executions?wait_for=${position}&wait_ms=20000`);
  expect(list).toMatchObject({ status: 200, body: { executions: [{ execution_id }] } });
});
