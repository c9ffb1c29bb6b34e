import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import type { EventStore } from '../../src/event-store/event-store.js';
import type { EventStoreDbOptions } from '../../src/event-store/eventstoredb/options.js';
import { event, events, fresh, given } from '../contract/event-store.contract.js';
import { openEventStoreDb } from '../support/ledger/eventstoredb-ledger.js';
import { storeAt } from '../support/store/eventstoredb-store.js';

let server: Awaited<ReturnType<typeof openEventStoreDb>>;
let client: EventStoreDBClient;
let store: EventStore;
/** A process that has read nothing yet. */
const newcomer = (more: Partial<EventStoreDbOptions> = {}): EventStore => {
  const opened = storeAt(server.url, more);
  newcomers.push(opened);
  return opened;
};
const newcomers: EventStore[] = [];
/** How long a server may take to tell what it was told, wherever it is. */
const TOLD_MS = 500;

beforeAll(async () => {
  server = await openEventStoreDb();
  client = EventStoreDBClient.connectionString(server.url);
  store = storeAt(server.url);
});
afterAll(async () => {
  await Promise.all([store, ...newcomers].map((one) => one.close()));
  await client.dispose();
  await server.stop();
});

describe('a stream that somebody deleted or shortened is never told shorter', () => {
  const unreadable = (stream: string) => ({
    kind: 'unreadable',
    message: expect.stringContaining(`The stream ${stream} is incomplete from revision`),
  });
  const cases: [string, (stream: string) => Promise<unknown>][] = [
    ['deleted', (stream) => client.deleteStream(stream)],
    ['tombstoned', (stream) => client.tombstoneStream(stream)],
    ['shortened by $maxCount', (stream) => client.setStreamMetadata(stream, { maxCount: 2 })],
    ['shortened by $tb', (stream) => client.setStreamMetadata(stream, { truncateBefore: 3 })],
    [
      'aged out whole by $maxAge',
      async (stream) => {
        await client.setStreamMetadata(stream, { maxAge: 1 });
        await pause(1_500);
      },
    ],
  ];
  it.each(cases)('%s: reads and decisions are refused, and name the stream', async (_, shorten) => {
    const stream = fresh();
    await given(store, stream, ...events(5));
    await shorten(stream);
    const reader = newcomer();
    await expect(reader.readStream(stream)).rejects.toMatchObject(unreadable(stream));
    await expect(reader.findEvent(stream, 'x')).rejects.toMatchObject(unreadable(stream));
    const confirmation = { stream, events: [], expectedRevision: 4 };
    await expect(reader.append(confirmation)).rejects.toMatchObject(unreadable(stream));
    const append = { stream, events: [event()], expectedRevision: 4 };
    await expect(reader.append(append)).rejects.toMatchObject(unreadable(stream));
  });

  it.each(cases)('%s: who knows the stream is refused as well, from wherever and whichever way', async (_, shorten) => {
    const [stream, known] = [fresh(), newcomer()];
    const [first, ...others] = events(5);
    await given(known, stream, first!, ...others);
    await known.readStream(stream);
    await shorten(stream);
    for (const options of [{}, { fromRevision: 4 }, { fromRevision: 5 }, { fromRevision: 9 }, { limit: 1 }])
      for (const direction of ['forwards', 'backwards'] as const)
        await expect(known.readStream(stream, { direction, ...options })).rejects.toMatchObject(unreadable(stream));
    await expect(known.findEvent(stream, first!.eventId)).rejects.toMatchObject(unreadable(stream));
    await expect(known.findEvent(stream, 'x')).rejects.toMatchObject(unreadable(stream));
    const guard = { stream, revision: 4 };
    for (const append of [
      { stream, events: [], expectedRevision: 4 },
      { stream, events: [first!], expectedRevision: 'any' as const },
      { stream: fresh(), events: [event()], expectedRevision: 'no_stream' as const, guard },
    ])
      await expect(known.append(append)).rejects.toMatchObject(unreadable(stream));
  });

  it.each(cases)(
    '%s: who has just written to the stream is refused at once, though nobody here follows the log',
    async (_, shorten) => {
      const [stream, known] = [fresh(), newcomer()];
      await given(known, stream, ...events(5));
      for (const expectedRevision of [4, 5]) await known.append({ stream, events: [event()], expectedRevision });
      await shorten(stream);
      const append = { stream, events: [event()], expectedRevision: 6 };
      await expect(known.append(append)).rejects.toMatchObject(unreadable(stream));
    },
  );

  it.each(cases)('%s: who knows the stream writes nothing more to it once it was told', async (_, shorten) => {
    const [stream, known] = [fresh(), newcomer()];
    await given(known, stream, ...events(5));
    for (const expectedRevision of [4, 5]) await known.append({ stream, events: [event()], expectedRevision });
    const { position } = await given(store, fresh(), event());
    await shorten(stream);
    await pause(TOLD_MS);
    const append = { stream, events: [event()], expectedRevision: 6 };
    await expect(known.append(append)).rejects.toMatchObject(unreadable(stream));
    expect((await store.readAll(position, 100)).filter((one) => one.stream === stream)).toEqual([]);
  });

  it('cut by an append of its own, by a $maxCount that it had not reached: the next one is refused', async () => {
    const [stream, known] = [fresh(), newcomer()];
    await given(known, stream, ...events(5));
    await client.setStreamMetadata(stream, { maxCount: 6 });
    for (const expectedRevision of [4, 5]) await known.append({ stream, events: [event()], expectedRevision });
    const append = { stream, events: [event()], expectedRevision: 6 };
    await expect(known.append(append)).rejects.toMatchObject(unreadable(stream));
  });

  it('metadata that shorten nothing are no harm, to a stream that does not exist either', async () => {
    const [stream, none] = [fresh(), fresh()];
    await given(store, stream, ...events(5));
    for (const one of [stream, none]) await client.setStreamMetadata(one, { maxCount: 5, owner: 'somebody' });
    expect(await store.readStream(stream, { fromRevision: 3 })).toHaveLength(2);
    expect(await newcomer().readStream(stream, { direction: 'backwards', limit: 2 })).toHaveLength(2);
    expect(await store.readStream(none, { direction: 'backwards' })).toEqual([]);
    expect(await store.append({ stream, events: [], expectedRevision: 4 })).toEqual({ outcome: 'confirmed' });
  });

  it('deleted: an append that takes it for a new one is not told that all is well', async () => {
    const stream = fresh();
    await given(store, stream, event());
    await client.deleteStream(stream);
    const append = { stream, events: [event()], expectedRevision: 'no_stream' as const };
    await expect(newcomer().append(append)).rejects.toMatchObject(unreadable(stream));
  });

  it('in the log its events, and what the store wrote about it, stop nobody', async () => {
    const [gone, after] = [fresh(), fresh()];
    const before = await store.head();
    await given(store, gone, event());
    await client.tombstoneStream(gone);
    const { position } = await given(store, after, event());
    const all = await store.readAll(before, 10);
    expect(all.map(({ stream }) => stream)).toEqual([gone, after]);
    await client.tombstoneStream(after);
    expect(await store.head()).toBe(position);
  });
});

