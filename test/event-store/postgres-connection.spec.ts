import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventStore } from '../../src/event-store/event-store.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { appended, event, events, fresh, given, idsOf } from '../contract/event-store.contract.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';
import { startProxy, type Proxy } from '../support/store/proxy.js';

let database: TestDatabase;
let proxy: Proxy;
let store: EventStore;
let direct: EventStore;
let reconnects: number;

beforeAll(async () => {
  database = await createTestDatabase();
  direct = createPostgresEventStore(database);
  proxy = await startProxy(Number(new URL(database.connectionString).port));
});
beforeEach(() => {
  proxy.accept(true);
  const connectionString = proxy.through(database.connectionString);
  store = createPostgresEventStore({ connectionString, patienceMs: 600, pollMs: 50 });
  reconnects = 0;
  store.onReconnect(() => reconnects++);
});
afterEach(() => store.close());
afterAll(async () => {
  await direct.close();
  await proxy.close();
  await database.drop();
});

describe('a connection cut in mid-append', () => {
  it.each(['before', 'after'] as const)(
    '%s the commit: the append is answered truly, and is there once',
    async (when) => {
      const [stream, two] = [fresh(), events(2)];
      await given(store, stream, event());
      proxy.cutNext(when);
      const outcome = appended(await store.append({ stream, events: two, expectedRevision: 0 }));
      const stored = await direct.readStream(stream);
      expect(idsOf(stored).slice(1)).toEqual(idsOf(two));
      expect(stored.at(-1)).toMatchObject({
        ...two[1],
        revision: outcome.revision,
        position: outcome.position,
        recordedAt: outcome.recordedAt,
      });
      expect(reconnects).toBe(1);
    },
  );

  it.each(['before', 'after'] as const)(
    '%s the commit: each append of the batch gets its own outcome',
    async (when) => {
      const [stream, other, known] = [fresh(), fresh(), event()];
      await given(store, stream, known);
      proxy.cutNext(when);
      const outcomes = await store.appendMany([
        { stream: other, events: [event()], expectedRevision: 'no_stream' },
        { stream: fresh(), events: [event()], expectedRevision: 3 },
        { stream, events: [known], expectedRevision: 'any' },
        { stream: fresh(), events: [], expectedRevision: 'no_stream' },
      ]);
      expect(outcomes).toMatchObject([
        { outcome: 'appended', revision: 0 },
        { outcome: 'conflict', actual: -1 },
        { outcome: 'already_there', revision: 0 },
        { outcome: 'confirmed' },
      ]);
      expect(await direct.readStream(other)).toHaveLength(1);
    },
  );

  it.each(['before', 'after'] as const)(
    '%s the answer: what confirms, and finds its id bound, is told so, and keeps nobody else of its batch waiting',
    async (when) => {
      const [guarded, bound, other] = [fresh(), event(), fresh()];
      await given(store, guarded, bound);
      proxy.cutNext(when);
      const guard = { stream: guarded, revision: 0, absentId: bound.eventId };
      const outcomes = await store.appendMany([
        { stream: guarded, events: [], expectedRevision: 'any', guard },
        { stream: other, events: [event()], expectedRevision: 'no_stream' },
      ]);
      expect(outcomes).toMatchObject([
        { outcome: 'already_there', stream: guarded, revision: 0 },
        { outcome: 'appended', revision: 0 },
      ]);
      expect(reconnects).toBe(1);
    },
  );

  it('and not restored in time: the outcome is unknown, and a retry with the same ids finds it', async () => {
    const [stream, one] = [fresh(), event()];
    await given(store, fresh(), event());
    proxy.cutNext('after', 'refuse');
    const append = { stream, events: [one], expectedRevision: 'no_stream' as const };
    await expect(store.append(append)).rejects.toMatchObject({ kind: 'outcome_unknown' });
    proxy.accept(true);
    expect(await store.append(append)).toMatchObject({ outcome: 'already_there', revision: 0 });
  });

  it.each([
    ['other data', { data: { attempt: 2 } }],
    ['other metadata', { metadata: { source: 'somebody else' } }],
    ['another type', { type: 'ExecutionQueued' }],
  ])('and meanwhile the same id was written by somebody else, with %s: it is theirs', async (_what, other) => {
    const [stream, one] = [fresh(), event()];
    await given(store, stream, event());
    proxy.cutNext('before', 'refuse');
    const append = store.append({ stream, events: [one], expectedRevision: 'any' });
    const cut = proxy.refused;
    while (proxy.refused === cut) await new Promise(setImmediate); // it was sent, and is looked for again
    const theirs = await given(direct, stream, { ...one, ...other });
    proxy.accept(true);
    expect(await append).toMatchObject({ outcome: 'already_there', revision: theirs.revision });
  });

  it('calls a confirmation that could not be given unavailable: it wrote nothing', async () => {
    const stream = fresh();
    await given(store, stream, event());
    proxy.cutNext('after', 'refuse');
    await expect(store.append({ stream, events: [], expectedRevision: 0 })).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });
});

