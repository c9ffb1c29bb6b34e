import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { executionStream } from '../../src/domain/stream.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { PATIENT, startOnEventStoreDb } from '../support/ledger/eventstoredb-ledger.js';
import { freshId } from '../support/ledger/handling.js';
import type { TestLedger } from '../support/ledger/ledger.js';

let double: EventStoreDbDouble;
let client: EventStoreDBClient;
/** A process that projects, and one that does not follow the log. */
const ledgers: Record<string, TestLedger> = {};
let ledger: TestLedger;
/** How far the clock of the event store is ahead, in milliseconds. */
let ahead = 0;
beforeAll(async () => {
  double = await startEventStoreDbDouble({ now: () => Date.now() + ahead });
  client = EventStoreDBClient.connectionString(double.url);
  for (const PROJECTOR of ['inline', 'off'])
    ledgers[PROJECTOR] = await startOnEventStoreDb(double.url, { PROJECTOR }, PATIENT);
}, 60_000);
afterAll(async () => {
  for (const one of Object.values(ledgers)) await one.close();
  await client.dispose();
  await double.stop();
}, 30_000);

const post = (path: string, body: object, id?: string) =>
  ledger.call('POST', path, body, id === undefined ? {} : { 'idempotency-key': id });

const SHORTENED: readonly (readonly [string, (stream: string) => Promise<unknown>])[] = [
  ['deleted', (stream) => client.deleteStream(stream)],
  ['deleted for good', (stream) => client.tombstoneStream(stream)],
  ['cut by $maxCount', (stream) => client.setStreamMetadata(stream, { maxCount: 2 })],
  [
    'aged out whole',
    async (stream) => {
      await client.setStreamMetadata(stream, { maxAge: 60 });
      ahead += 120_000;
    },
  ],
];

/** Whoever asks about an execution, or for something of it; the last three would write to its stream. */
const ASKED: readonly (readonly [string, (id: string) => ReturnType<TestLedger['call']>])[] = [
  [
    'a report again',
    (id) => post('/workflow/executions/events', { execution_id: id, status: 'running' }, `${id} runs`),
  ],
  ['a report that is late', (id) => post('/workflow/executions/events', { execution_id: id, status: 'queued' })],
  ['a heartbeat', (id) => post(`/executions/${id}/heartbeat`, {})],
  ['a dispatch that comes late', (id) => post(`/executions/${id}/dispatch`, {})],
  ['a look', (id) => ledger.call('GET', `/executions/${id}`)],
  ['the history', (id) => ledger.call('GET', `/executions/${id}/events`)],
  ['the end of the history', (id) => ledger.call('GET', `/executions/${id}/events?from_revision=2&limit=1`)],
  ['the history behind its end', (id) => ledger.call('GET', `/executions/${id}/events?from_revision=4`)],
  ['a state of the past', (id) => ledger.call('GET', `/executions/${id}/state?at_revision=2`)],
  ['a resume', (id) => post(`/executions/${id}/resume`, {})],
  ['a cancel', (id) => post(`/executions/${id}/cancel`, {})],
  ['a report that counts', (id) => post('/workflow/executions/events', { execution_id: id, status: 'succeeded' })],
];

it.each(
  SHORTENED.flatMap(([name, shorten]) => ['inline', 'off'].map((projector) => [name, projector, shorten] as const)),
)(
  'an execution that this process knows, its stream %s, is unreadable at once, for everybody (PROJECTOR=%s)',
  async (_, projector, shorten) => {
    ledger = ledgers[projector]!;
    const id = freshId();
    await post('/executions', { execution_id: id });
    await post('/workflow/executions/events', { execution_id: id, status: 'running' }, `${id} runs`);
    for (const status of ['running', 'waiting', 'running', 'waiting'])
      expect((await post('/workflow/executions/events', { execution_id: id, status, progress: 7 })).status).toBe(200);
    expect((await ledger.call('GET', `/executions/${id}/events`)).status).toBe(200);
    await shorten(executionStream(id));
    for (const [name, ask] of [...ASKED].reverse())
      expect([name, (await ask(id)).body.type]).toEqual([name, '/problems/unreadable_event']);
  },
);

it('the history of a stream that holds nothing of ours is read about once, not again for each of its pages', async () => {
  ledger = ledgers['inline']!;
  const [id, events] = [freshId(), 1_000];
  double.write(executionStream(id), ...Array.from({ length: events }, () => ({ type: 'OrderPlaced' })));
  double.forgetCalls();
  for (let from = 0; from < events; from += 100)
    await ledger.call('GET', `/executions/${id}/events?from_revision=${from}&limit=100`);
  expect(double.calls.eventsSent).toBeLessThan((PROJECTIONS.length + 4) * events); // each projection follows the log
}, 60_000);
