import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import type { EventStore } from '../../src/event-store/event-store.js';
import { START } from '../../src/event-store/position.js';
import {
  createPostgresEventStore,
  openPostgresEventStore,
} from '../../src/event-store/postgres/postgres-event-store.js';
import { ended, forkScript } from '../support/process/fork.js';
import { createTestDatabase, eventStoreMigrations, withClient, type TestDatabase } from '../support/store/postgres.js';
import { startServer } from '../support/store/server.js';
import { migrate } from '../../src/postgres/migrate.js';
import { event, given } from '../contract/event-store.contract.js';

let database: TestDatabase;
let store: EventStore;

beforeEach(async () => {
  database = await createTestDatabase();
  store = createPostgresEventStore(database);
});
afterEach(async () => {
  await store.close();
  await database.drop();
});

/** Collects what a process says was acknowledged. */
function acknowledged(child: ChildProcess, into: Map<string, bigint>): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', ([id, position]: [string, string]) => {
      into.set(id, BigInt(position));
      if (into.size >= 500) resolve();
    });
  });
}

/** The log, read to its end; fails at the first position that is not the next. */
async function readDense(from: EventStore): Promise<Map<string, bigint>> {
  const found = new Map<string, bigint>();
  let last = START;
  for (;;) {
    const page = await from.readAll(last, 5_000);
    if (page.length === 0) return found;
    for (const { eventId, position } of page) {
      expect(position).toBe(++last);
      found.set(eventId, position);
    }
  }
}

/** Transactions in the database that came to nothing so far. */
const rollbacks = (): Promise<number> =>
  withClient(database.connectionString, async (client) => {
    const { rows } = await client.query<{ n: number }>(
      'select xact_rollback::int as n from pg_stat_database where datname = current_database()',
    );
    return rows[0]!.n;
  });

it('10,000 appends from 4 processes leave no gap, and a reader that follows never sees a hole', async () => {
  const acks = new Map<string, bigint>();
  const children = [0, 1, 2, 3].map((n) => forkScript('appender', database.connectionString, `p${n}`, '2500'));
  for (const child of children) void acknowledged(child, acks);
  const stop = new AbortController();
  let last = START;
  for await (const page of store.subscribe(START, stop.signal)) {
    for (const { position } of page) expect(position).toBe(++last);
    if (last === 10_000n) stop.abort();
  }
  expect(await Promise.all(children.map(ended))).toEqual(children.map(() => ({ code: 0, signal: null })));
  expect(acks.size).toBe(10_000);
  expect(await rollbacks()).toBe(0); // writers wait for each other; none has to fail and try again
  expect(await readDense(store)).toEqual(new Map([...acks].sort(([, a], [, b]) => Number(a - b))));
}, 30_000);

it('a writer killed in mid-append loses nothing that was acknowledged and stops nobody', async () => {
  const acks = new Map<string, bigint>();
  const child = forkScript('appender', database.connectionString, 'killed', '0');
  await acknowledged(child, acks);
  child.kill('SIGKILL');
  expect(await ended(child)).toEqual({ code: null, signal: 'SIGKILL' });
  await given(store, 'execution-0', event());
  const found = await readDense(store);
  for (const [id, position] of acks) expect([id, found.get(id)]).toEqual([id, position]);
}, 20_000);

it('a database killed in mid-append has every acknowledged event afterwards, once, and no gap', async () => {
  const server = await startServer([]);
  const connectionString = server.url('postgres');
  try {
    await migrate({ connectionString }, eventStoreMigrations);
    const survivor = await openPostgresEventStore({ connectionString });
    let reconnects = 0;
    survivor.onReconnect(() => reconnects++);
    const acks = new Map<string, bigint>();
    let going = true;
    const clients = Array.from({ length: 16 }, async (_, n) => {
      while (going) {
        const one = event();
        acks.set(one.eventId, (await given(survivor, `execution-${n}`, one)).position);
      }
    });
    const grown = async (by: number): Promise<void> => {
      for (const target = acks.size + by; acks.size < target;) await new Promise(setImmediate);
    };
    await grown(500);
    await server.kill();
    await server.restart();
    await grown(500);
    going = false;
    await Promise.all(clients);
    expect(await readDense(survivor)).toEqual(new Map([...acks].sort(([, a], [, b]) => Number(a - b))));
    expect(reconnects).toBeGreaterThan(0);
    await survivor.close();
  } finally {
    await server.stop();
  }
}, 40_000);
