import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseJson } from '../../src/contract/json.js';
import type { EventMetadata } from '../../src/domain/events.js';
import type { Json } from '../../src/domain/json.js';
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { event, events, given } from '../contract/event-store.contract.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

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
