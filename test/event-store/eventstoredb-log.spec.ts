import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js';
import { START } from '../../src/event-store/position.js';
import { event, events, fresh, given, idsOf } from '../contract/event-store.contract.js';
import { startEventStoreDbDouble } from '../eventstoredb-server/index.js';
import { storeAt, usingDouble } from '../support/store/eventstoredb-store.js';

const using = usingDouble();
let client: EventStoreDBClient;
beforeAll(() => {
  client = EventStoreDBClient.connectionString(using.double.url);
});
afterAll(() => client.dispose());

/** Events of a stream that is not the ledger's. */
const foreign = (count: number) =>
  client.appendToStream(
    'orders-1',
    Array.from({ length: count }, () => jsonEvent({ type: 'OrderPlaced', data: {} })),
  );

/** Collects until it has so many. */
async function collect(store: EventStore, after: bigint, count: number, onPage?: (seen: StoredEvent[]) => unknown) {
  const stop = new AbortController();
  const seen: StoredEvent[] = [];
  for await (const page of store.subscribe(after, stop.signal)) {
    seen.push(...page);
    await onPage?.(seen);
    if (seen.length >= count) stop.abort();
  }
  return seen;
}

describe('the log', () => {
  it('shows the ledger’s streams only, and its head is one of their events', async () => {
    const store = using.open();
    const before = await store.head();
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      await foreign(50);
      const one = event();
      ids.push(one.eventId);
      await given(store, fresh(i % 2 ? 'refused' : 'execution'), one);
    }
    await foreign(500);
    expect(idsOf(await store.readAll(before, 100))).toEqual(ids);
    expect(idsOf(await store.readAll(before, 2))).toEqual(ids.slice(0, 2));
    expect(idsOf(await collect(store, before, 4))).toEqual(ids);
    const last = (await store.readAll(before, 100)).at(-1)!;
    expect(await store.head()).toBe(last.position);
    expect(await store.readAll(last.position, 100)).toEqual([]);
  });

  it('may be asked from positions that no event has', async () => {
    const store = using.open();
    const before = await store.head();
    const all = [await given(store, fresh(), event()), await given(store, fresh(), event())];
    const [one, two] = all.map(({ position }) => position) as [bigint, bigint];
    for (const [after, count] of [
      [one - 1n, 2],
      [one + 1n, 1],
      [two - 1n, 1],
      [two + 1_000_000_000n, 0],
    ] as const) {
      expect(await store.readAll(after, 10)).toHaveLength(count);
      if (count > 0) expect(await collect(store, after, count)).toHaveLength(count);
    }
    expect((await store.readAll(before, 10)).map(({ position }) => position)).toEqual([one, two]);
    expect((await store.readAll(START + 1n, 1)).length).toBe(1);
  });
});

describe('a subscription', () => {
  it.each(['breakConnections', 'stop'] as const)(
    'goes on where it was after %s, skipping and repeating nothing',
    async (how) => {
      const store = using.open();
      const writer = using.open();
      const [stream, before] = [fresh(), await store.head()];
      await given(writer, stream, ...events(10));
      let broken = false;
      const seen = await collect(store, before, 25, async (got) => {
        if (broken || got.length < 10) return;
        broken = true;
        await foreign(100);
        if (how === 'breakConnections') using.double.breakConnections();
        else {
          await using.double.stop();
          await using.double.restart();
        }
        await given(writer, stream, ...events(15));
      });
      expect(seen.map(({ revision }) => revision)).toEqual(Array.from({ length: 25 }, (_, i) => i));
    },
  );

  it('asks a server again that is not ready, or names no leader', async () => {
    const store = using.open();
    const before = await store.head();
    for (const fault of ['not-ready', 'no-leader-info', 'cut', 'busy'] as const)
      using.double.next({ on: 'subscribe', fault });
    await given(store, fresh(), event());
    expect(await collect(store, before, 1)).toHaveLength(1);
  });

  it('that breaks in the middle of a page gives every event once', async () => {
    const store = using.open({ pageSize: 7 });
    const [stream, before] = [fresh(), await store.head()];
    await given(store, stream, ...events(50));
    for (const afterEvents of [1, 20, 5]) using.double.next({ on: 'subscribe', fault: 'cut', afterEvents });
    const seen = await collect(store, before, 50);
    expect(seen.map(({ revision }) => revision)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('leaves with the server what a slow follower has not taken', async () => {
    const store = using.open({ pageSize: 10, pageBytes: 1024 * 1024 });
    const before = await store.head();
    const large = (): ReturnType<typeof event> => event({ data: { text: 'x'.repeat(100_000) } });
    for (let i = 0; i < 20; i++) await given(store, fresh(), large(), large(), large(), large(), large());
    using.double.forgetCalls();
    const seen = await collect(store, before, 100, async (got) => {
      // Time for far more to come than is taken, were it not held back.
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
      expect(using.double.calls.eventsSent - got.length).toBeLessThan(60);
    });
    expect(seen).toHaveLength(100);
  });

  it('gives no page of more than 8 MiB and one event, however little of it the wire carried', async () => {
    const store = using.open();
    const before = await store.head();
    const text = 'x'.repeat(3 * 1024 * 1024); // deflated to a few thousand bytes
    for (let n = 0; n < 10; n++) await given(store, fresh(), event({ data: { text } }));
    const stop = new AbortController();
    const lengths: number[] = [];
    for await (const page of store.subscribe(before, stop.signal)) {
      lengths.push(page.length);
      if (lengths.reduce((a, b) => a + b) === 10) stop.abort();
    }
    expect(Math.max(...lengths)).toBeLessThanOrEqual(3);
    expect(await store.readAll(before, 100, 8 * 1024 * 1024)).toHaveLength(3);
  });

  it('is one at the server, and none when it has ended', async () => {
    const double = await startEventStoreDbDouble();
    const store = storeAt(double.url);
    const stop = new AbortController();
    const pages = store.subscribe(await store.head(), stop.signal)[Symbol.asyncIterator]();
    const next = pages.next();
    await given(store, fresh(), event());
    await next;
    expect(double.calls.openSubscriptions).toBe(1);
    stop.abort();
    await pages.next();
    while (double.calls.openSubscriptions > 0) await new Promise(setImmediate);
    await store.close();
    await double.stop();
  });

  it('does not go on in another log, as one that was restored is, where positions are given anew', async () => {
    const before = await startEventStoreDbDouble();
    const store = storeAt(before.url);
    const { position } = await given(store, fresh(), ...events(3));
    const idle = store.subscribe(position, new AbortController().signal)[Symbol.asyncIterator]();
    const pages = store.subscribe(START, new AbortController().signal)[Symbol.asyncIterator]();
    const next = idle.next();
    await pages.next();
    while (before.calls.openSubscriptions < 2) await new Promise(setImmediate);
    await before.stop();
    const restored = await startEventStoreDbDouble({ port: before.port });
    for (let n = 0; n < 20; n++) restored.write(fresh(), { type: 'ExecutionStarted', data: {} });
    for (const refused of [next, pages.next()])
      await expect(refused).rejects.toThrow(`does not have the event any more that stood at ${position}`);
    await Promise.all([store.close(), restored.stop()]);
  }, 5_000);
});
