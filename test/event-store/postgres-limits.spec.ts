import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { Append, EventStore } from '../../src/event-store/event-store.js';
import type { PostgresOptions } from '../../src/event-store/postgres/options.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { appended, event, fresh, given } from '../contract/event-store.contract.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

let database: TestDatabase;
let stores: EventStore[];

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(() => {
  stores = [];
});
afterEach(() => Promise.all(stores.map((store) => store.close())));
afterAll(() => database.drop());

function open(more: Partial<PostgresOptions> = {}): EventStore {
  const store = createPostgresEventStore({ connectionString: database.connectionString, ...more });
  stores.push(store);
  return store;
}
const append = (stream = fresh(), data: unknown = {}): Append => ({
  stream,
  events: [event({ data })],
  expectedRevision: 'any',
});

/** A name that no index takes: longer than its limit, and beyond compressing. */
const poison = (): string =>
  Array.from({ length: 200 }, (_, i) => createHash('sha256').update(`${fresh()} ${i}`).digest('base64')).join('');

/** While nobody can append; what it makes wait goes on afterwards. */
const whileLocked = <T>(use: () => Promise<T>): Promise<T> =>
  withClient(database.connectionString, async (client) => {
    await client.query(`select pg_advisory_lock('ledger.events'::regclass::oid::integer, 1)`);
    return use();
  });

describe('an append that the database refuses', () => {
  it.each([1, 2, 64, 512])('fails alone in a batch of %i', async (size) => {
    const store = open();
    const at = Math.floor(size / 3);
    const batch = Array.from({ length: size }, (_, i) => append(i === at ? poison() : fresh()));
    const outcomes = await store.appendMany(batch);
    expect(outcomes[at]).toMatchObject({
      kind: 'unacceptable',
      message: expect.stringContaining('refuses this append'),
    });
    expect(outcomes.filter((_, i) => i !== at).map((outcome) => appended(outcome).revision)).toEqual(
      Array(size - 1).fill(0),
    );
  });

  it('leaves no gap in the positions', async () => {
    const store = open();
    const { position } = await given(store, fresh(), event());
    await store.appendMany([append(poison()), append(poison())]);
    expect(await given(store, fresh(), event())).toMatchObject({ position: position + 1n });
  });
});

describe('an append that this program cannot send', () => {
  /** What is looked at while the call is made, and cannot be written there. */
  const unwritable = (): Append => {
    let looked = 0;
    const guard = {
      stream: fresh(),
      get revision() {
        return ++looked === 1 ? -1 : ('first' as unknown as number);
      },
    };
    return { ...append(), guard };
  };

  it.each([1, 2, 64])('fails alone in a batch of %i, as what it is, and costs nobody the connection', async (size) => {
    const store = open();
    await given(store, fresh(), event());
    let reconnects = 0;
    store.onReconnect(() => reconnects++);
    const at = Math.floor(size / 3);
    const began = performance.now();
    const outcomes = await store.appendMany(
      Array.from({ length: size }, (_, i) => (i === at ? unwritable() : append())),
    );
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(outcomes[at]).toMatchObject({ name: 'SyntaxError', message: expect.stringContaining('BigInt') });
    expect(outcomes.filter((_, i) => i !== at).map((outcome) => appended(outcome).revision)).toEqual(
      Array(size - 1).fill(0),
    );
    await given(store, fresh(), event());
    expect(reconnects).toBe(0);
  });
});

