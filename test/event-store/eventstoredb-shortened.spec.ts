import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '../../src/event-store/event-store.js';
import type { EventStoreDbOptions } from '../../src/event-store/eventstoredb/options.js';
import { event, events, fresh, given } from '../contract/event-store.contract.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { appendUntilTold, storeAt } from '../support/store/eventstoredb-store.js';

let double: EventStoreDbDouble;
let client: EventStoreDBClient;
/** How far the clock of the event store is ahead, in milliseconds. */
let ahead = 0;
const opened: EventStore[] = [];
const open = (more: Partial<EventStoreDbOptions> = {}): EventStore => {
  const store = storeAt(double.url, more);
  opened.push(store);
  return store;
};

beforeAll(async () => {
  double = await startEventStoreDbDouble({ now: () => Date.now() + ahead });
  client = EventStoreDBClient.connectionString(double.url);
});
afterEach(async () => {
  double.behave();
  double.slowDown(0, false);
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(async () => {
  await client.dispose();
  await double.stop();
});

const unreadable = { kind: 'unreadable' };
const kept = (stream: string, data: object) => double.write(`$$${stream}`, { type: '$metadata', data });

/** An append to wherever the stream stands. */
const one = (stream: string) => ({ stream, events: [event()], expectedRevision: 'any' as const });

/** A store that is told what becomes of streams, and has found this one whole. */
async function knowing(stream: string, more: Partial<EventStoreDbOptions> = {}): Promise<EventStore> {
  const store = open(more);
  await given(store, stream, ...events(5));
  await appendUntilTold(double, store, stream);
  return store;
}

it('a stream is looked at once, however long ago that was and however much others write', async () => {
  let now = 0;
  const stream = fresh();
  const store = await knowing(stream, { now: () => now });
  double.forgetCalls();
  for (let n = 0; n < 3; n++) {
    await store.append(one(stream));
    now += 3_600_000;
    double.writeElsewhere(10_000);
  }
  expect(double.calls).toMatchObject({ readStream: 0, readAll: 0, eventsSent: 0 });
});

it('what was kept about a stream before it began is looked at before anything of it ages out', async () => {
  let now = 0;
  const [stream, store] = [fresh(), await knowing(fresh(), { now: () => now })];
  kept(stream, { $maxAge: 1 });
  await given(store, stream, ...events(2));
  await store.append(one(stream));
  now += 1_000;
  ahead += 1_100;
  await expect(store.append(one(stream))).rejects.toMatchObject(unreadable);
});

it('a stream whose events age out is looked at before each append', async () => {
  const stream = fresh();
  const store = await knowing(stream);
  kept(stream, { $maxAge: 60 });
  for (let n = 0; n < 2; n++) await store.append(one(stream));
  ahead += 60_100;
  await expect(store.append(one(stream))).rejects.toMatchObject(unreadable);
});

it('what is kept about a stream and lets no event go costs one look more', async () => {
  const stream = fresh();
  const store = await knowing(stream);
  kept(stream, { $acl: { $w: 'ledger' }, owner: 'somebody', $tb: 0 });
  for (let n = 0; n < 2; n++) await store.append(one(stream));
  double.forgetCalls();
  await store.append(one(stream));
  expect(double.calls.readStream).toBe(0);
});

it('a process that hears no changes of metadata looks before each append', async () => {
  double.next({ on: 'subscribe', fault: 'busy', times: 100 });
  const [stream, store] = [fresh(), open()];
  await given(store, stream, ...events(5));
  for (let n = 0; n < 3; n++) await store.append(one(stream));
  kept(stream, { $maxCount: 2 });
  await expect(store.append(one(stream))).rejects.toMatchObject(unreadable);
});

it.each(['the connection was lost', 'the server restarted'])(
  'what is kept about a stream meanwhile is missed by nobody: %s',
  async (which) => {
    const stream = fresh();
    const store = await knowing(stream);
    if (which === 'the connection was lost') double.breakConnections();
    else await double.restart();
    kept(stream, { $tb: 3 });
    await expect(store.append(one(stream))).rejects.toMatchObject(unreadable);
  },
);

it('an append is refused as unreadable where its stream is deleted while it is under way', async () => {
  const stream = fresh();
  const store = await knowing(stream);
  const before = double.stored(stream).length;
  double.slowDown(300, false);
  const deleted = client.deleteStream(stream);
  await pause(100);
  const appended = expect(store.append(one(stream))).rejects.toMatchObject(unreadable);
  await Promise.all([deleted, appended]);
  expect(double.stored(stream)).toHaveLength(before + 1);
  await expect(store.append(one(stream))).rejects.toMatchObject(unreadable);
});

it('the outcome of an append is unknown where its stream is cut short meanwhile and then cannot be read', async () => {
  const stream = fresh();
  const store = await knowing(stream);
  double.slowDown(300, false);
  const appended = expect(store.append(one(stream))).rejects.toMatchObject({ kind: 'outcome_unknown' });
  await pause(100);
  kept(stream, { $maxCount: 100 });
  double.next({ on: 'readStream', fault: 'busy', times: 10 });
  await appended;
});
