import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { FIRST_INSTANT, LAST_INSTANT } from '../../src/domain/clock.js';
import { executionStream } from '../../src/domain/stream.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { START } from '../../src/event-store/position.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { PATIENT } from '../support/ledger/eventstoredb-ledger.js';
import { storeAt } from '../support/store/eventstoredb-store.js';
import { freshId } from '../support/ledger/handling.js';
import { connectTo, openProjection, projectorOf, type ProjectedLedger } from '../support/projection/projection.js';
import { watch } from '../support/store/watched-store.js';

let double: EventStoreDbDouble;
let store: EventStore;
let ledger: ProjectedLedger;
/** What the clock of the event store says. */
let time: number;
beforeEach(async () => {
  time = Date.now();
  double = await startEventStoreDbDouble({ now: () => time });
  store = storeAt(double.url, PATIENT);
  ledger = await openProjection({}, [executionStatus], store);
});
afterEach(async () => {
  await ledger.close();
  await double.stop();
});

/** An event that its metadata claim for the ledger, and that cannot be read. */
const broken = (recorded_at: unknown) => ({
  type: 'ExecutionSucceeded',
  data: { attempt: 'first' },
  metadata: Buffer.from(JSON.stringify({ event_id: freshId(), recorded_at })),
});

describe('an event of another producer that is parked', () => {
  const CLAIMED = ['1', '2026', '+275760-09-13T00:00:00.000Z', '-000001-01-01T00:00:00.000Z', 'soon', '', 7, null];

  it.each([...CLAIMED, FIRST_INSTANT, LAST_INSTANT])('is passed, whatever it claims its time to be: %j', async (at) => {
    double.write(executionStream(freshId()), broken(at));
    await ledger.project();
    expect(ledger.parked).toHaveLength(1);
    expect((await ledger.readModel.checkpoint()).position).toBe(await store.head());
  });

  it.each([Date.parse(LAST_INSTANT) + 1, 4e14])('is passed by a store whose clock says %i', async (ms) => {
    time = ms;
    double.write(executionStream(freshId()), broken('1'));
    await ledger.project();
    expect(ledger.parked).toHaveLength(1);
    expect(await ledger.readModel.checkpoint()).toEqual({ position: await store.head(), at: LAST_INSTANT });
  });
});

describe('a stream that somebody deleted', () => {
  const started = { type: 'ExecutionStarted', data: { attempt: 1 } };
  const deleteStream = async (stream: string): Promise<void> => {
    const client = EventStoreDBClient.connectionString(double.url);
    await client.deleteStream(stream);
    await client.dispose();
  };

  it('and wrote on parks what comes, where the log does not hold any more what came before', async () => {
    const [stream, other] = [executionStream(freshId()), freshId()];
    double.write(stream, started, started);
    await deleteStream(stream);
    const before = await store.head();
    double.write(stream, started);
    double.write(executionStream(other), started);
    await ledger.sql('update ledger.checkpoints set position = $1', String(before)); // as scavenging leaves the log
    await ledger.sql('update ledger.checkpoints set recorded_at = $1', (await store.recordedAt(before))!);
    await ledger.project();
    expect(ledger.parked).toMatchObject([{ error: expect.stringContaining(`${stream} is incomplete`) }]);
    expect((await ledger.readModel.find(other)).row).toMatchObject({ state: { status: 'running' } });
  });

  it('stalls no retry: its parked event is tried again, stays parked, and others go on', async () => {
    const [id, other] = [freshId(), freshId()];
    double.write(executionStream(id), started, broken(undefined));
    await ledger.project();
    await deleteStream(executionStream(id));
    await ledger.sql('update ledger.checkpoints set retry = true');
    double.write(executionStream(other), started);
    await ledger.project();
    const parked = await ledger.readModel.projections.parked('execution-status');
    expect(parked).toMatchObject([{ executionId: id, error: expect.stringContaining('is incomplete') }]);
    expect((await ledger.readModel.find(other)).row).toMatchObject({ state: { status: 'running' } });
  });
});

it('a stream of another application that is called as ours are is read once, not again for each of its pages', async () => {
  const stream = executionStream(freshId());
  double.write(stream, ...Array.from({ length: 200 }, () => ({ type: 'OrderPlaced' })));
  const watched = watch(store);
  const client = await connectTo(ledger.database.connectionString);
  try {
    const projector = projectorOf(watched);
    await projector.begin(client);
    for (
      let after = START, page = await store.readAll(after, 10);
      page.length > 0;
      page = await store.readAll(after, 10)
    ) {
      await projector.handle(client, page);
      after = page.at(-1)!.position;
    }
  } finally {
    await client.end();
  }
  expect(watched.calls.readStream).toBe(0);
});