describe('a database that is not there', () => {
  it('is reported in bounded time, at once while it is known to be down, and recovers by itself', async () => {
    proxy.accept(false);
    const append = { stream: fresh(), events: [event()], expectedRevision: 'any' as const };
    const unavailable = { kind: 'unavailable' };
    await expect(store.append(append)).rejects.toMatchObject(unavailable);
    await expect(store.readStream(append.stream)).rejects.toMatchObject(unavailable);
    await expect(store.head()).rejects.toMatchObject(unavailable);
    const before = performance.now();
    await expect(store.append(append)).rejects.toMatchObject(unavailable);
    expect(performance.now() - before).toBeLessThan(500);
    proxy.accept(true);
    expect(await store.append(append)).toMatchObject({ outcome: 'appended', revision: 0 });
  });

  it('lets a store be closed', async () => {
    proxy.accept(false);
    const accepted = store.append({ stream: fresh(), events: [event()], expectedRevision: 'any' });
    const closing = store.close();
    await expect(accepted).rejects.toMatchObject({ kind: 'unavailable' });
    await closing;
  });
});

it('a lost idle connection costs the next append nothing but a reconnect', async () => {
  await given(store, fresh(), event());
  proxy.accept(false);
  proxy.accept(true);
  await given(store, fresh(), event());
  expect(reconnects).toBe(1);
});

it('a subscription goes on where it was when all connections are killed', async () => {
  const stop = new AbortController();
  const stream = fresh();
  const seen: number[] = [];
  const before = await direct.head();
  await given(direct, stream, event());
  for await (const page of store.subscribe(before, stop.signal)) {
    seen.push(...page.map(({ revision }) => revision));
    proxy.accept(false);
    proxy.accept(true);
    if (seen.length === 3) stop.abort();
    else await given(direct, stream, event());
  }
  expect(seen).toEqual([0, 1, 2]);
});

it('a subscriber is told by NOTIFY of what another process appended', async () => {
  const patient = createPostgresEventStore({ connectionString: database.connectionString, pollMs: 60_000 });
  const stop = new AbortController();
  const pages = patient.subscribe(await direct.head(), stop.signal)[Symbol.asyncIterator]();
  for (let i = 0; i < 3; i++) {
    const next = pages.next();
    await given(direct, fresh(), event());
    expect((await next).value).toHaveLength(1);
  }
  stop.abort();
  await patient.close();
});

it('a subscriber that cannot listen finds out by polling', async () => {
  const stop = new AbortController();
  const pages = store.subscribe(await direct.head(), stop.signal)[Symbol.asyncIterator]();
  const next = pages.next();
  await withClient(database.connectionString, async (client) => {
    const listening = `select pg_terminate_backend(pid) from pg_stat_activity
                        where datname = current_database() and application_name = 'execution-ledger listener'`;
    while ((await client.query(listening)).rowCount === 0);
  });
  await given(direct, fresh(), event());
  expect((await next).value).toHaveLength(1);
  stop.abort();
});
