import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js';
import { START } from '../../src/event-store/position.js';
import { event, events, fresh, given, idsOf } from '../contract/event-store.contract.js';
import { selfSigned } from '../eventstoredb-server/certificate.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { ended, forkScript } from '../support/process/fork.js';
import { storeAt } from '../support/store/eventstoredb-store.js';

// Processes, servers and their limits: a busy machine is no failure.
jest.setTimeout(60_000);

const opened: { close(): Promise<void> }[] = [];
const open = (url: string): EventStore => {
  const store = storeAt(url, { answerMs: 1_500, patienceMs: 4_000 });
  opened.unshift(store);
  return store;
};
const started = (double: EventStoreDbDouble): EventStoreDbDouble => {
  opened.push({ close: () => double.stop() });
  return double;
};
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** Follows the log until there are so many. */
async function follow(store: EventStore, after: bigint, count: number): Promise<StoredEvent[]> {
  const stop = new AbortController();
  const seen: StoredEvent[] = [];
  for await (const page of store.subscribe(after, stop.signal)) {
    if (seen.push(...page) >= count) stop.abort();
  }
  return seen;
}

describe('over TLS, to a server that knows its users', () => {
  const folder = mkdtempSync(join(tmpdir(), 'eventstoredb-'));
  const tls = selfSigned();
  let url: (user: string) => string;
  beforeAll(() => {
    writeFileSync(join(folder, 'ca.pem'), tls.cert);
    writeFileSync(join(folder, 'other.pem'), selfSigned().cert);
  });
  beforeEach(async () => {
    const double = started(await startEventStoreDbDouble({ tls, users: { ledger: 's3cret' } }));
    url = (user) => `${double.url.replace('//', `//${user}`)}&tlsCAFile=${join(folder, 'ca.pem')}`;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('appends, reads and follows as the user of the URL', async () => {
    const store = open(url('ledger:s3cret@'));
    const [stream, two] = [fresh(), events(2)];
    expect(await given(store, stream, ...two)).toMatchObject({ outcome: 'appended' });
    expect(idsOf(await store.readStream(stream))).toEqual(idsOf(two));
    expect(idsOf(await store.readAll(START, 10))).toEqual(idsOf(two));
    expect(idsOf(await follow(store, START, 2))).toEqual(idsOf(two));
  });

  it.each(['ledger:wr0ng@', ''])('is refused as another (%s), and tells no password', async (user) => {
    const store = open(url(user));
    const refused = await Promise.allSettled([given(store, fresh(), event()), store.readAll(START, 1), store.head()]);
    for (const one of refused) {
      expect(one.status).toBe('rejected');
      expect(String((one as PromiseRejectedResult).reason)).not.toMatch(/wr0ng|s3cret/);
    }
    expect(refused[0]).toMatchObject({ reason: { kind: 'unacceptable' } });
  });

  it('does not speak to one whose certificate it does not trust', async () => {
    const store = open(url('ledger:s3cret@').replace('ca.pem', 'other.pem'));
    await expect(store.head()).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(given(store, fresh(), event())).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('with nodePreference=follower', () => {
  let leader: EventStoreDbDouble;
  let follower: EventStoreDbDouble;
  let store: EventStore;
  beforeEach(async () => {
    leader = started(await startEventStoreDbDouble());
    follower = started(await leader.startFollower());
    store = open(`${leader.clusterUrl}&nodePreference=follower`);
  });

  it('the log is followed at a follower; appends and whatever is read once are for the leader', async () => {
    const [stream, one] = [fresh(), event()];
    await given(store, stream, one);
    await store.readStream(stream);
    await store.findEvent(stream, one.eventId);
    await store.head();
    expect(idsOf(await store.readAll(START, 10))).toEqual([one.eventId]);
    expect(follower.calls).toMatchObject({ batchAppend: 0, append: 0, readStream: 0, readAll: 0 });
    leader.forgetCalls();
    expect(idsOf(await follow(store, START, 1))).toEqual([one.eventId]);
    expect(leader.calls).toMatchObject({ readAll: 0, openSubscriptions: 0 });
  });

  it('a follower that lags is followed later, and leaves nothing out', async () => {
    const [stream, early, late] = [fresh(), event(), event()];
    await given(store, stream, early);
    follower.hold();
    const { position } = await given(store, stream, late);
    expect(await store.head()).toBe(position);
    expect(idsOf(await store.readStream(stream))).toEqual(idsOf([early, late]));
    expect(idsOf(await store.readAll(START, 10))).toEqual(idsOf([early, late]));
    expect(await store.readAll(position, 10)).toEqual([]);
    const seen = follow(store, START, 2);
    const last = follow(store, position, 1);
    follower.release();
    expect(idsOf(await seen)).toEqual(idsOf([early, late]));
    const next = event();
    await given(store, stream, next);
    expect(idsOf(await last)).toEqual([next.eventId]);
  });

  it('goes on with another leader when the one it had is gone', async () => {
    const stream = fresh();
    await given(store, stream, event());
    await leader.stop();
    follower.lead();
    await given(store, stream, event());
    expect(follower.stored(stream)).toHaveLength(2);
    expect(await store.readStream(stream)).toHaveLength(2);
  });
});

describe('a leader that freezes', () => {
  let nodes: [EventStoreDbDouble, EventStoreDbDouble];
  let store: EventStore;
  beforeEach(async () => {
    const first = started(await startEventStoreDbDouble());
    nodes = [first, started(await first.startFollower())];
    store = storeAt(first.clusterUrl, { answerMs: 500, patienceMs: 20_000, readMs: 4_000, headMs: 4_000 });
    opened.unshift(store);
  });
  afterEach(() => nodes.forEach((node) => node.thaw()));

  /** It stands still, and the others make one of them the leader. */
  const freeze = (): void => {
    nodes[0].freeze();
    nodes[1].lead();
    nodes.reverse();
  };

  it('is left for the next, every time: what is appended meanwhile is stored once', async () => {
    const stream = fresh();
    const all = [event()];
    await given(store, stream, all[0]!);
    for (let times = 0; times < 3; times++) {
      freeze();
      all.push(event());
      expect(await given(store, stream, all.at(-1)!)).toMatchObject({ outcome: 'appended' });
      expect(idsOf(await store.readStream(stream))).toEqual(idsOf(all));
      nodes[1].thaw();
    }
    expect(nodes[0].stored(stream)).toHaveLength(all.length);
  });

  it('is left by those who only append, where nothing is read that has no answer', async () => {
    const streams = Array.from({ length: 3 }, () => fresh());
    for (const stream of streams) {
      freeze();
      const append = { stream, events: [event()], expectedRevision: 'no_stream' as const };
      expect(await store.append(append)).toMatchObject({ outcome: 'appended' });
      nodes[1].thaw();
    }
    for (const stream of streams) expect(nodes[0].stored(stream)).toHaveLength(1);
    for (const node of nodes) expect(node.calls.readStream).toBe(0);
  });

  it('is left by those who only read, after one read that had no answer', async () => {
    const [stream, one] = [fresh(), event()];
    await given(store, stream, one);
    for (const read of [() => store.readStream(stream), () => store.head(), () => store.readAll(START, 1)]) {
      freeze();
      await expect(read()).rejects.toMatchObject({ kind: 'unavailable' });
      await read();
      nodes[1].thaw();
    }
  });

  it('is left by those who follow it, once a call had no answer', async () => {
    const seen = follow(store, await store.head(), 2);
    const [early, late] = [event(), event()];
    await given(store, fresh(), early);
    while (nodes[0].calls.openSubscriptions === 0) await new Promise(setImmediate);
    freeze();
    await given(store, fresh(), late);
    expect(idsOf(await seen)).toEqual(idsOf([early, late]));
  });

  it('holds a read up no longer than its time, where no node answers', async () => {
    nodes.forEach((node) => node.freeze());
    const began = performance.now();
    await expect(store.readStream(fresh())).rejects.toMatchObject({ kind: 'unavailable' });
    // The search for a leader goes on for a minute: it asks every node, ten times.
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});

describe('a log without a word of ours', () => {
  it('names a place beyond every log, from which a broken subscription does not go on', async () => {
    const double = started(await startEventStoreDbDouble());
    const client = EventStoreDBClient.connectionString(double.url);
    opened.unshift({ close: () => client.dispose() });
    const foreign = Array.from({ length: 50 }, () => jsonEvent({ type: 'OrderPlaced', data: {} }));
    await client.appendToStream('orders-1', foreign);
    const store = open(double.url);
    const seen = follow(store, START, 1);
    while (double.calls.openSubscriptions === 0) await new Promise(setImmediate);
    await store.head(); // whatever the subscription said first has come by now
    double.breakConnections();
    const one = event();
    await given(open(double.url), fresh(), one);
    expect(idsOf(await seen)).toEqual([one.eventId]);
  });
});

it('a process ends by itself once its store is closed', async () => {
  const double = started(await startEventStoreDbDouble());
  const child = forkScript('eventstoredb-user', double.url);
  const said: unknown[] = [];
  child.on('message', (message) => said.push(message));
  expect(await ended(child)).toEqual({ code: 0, signal: null });
  expect(said).toEqual([4]);
});

describe('an event that cannot be stored', () => {
  it.each([
    ['20 MB of noise', { noise: randomBytes(10 * 1024 * 1024).toString('hex') }],
    ['a BigInt', { n: 1n }],
  ])('%s: is refused, and harms no append beside it', async (_, data) => {
    const double = started(await startEventStoreDbDouble());
    const store = open(double.url);
    const others = Array.from({ length: 32 }, () => given(store, fresh(), event()));
    const refused = given(store, fresh(), event({ data: data as never }));
    await expect(refused).rejects.toMatchObject({ kind: 'unacceptable' });
    const outcomes = await Promise.all([...others, given(store, fresh(), event())]);
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['appended']));
  });
});