describe('an event that a producer appended with any client', () => {
  const append = (stream: string, ...list: Parameters<typeof client.appendToStream>[1][]) =>
    client.appendToStream(stream, list.flat());

  it('has the store’s id and time, and no metadata', async () => {
    const [stream, id] = [fresh(), '01890A5D-AC96-774B-BCCE-B302099A8057'];
    await append(stream, jsonEvent({ id, type: 'ExecutionStarted', data: { attempt: 1 } }));
    const [stored] = await store.readStream(stream);
    expect(stored).toMatchObject({
      eventId: id.toLowerCase(),
      type: 'ExecutionStarted',
      data: { attempt: 1 },
      metadata: {},
    });
    expect(Math.abs(Date.parse(stored!.recordedAt) - Date.now())).toBeLessThan(60_000);
    expect(await store.findEvent(stream, id.toLowerCase())).toEqual(stored);
  });

  it.each([
    '1',
    '2026',
    '2026-11-29',
    '2026-11-29T10:00:00Z',
    '+275760-09-13T00:00:00.000Z',
    '10000-01-01T00:00:00.000Z',
  ])(
    'has the store’s time and id where its metadata say it was recorded at %s: the ledger writes one form',
    async (recorded_at) => {
      const stream = fresh();
      const metadata = { event_id: 'mine', recorded_at };
      await append(stream, jsonEvent({ type: 'ExecutionStarted', data: {}, metadata }));
      const [stored] = await store.readStream(stream);
      expect(Math.abs(Date.parse(stored!.recordedAt) - Date.now())).toBeLessThan(60_000);
      expect(stored!.eventId).not.toBe('mine');
    },
  );

  it('that claims the last moment there is takes no later event along', async () => {
    const stream = fresh();
    const metadata = { event_id: 'mine', recorded_at: '9999-12-31T23:59:59.999Z' };
    await append(stream, jsonEvent({ type: 'ExecutionStarted', data: {}, metadata }));
    const writer = newcomer();
    const found: number[] = [];
    writer.clock.onStampAhead(({ aheadMs }) => found.push(aheadMs));
    for (let n = 0; n < 2; n++) await given(writer, stream, event());
    const [, ...later] = await store.readStream(stream);
    for (const { recordedAt } of later) expect(Math.abs(Date.parse(recordedAt) - Date.now())).toBeLessThan(60_000);
    expect(found).toHaveLength(1);
  });

  it('keeps its metadata, and every digit', async () => {
    const stream = fresh();
    const text = '{"n":12345678901234567890,"deep":{"text":"\\ud800"}}';
    const bytes = Buffer.from(text);
    await append(stream, {
      ...jsonEvent({ type: 'T', data: {}, metadata: { trace: 'x' } }),
      contentType: 'application/octet-stream',
      data: bytes,
    } as never);
    const [stored] = await store.readStream(stream);
    expect(stored).toMatchObject({ metadata: { trace: 'x' }, data: { deep: { text: '\ud800' } } });
    expect(JSON.stringify(stored!.data)).toContain('12345678901234567890');
  });

  const LONG = JSON.stringify({ text: 'x'.repeat(8 * 1024 * 1024) });
  it.each([
    ['what it declares', LONG.length, 'object'],
    ['nothing that it declares', undefined, 'string'],
    ['more than any event may be, it declares', 2 ** 40, 'string'],
    ['more than it declares', 1_000, 'string'],
    ['what it declares as no number', `${LONG.length}`, 'string'],
  ])('and deflated is inflated to no more than it declares: %s', async (_, content_length, becomes) => {
    const stream = fresh();
    const metadata = { content_encoding: 'deflate', content_length };
    const deflated = { ...jsonEvent({ type: 'T', data: {}, metadata }), contentType: 'application/octet-stream' };
    await append(stream, { ...deflated, data: deflateSync(LONG) } as never);
    const [stored] = await store.readStream(stream);
    expect(typeof stored!.data).toBe(becomes);
    expect(JSON.stringify(stored!.data).length > 1024 * 1024).toBe(becomes === 'object');
  });

  it('may be no JSON at all, or nested beyond reason: that is its own trouble', async () => {
    const stream = fresh();
    const binary = (data: Buffer) =>
      ({
        ...jsonEvent({ type: 'ExecutionStarted', data: {} }),
        contentType: 'application/octet-stream',
        data,
      }) as never;
    await append(stream, binary(Buffer.from([0xff, 0, 1])), binary(Buffer.from('['.repeat(5_000) + ']'.repeat(5_000))));
    const stored = await store.readStream(stream);
    expect(stored.map(({ data }) => typeof data)).toEqual(['string', 'string']);
  });
});

describe('what we append', () => {
  it('is JSON that the store’s own pages show, under the ledger’s id and clock', async () => {
    const [stream, one] = [fresh(), event({ data: { attempt: 1, text: 'ü' } })];
    await given(store, stream, one);
    for await (const { event: stored } of client.readStream(stream)) {
      expect(stored).toMatchObject({ isJson: true, type: one.type, data: one.data });
      expect(stored!.metadata).toMatchObject({
        ...one.metadata,
        event_id: one.eventId,
        recorded_at: expect.any(String),
      });
    }
  });
});
