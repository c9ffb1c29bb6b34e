import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { EventStore } from '../../src/event-store/event-store.js';
import { START } from '../../src/event-store/position.js';
import { event, fresh, given } from '../contract/event-store.contract.js';
import { storeAt } from '../support/store/eventstoredb-store.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';

const MILLION = 1_000_000;
/** What is looked at again however little others wrote: the last record, and the first of what comes behind it. */
const FEW = 10;

/** Nobody is to be given up here because the machine is busy. */
const LONG = { answerMs: 10_000, patienceMs: 30_000, headMs: 15_000, readMs: 15_000 };
jest.setTimeout(60_000);

let double: EventStoreDbDouble;
let store: EventStore;
const opened: EventStore[] = [];
const open = (port = double.port): EventStore => {
  const one = storeAt(`esdb://127.0.0.1:${port}?tls=false`, LONG);
  opened.push(one);
  return one;
};
beforeEach(async () => {
  double = await startEventStoreDbDouble();
  store = open();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await double.stop();
});

/** How many events of the log the server looked at for it. */
async function considered<T>(use: () => Promise<T>): Promise<{ looked: number; got: T }> {
  double.forgetCalls();
  const got = await use();
  return { looked: double.calls.eventsConsidered, got };
}
const append = async () => (await given(store, fresh(), event())).position;
/** No search of the log is answered: others wrote more than can be looked through at once. */
const searchForLong = (): void => double.next({ on: 'searchAll', fault: 'silence', times: 100 });

describe('the head of a log that others write to', () => {
  it.each([0, 100_000, MILLION])(
    'is looked for once, and no further back than was looked before: %s',
    async (count) => {
      const position = await append();
      double.writeElsewhere(count);
      expect(await store.head()).toBe(position);
      const again = await considered(() => store.head());
      expect(again.got).toBe(position);
      expect(again.looked).toBeLessThan(FEW);
      double.writeElsewhere(100);
      const next = await append();
      double.writeElsewhere(100);
      const further = await considered(() => store.head());
      expect(further.got).toBe(next);
      expect(further.looked).toBeLessThan(200 + FEW);
    },
  );

  it('is found among a million events that were written since, from whichever end is nearer', async () => {
    await append();
    await store.head();
    double.writeElsewhere(MILLION);
    const position = await append();
    double.writeElsewhere(1_000);
    const { looked, got } = await considered(() => store.head());
    expect(got).toBe(position);
    expect(looked).toBeLessThan(MILLION / 4);
  });

  it('is told as far as it is known while it is searched for; who decides by it waits', async () => {
    const position = await append();
    await store.head();
    double.writeElsewhere(MILLION);
    const late = await given(open(), fresh(), event());
    double.writeElsewhere(MILLION);
    searchForLong();
    expect(await store.soFar!.head()).toBe(position);
    expect(await store.soFar!.head(late.position)).toBe(late.position);
    const other = storeAt(double.url, { ...LONG, headMs: 3_000 });
    opened.push(other);
    await expect(other.head()).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/searched for/),
    });
    double.behave();
    double.breakConnections();
    while ((await store.head().catch(() => START)) !== late.position) await new Promise(setImmediate);
  });

  it('is not what it was where the log was restored meanwhile', async () => {
    for (let n = 0; n < 3; n++) await append();
    double.writeElsewhere(10);
    await store.head();
    const { port } = double;
    await double.stop();
    double = await startEventStoreDbDouble({ port });
    double.write('orders-1', { type: 'OrderPlaced' });
    while ((await store.head().catch(() => -1n)) !== START) await new Promise(setImmediate);
    const position = await append();
    double.writeElsewhere(MILLION);
    expect(await store.head()).toBe(position);
  });

  it('is known again after a connection was lost, by one record', async () => {
    const position = await append();
    double.writeElsewhere(MILLION);
    await store.head();
    const lost = new Promise<void>((resolve) => store.onReconnect(resolve));
    double.breakConnections();
    await store.head().catch(() => undefined);
    await lost;
    const { looked, got } = await considered(() => store.head());
    expect(got).toBe(position);
    expect(looked).toBeLessThan(FEW);
  });
});

describe('how far somebody is behind', () => {
  it.each([0, 100_000, MILLION])(
    'is told by few looks, with %s events of others behind the last own',
    async (count) => {
      const position = await append();
      double.writeElsewhere(count);
      await store.soFar!.head();
      await store.head();
      const { looked, got } = await considered(() => store.soFar!.oldestAfter(position));
      expect(got).toBeUndefined();
      expect(looked).toBeLessThan(FEW);
    },
  );

  it('is told even while the next event is searched for: no less than it is', async () => {
    const position = await append();
    await store.head();
    double.writeElsewhere(MILLION);
    const { recordedAt } = (await given(open(), fresh(), event())) as { recordedAt: string };
    searchForLong();
    await store.soFar!.head();
    const oldest = await store.soFar!.oldestAfter(position);
    expect(oldest! <= recordedAt).toBe(true);
  });
});

describe('a reader of the log', () => {
  it('begins where others ended, at the last event of ours', async () => {
    const position = await append();
    double.writeElsewhere(MILLION);
    await store.head();
    const { looked, got } = await considered(() => store.readAll(position, 10));
    expect(got).toEqual([]);
    expect(looked).toBeLessThan(FEW);
    const next = await append();
    await store.head();
    expect((await considered(() => store.readAll(position, 1))).looked).toBeLessThan(FEW);
    expect((await store.readAll(position, 1)).map((one) => one.position)).toEqual([next]);
  });

  it('who asks what stands at a position is told by one record, whoever wrote it', async () => {
    const position = await append();
    double.writeElsewhere(MILLION);
    for (const at of [position, position + 1n, position - 1n, START]) {
      const { looked, got } = await considered(() => store.recordedAt(at));
      expect(got === undefined).toBe(at !== position);
      expect(looked).toBeLessThan(FEW);
    }
  });

  it('who follows moves on past what others write, for all who ask', async () => {
    const position = await append();
    const stop = new AbortController();
    const pages = store.subscribe(START, stop.signal)[Symbol.asyncIterator]();
    expect((await pages.next()).value).toHaveLength(1);
    const next = pages.next();
    double.writeElsewhere(100_000);
    const second = store.subscribe(position, stop.signal)[Symbol.asyncIterator]();
    for (let turn = 0; turn < 5_000; turn++) await new Promise(setImmediate); // it is told how far it has come
    const { looked } = await considered(() => store.head());
    expect(looked).toBeLessThan(10_000);
    const last = await append();
    for (const page of [await next, await second.next()]) expect(page.value).toMatchObject([{ position: last }]);
    stop.abort();
  });
});
