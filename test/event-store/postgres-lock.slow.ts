import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { EventStore } from '../../src/event-store/event-store.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { event, fresh, given } from '../contract/event-store.contract.js';
import { createTestDatabase, type TestDatabase } from '../support/store/postgres.js';
import { APPEND, rawClient } from '../support/store/raw-client.js';

let database: TestDatabase;
let store: EventStore;
beforeAll(async () => {
  database = await createTestDatabase();
  store = createPostgresEventStore(database);
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

it('a client that takes the append lock, never syncs and lingers: the server ends it in bounded time, and appends go on without a hole', async () => {
  await given(store, fresh(), event());
  const raw = await rawClient(database.connectionString);
  await raw.executeWithoutSync(APPEND);
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => given(store, fresh(), event())));
  expect(outcomes.map(({ position }) => position)).toEqual([2n, 3n, 4n, 5n, 6n]);
  await raw.ended;
  expect(await store.readStream('execution-raw')).toEqual([]);
}, 12_000);