describe('bounds', () => {
  it('of the queue, in appends: one more is overloaded, and nothing accepted is lost', async () => {
    const store = open({ queueLength: 10 });
    const accepted = await whileLocked(async () => {
      const first = store.append(append());
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      const waiting = Array.from({ length: 10 }, () => store.append(append()));
      await expect(store.append(append())).rejects.toMatchObject({ kind: 'overloaded' });
      return [first, ...waiting];
    });
    expect((await Promise.all(accepted)).map(({ outcome }) => outcome)).toEqual(Array(11).fill('appended'));
    await given(store, fresh(), event());
  });

  it('of the queue, in bytes', async () => {
    const store = open({ queueBytes: 10_000 });
    await whileLocked(async () => {
      const fits = store.append(append(fresh(), 'x'.repeat(9_000)));
      await expect(store.append(append(fresh(), 'x'.repeat(9_000)))).rejects.toMatchObject({ kind: 'overloaded' });
      return [fits];
    });
  });

  it('of the wait in the queue', async () => {
    let now = 0;
    const store = open({ now: () => now, queueMs: 1_000 });
    const [first, late] = await whileLocked(async () => {
      const pair = [store.append(append()), undefined as never];
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      pair[1] = store.append(append());
      now = 1_001;
      return pair;
    });
    await expect(late).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('too long in the queue'),
    });
    await expect(first).resolves.toMatchObject({ outcome: 'appended' });
  });

  it('of a batch: what is larger than one goes in several, in order', async () => {
    const store = open({ batchBytes: 2_000, batchLength: 3 });
    const stream = fresh();
    const many = [...Array(20).keys()].map((i) => append(i % 2 ? stream : fresh(), 'x'.repeat(i * 50)));
    const outcomes = await store.appendMany(many);
    expect(outcomes.map((outcome) => appended(outcome).revision)).toEqual(
      [...Array(20).keys()].map((i) => (i % 2 ? (i - 1) / 2 : 0)),
    );
  });

  it('of an event', async () => {
    const store = open();
    await expect(store.append(append(fresh(), 'x'.repeat(17 * 1024 * 1024)))).rejects.toMatchObject({
      kind: 'unacceptable',
    });
  });
});

it('the recording clock waits for the log when the log is a little ahead of it', async () => {
  const store = open();
  const ahead = new Date(Date.now() + 4 * 60_000).toISOString();
  await withClient(database.connectionString, async (client) => {
    const insert = `insert into ledger.events select coalesce(max(position), 0) + 1, $1, 0, 'ahead', 'id', 'T', '{}', '{}' from ledger.events`;
    await client.query(insert, [ahead]);
    expect(await given(store, fresh(), event())).toMatchObject({ recordedAt: ahead });
    await client.query(`update ledger.events set recorded_at = now() where recorded_at > now()`);
  });
});

it('an unmigrated database is unavailable, not a bad append', async () => {
  const store = createPostgresEventStore({ connectionString: database.connectionString.replace(/[^/]+$/, 'postgres') });
  await expect(store.append(append())).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('ledger'),
  });
  await store.close();
});

it('the view for people reads whatever stands in the log', async () => {
  const store = open();
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  await given(store, 'execution-\0', event({ data: { nul: '\0', lone: '\ud800' } }), event({ data: { fine: 1 } }));
  await withClient(database.connectionString, async (client) => {
    const insert = `insert into ledger.events select max(position) + 1, now(), 0, $1, 'id', 'Type', $2, 'not json' from ledger.events`;
    for (const [i, text] of [deep, '1e999999', '', '{"a":"\\ud800"}', '9007199254740993'].entries())
      await client.query(insert, [`s${i}`, text]);
    const { rows } = await client.query<{ data: string }>(
      `select data::text from ledger.events_readable order by position desc limit 7`,
    );
    expect(rows.map(({ data }) => data.slice(0, 40)).reverse()).toEqual([
      '"{\\"nul\\":\\"\\\\u0000\\",\\"lone\\":\\"\\\\ud800\\"}"'.slice(0, 40),
      '{"fine": 1}',
      expect.stringMatching(/^"?\[\[\[/),
      expect.any(String),
      '""',
      '"{\\"a\\":\\"\\\\ud800\\"}"',
      '9007199254740993',
    ]);
    const [broken] = await store.readStream('s2');
    expect(broken).toMatchObject({ data: '', metadata: {} }); // what is not JSON reads as its text, and stops nobody
  });
});
