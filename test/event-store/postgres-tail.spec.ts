import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseJson } from '../../src/encoding/json.js';
import type { EventMetadata } from '../../src/domain/events.js';
import type { Json } from '../../src/domain/json.js';
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js';
import { WakeSignal } from '../../src/event-store/wake-signal.js';
import { Listener } from '../../src/event-store/postgres/listener.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { event, events, given } from '../contract/event-store.contract.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

let database: TestDatabase;
let store: EventStore;
const open = (): EventStore =>
  createPostgresEventStore({ connectionString: database.connectionString, requireDurability: false, pollMs: 20 });
beforeAll(async () => {
  database = await createTestDatabase();
  store = open();
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

/** Collects what a subscriber is given, until it has come to a position. */
async function follow(after: bigint, to: () => bigint, heard: StoredEvent[] = []): Promise<StoredEvent[]> {
  const done = new AbortController();
  for await (const page of store.subscribe(after, done.signal)) {
    heard.push(...page);
    if (page.at(-1)!.position >= to()) done.abort();
  }
  return heard;
}

it('gives what was appended here exactly as it is read, whatever it holds', async () => {
  const odd = {
    text: '\t\n\\ 𝄞 \u0000 \ud800 "',
    big: parseJson('12345678901234567890.10'),
    zero: -0,
    none: undefined,
  };
  const proto = parseJson('{"__proto__":{"a":1},"b":[1.0,1e3]}');
  const metadata = { reporter: undefined, correlation_id: '\ud800' } as unknown as EventMetadata;
  await given(store, 'execution-first', event());
  const from = await store.head();
  let last = from + 1_000n;
  const heard: StoredEvent[] = [];
  const followed = follow(0n, () => last, heard);
  while (heard.length === 0) await new Promise(setImmediate); // it has come to the end, and goes on from there
  await given(
    store,
    'execution-\u0000é\ud800',
    event({ data: odd as unknown as Json, metadata }),
    event({ data: proto }),
  );
  const batch = ['a', 'b', 'c'].map((name) => ({
    stream: `execution-${name}`,
    events: events(3),
    expectedRevision: 'no_stream' as const,
  }));
  await store.appendMany(batch);
  const other = open(); // which takes its turns with this one
  for (let turn = 0; turn < 5; turn++) {
    await given(other, 'execution-other', event());
    await given(store, 'execution-own', event(), event());
  }
  await other.close();
  last = await store.head();
  await given(store, 'execution-last', event());
  const read = await store.readAll(0n, 1_000);
  expect(await followed).toEqual(read.slice(0, heard.length));
  expect(heard.length).toBeGreaterThanOrEqual(27);
  for (const { position } of read) expect(await store.readAll(position - 1n, 1)).toEqual([read[Number(position) - 1]]);
});

it('asks for the head only where it does not know that it is far enough', async () => {
  await given(store, 'execution-far', event());
  const head = await store.head();
  const other = open();
  await given(other, 'execution-farther', event());
  expect([await store.head(head), await store.head(head + 1n), await store.head()]).toEqual([
    head,
    head + 1n,
    head + 1n,
  ]);
  expect(await other.head(head + 5n)).toBe(head + 1n);
  await other.close();
});

it('gives nothing that it read before a lost connection: the next may lead to another server', async () => {
  await given(store, 'execution-lost', event());
  const head = await store.head();
  await follow(head - 1n, () => head);
  await withClient(database.connectionString, (client) =>
    client.query(`update ledger.events set data = '{"another":"server"}' where position = $1`, [String(head)]),
  );
  const lost = new Promise<void>((resolve) => store.onReconnect(resolve));
  await withClient(database.connectionString, (client) =>
    client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'execution-ledger appends'`,
    ),
  );
  await given(store, 'execution-again', event());
  await lost;
  expect((await follow(head - 1n, () => head))[0]!.data).toEqual({ another: 'server' });
});

it('tells who follows of what is appended here at once: nobody has to look', async () => {
  const patient = createPostgresEventStore({
    connectionString: database.connectionString,
    requireDurability: false,
    pollMs: 60_000,
  });
  const pages = patient.subscribe(await patient.head(), new AbortController().signal)[Symbol.asyncIterator]();
  // The first may be found by the first look, the second when it begins to listen.
  for (let n = 0; n < 3; n++) {
    const next = pages.next();
    await given(patient, 'execution-told', event());
    expect((await next).value).toHaveLength(1);
  }
  await patient.close();
}, 5_000);

it('looks when it begins to listen: what was told before was told to nobody', async () => {
  const wakeSignal = new WakeSignal();
  const since = wakeSignal.version();
  const limits = { connectMs: 2_000, statementMs: 5_000, lockMs: 5_000 };
  const listener = new Listener(database.connectionString, limits, wakeSignal);
  listener.start();
  await wakeSignal.wait(since, 4_000, new AbortController().signal);
  expect(wakeSignal.version()).toBeGreaterThan(since);
  listener.close();
}, 5_000);
