import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { event, events, given } from '../contract/event-store.contract.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
let store: EventStore;
beforeAll(async () => {
  database = await createTestDatabase();
  store = createPostgresEventStore({ connectionString: database.connectionString, requireDurability: false });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const START = { stream: 'execution-', revision: 0 };
const placeOf = ({ stream, revision }: StoredEvent): string => `${stream}@${revision}`;

it('gives the log stream by stream, from where it is told, within its bounds', async () => {
  for (const [stream, count] of [
    ['execution-b', 3],
    ['execution-a\\b', 2],
    ['refused-a', 1],
    ['execution-a', 4],
  ] as const) {
    await given(store, stream, ...events(count));
  }
  const upTo = await store.head();
  await given(store, 'execution-a', event()); // later than what is asked for
  const range = { after: START, before: 'execution.', upTo, limit: 100 };
  const all = (await store.readStreams!(range)).map(placeOf);
  const a = [0, 1, 2, 3].map((revision) => `execution-a@${revision}`);
  const escaped = [0, 1].map((revision) => `execution-a\\b@${revision}`);
  const b = [0, 1, 2].map((revision) => `execution-b@${revision}`);
  expect(all).toEqual([...a, ...escaped, ...b]);
  const pages: string[] = [];
  for (let after = START; ;) {
    const page = await store.readStreams!({ ...range, after, limit: 2 });
    if (page.length === 0) break;
    pages.push(...page.map(placeOf));
    after = page.at(-1)!;
  }
  expect(pages).toEqual(all);
});
