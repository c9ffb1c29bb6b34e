import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import { parseJson } from '../../src/encoding/json.js';
import type { EventStore, StoredEvent, StreamRange } from '../../src/event-store/event-store.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { event, events, given } from '../contract/event-store.contract.js';
import { moment } from '../support/ledger/handling.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

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

const placeOf = ({ stream, revision }: StoredEvent): string => `${stream}@${revision}`;
const EXECUTIONS = { after: 'execution-', to: 'execution.' };
const never = new AbortController().signal;

async function read(range: StreamRange): Promise<StoredEvent[]> {
  const found: StoredEvent[] = [];
  for await (const page of store.streamScan!.read(range, never)) found.push(...page.events);
  return found;
}

const places = (stream: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${stream}@${n}`);

it('gives the log stream by stream, within its bounds', async () => {
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
  const [a, escaped, b] = [places('execution-a', 4), places('execution-a\\b', 2), places('execution-b', 3)];
  expect((await read({ ...EXECUTIONS, upTo })).map(placeOf)).toEqual([...a, ...escaped, ...b]);
  expect((await read({ after: 'execution-a', to: 'execution-a\\b', upTo })).map(placeOf)).toEqual(escaped);
  expect((await read({ after: 'execution-a\\b', to: 'execution.', upTo })).map(placeOf)).toEqual(b);
});

it('gives each event as a stream gives it, whatever its texts hold', async () => {
  const stream = 'execution-\t\\N"\u0000é\ud800𝄞';
  const odd = { text: '\t\n\r\b\f\v\\ \\N \\. 𝄞 \u0000 \ud800 "', big: parseJson('12345678901234567890.10') };
  const texts = Array.from({ length: 300 }, (_, n) => event({ data: { ...odd, long: 'é𝄞'.repeat(n) } }));
  await given(store, stream, ...texts);
  const range = { after: 'execution-', to: stream, upTo: await store.head() };
  const found = (await read(range)).filter((stored) => stored.stream === stream);
  expect(found).toEqual(await store.readStream(stream));
  expect(found).toHaveLength(300);
});

it('cuts a range into pieces that have every stream once, and about as many events each', async () => {
  for (let n = 0; n < 40; n++) await given(store, `execution-cut-${n}`, ...events(5));
  const upTo = await store.head();
  const range = { after: 'execution-cut-', to: 'execution-cut.', upTo };
  const pieces = await store.streamScan!.split(range, 4);
  expect(pieces).toHaveLength(4);
  expect(pieces[0]!.after).toBe(range.after);
  expect(pieces.at(-1)!.to).toBe(range.to);
  const parts = await Promise.all(pieces.map(read));
  for (const part of parts) expect(part.length).toBeGreaterThanOrEqual(40);
  expect(parts.flat().map(placeOf)).toEqual((await read(range)).map(placeOf));
  expect(await store.streamScan!.split({ ...range, after: 'execution-none', to: 'execution-none.' }, 4)).toEqual([
    { after: 'execution-none', to: 'execution-none.', upTo },
  ]);
});

it('lets go of its connection when its reader goes, and stops when it is told to', async () => {
  const range = { ...EXECUTIONS, upTo: await store.head() };
  const sessions = (client: pg.Client) =>
    client.query(
      `select 1 from pg_stat_activity where datname = current_database() and application_name like '%streams'`,
    );
  for await (const page of store.streamScan!.read(range, never)) if (page.events.length > 0) break;
  const stop = new AbortController();
  const stopped = async (): Promise<void> => {
    for await (const page of store.streamScan!.read(range, stop.signal))
      stop.abort(new Error(`after ${page.events.length > 0}`));
  };
  await expect(stopped()).rejects.toThrow('after true');
  await expect(stopped()).rejects.toThrow('after true');
  await withClient(database.connectionString, async (client) => {
    while ((await sessions(client)).rowCount !== 0) await moment();
  });
});
