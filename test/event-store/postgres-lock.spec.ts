import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventStore } from '../../src/event-store/event-store.js';
import { START } from '../../src/event-store/position.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { event, fresh, given } from '../contract/event-store.contract.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';
import { APPEND, rawClient } from '../support/store/raw-client.js';

let database: TestDatabase;
let stores: EventStore[];

beforeEach(async () => {
  database = await createTestDatabase();
  stores = [];
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await database.drop();
});

function open(more = {}): EventStore {
  const store = createPostgresEventStore({ connectionString: database.connectionString, ...more });
  stores.push(store);
  return store;
}
const run = (sql: string) => withClient(database.connectionString, (client) => client.query(sql));

const positionsOf = async (store: EventStore): Promise<bigint[]> =>
  (await store.readAll(START, 10_000)).map(({ position }) => position);
const dense = (count: number): bigint[] => Array.from({ length: count }, (_, i) => BigInt(i + 1));

describe('a database whose defaults are hostile', () => {
  it.each(['serializable', 'repeatable read'])(
    '(%s, read only, impatient) gives out every position once',
    async (isolation) => {
      const settings = {
        default_transaction_isolation: isolation,
        default_transaction_read_only: 'on',
        lock_timeout: '1ms',
        statement_timeout: '50ms',
        TimeZone: 'Asia/Kathmandu',
        DateStyle: 'SQL, DMY',
        search_path: 'nowhere',
        extra_float_digits: '0',
      };
      const alter = Object.entries(settings).map(
        ([name, value]) => `alter database ${database.name} set ${name} = '${value}'`,
      );
      await run(alter.join('; '));
      const [a, b] = [open(), open()];
      const writers = [a, b].flatMap((store) =>
        Array.from({ length: 8 }, async () => {
          for (let i = 0; i < 25; i++) await given(store, fresh(), event());
        }),
      );
      await Promise.all(writers);
      expect(await positionsOf(a)).toEqual(dense(400));
      expect(Math.abs(Date.parse((await a.readAll(START, 1))[0]!.recordedAt) - Date.now())).toBeLessThan(60_000);
    },
  );

  it('cannot make the append function work on an old snapshot', async () => {
    await withClient(database.connectionString, async (client) => {
      await client.query('begin isolation level repeatable read');
      await expect(client.query(APPEND)).rejects.toMatchObject({ code: 'LE001' });
    });
  });
});

describe('a client that takes the append lock and never syncs', () => {
  it('and has our settings: it is freed by its own transaction_timeout', async () => {
    const store = open({ lockMs: 200 });
    const raw = await rawClient(database.connectionString, { transaction_timeout: '400' });
    await raw.executeWithoutSync(APPEND);
    expect(await given(store, fresh(), event())).toMatchObject({ position: 1n });
    await raw.ended;
  });

  it('and vanishes: appends go on at once', async () => {
    const store = open();
    const raw = await rawClient(database.connectionString);
    await raw.executeWithoutSync(APPEND);
    raw.vanish();
    expect(await given(store, fresh(), event())).toMatchObject({ position: 1n });
  });
});

describe('a lock that somebody holds on to', () => {
  it('makes an append unavailable in bounded time, unwritten, and is got over', async () => {
    const store = open({ lockMs: 50, patienceMs: 200 });
    const [stream, one] = [fresh(), event()];
    const append = { stream, events: [one], expectedRevision: 'any' as const };
    await withClient(database.connectionString, async (client) => {
      await client.query(`select pg_advisory_lock('ledger.events'::regclass::oid::integer, 1)`);
      await expect(store.append(append)).rejects.toMatchObject({ kind: 'unavailable' });
    });
    expect(await store.append(append)).toMatchObject({ outcome: 'appended', position: 1n });
  });

  it('does not keep a confirmation waiting: it reads and takes no lock', async () => {
    const store = open();
    await withClient(database.connectionString, async (client) => {
      await client.query(`select pg_advisory_lock('ledger.events'::regclass::oid::integer, 1)`);
      expect(await store.append({ stream: fresh(), events: [], expectedRevision: 'no_stream' })).toEqual({
        outcome: 'confirmed',
      });
    });
  });
});

it('a foreign snapshot kept open costs appends nothing: they update and delete no row, so nothing piles up', async () => {
  const store = open();
  const time = async (): Promise<number> => {
    const before = performance.now();
    for (let i = 0; i < 20; i++)
      await Promise.all(Array.from({ length: 50 }, (_, n) => given(store, `execution-${n}`, event())));
    return performance.now() - before;
  };
  await time();
  const free = Math.max(await time(), await time());
  await withClient(database.connectionString, async (client) => {
    await client.query('begin isolation level repeatable read; select count(*) from ledger.events');
    await time();
    expect(Math.min(await time(), await time(), await time())).toBeLessThan(free * 4);
  });
  const { rows } =
    await run(`select pg_stat_force_next_flush(), sum(n_tup_upd + n_tup_del)::int as rewritten, sum(n_live_tup)::int > 0 as any
                                from pg_stat_user_tables where schemaname = 'ledger' and relname = 'events'`);
  expect(rows[0]).toMatchObject({ rewritten: 0 });
});
