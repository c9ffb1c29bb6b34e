import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PROJECTED } from '../../src/projection-tables/checkpoint.js';
import { CheckpointWatcher } from '../../src/read-model/checkpoint-watcher.js';
import { PostgresReadModel } from '../../src/read-model/postgres-read-model.js';
import { moment } from '../support/ledger/handling.js';
import { connectTo, openProjection, type ProjectedLedger } from '../support/projection/projection.js';

let ledger: ProjectedLedger;
beforeEach(async () => {
  ledger = await openProjection();
});
afterEach(() => ledger.close());

const project = (position: number): Promise<unknown> =>
  ledger.sql(
    `with moved as (update ledger.checkpoints set position = $1 returning position)
     select pg_notify('${PROJECTED}', 'execution-status ' || position) from moved`,
    position,
  );
/** The sessions that listen: one that has only been made hears nothing yet. */
const WAITERS = `select pid from pg_stat_activity
  where datname = current_database() and application_name = 'execution-ledger waiters' and query like 'listen %' and state = 'idle'`;
const listening = async (): Promise<number[]> => (await ledger.sql<{ pid: number }>(WAITERS)).map(({ pid }) => pid);

it('answers at once for a position that was passed already, and no when the time is up', async () => {
  await project(5);
  expect(await Promise.all([5n, 4n, 0n].map((at) => ledger.readModel.waitFor(at, 0)))).toEqual([true, true, true]);
  expect(await ledger.readModel.waitFor(6n, 0)).toBe(false);
  expect(await ledger.readModel.waitFor(6n, 20)).toBe(false);
});

it('a waiter for one projection is not answered by another', async () => {
  await project(5);
  await ledger.sql(`update ledger.checkpoints set position = 7 where projection = 'execution-status'`);
  const passed = (projection?: string) => ledger.readModel.waitFor(7n, 0, projection);
  expect([await passed(), await passed('status-counts')]).toEqual([true, false]);
});

it('a position that one connection told is not believed on the next: that may lead to a database that is not as far', async () => {
  const waiting = ledger.readModel.waitFor(3n, 4_000);
  while ((await listening()).length === 0) await moment();
  await project(3);
  expect(await waiting).toBe(true);
  await ledger.sql('update ledger.checkpoints set position = 1');
  while (!(await ledger.readModel.waitFor(3n, 0))) await moment(); // a look answered, and what was told is still to be heard
  await ledger.sql(WAITERS.replace('select pid', 'select pg_terminate_backend(pid)'));
  while (await ledger.readModel.waitFor(3n, 0)) await moment();
}, 5_000);

it('1,000 waiters share one connection, and each is let go when its own position has passed', async () => {
  const passed: number[] = [];
  const all = Array.from({ length: 1_000 }, async (_, n) => {
    expect(await ledger.readModel.waitFor(BigInt(1 + (n % 2)), 20_000)).toBe(true);
    passed.push(1 + (n % 2));
  });
  while ((await listening()).length === 0) await moment();
  await project(1);
  while (passed.length < 500) await moment();
  expect(new Set(passed)).toEqual(new Set([1]));
  expect(await listening()).toHaveLength(1);
  await project(2);
  await Promise.all(all);
}, 30_000);

it('waiters outlive a lost connection, and the next ones listen again', async () => {
  const waiting = ledger.readModel.waitFor(3n, 20_000);
  while ((await listening()).length === 0) await moment();
  await ledger.sql(WAITERS.replace('select pid', 'select pg_terminate_backend(pid)'));
  while ((await listening()).length > 0) await moment();
  await project(3);
  expect(await waiting).toBe(true);
  const next = ledger.readModel.waitFor(4n, 20_000); // and whoever comes next listens again
  while ((await listening()).length === 0) await moment();
  await project(4);
  expect(await next).toBe(true);
}, 30_000);

it('closing answers all waiters with what is known by then', async () => {
  const readModel = new PostgresReadModel(ledger.database.connectionString);
  const waiting = Array.from({ length: 10 }, () => readModel.waitFor(9n, 60_000));
  while ((await listening()).length === 0) await moment();
  await readModel.close();
  expect(await Promise.all(waiting)).toEqual(Array<boolean>(10).fill(false));
}, 20_000);

it('waiters that come at once share two queries', async () => {
  let looks = 0;
  const read = async (): Promise<Map<string, bigint>> => new Map([['execution-status', BigInt(++looks)]]);
  const watcher = new CheckpointWatcher(() => connectTo(ledger.database.connectionString), read);
  const all = await Promise.all(Array.from({ length: 1_000 }, () => watcher.until('execution-status', 2n, 0)));
  expect([looks, all.filter(Boolean).length]).toEqual([2, 999]); // whoever came while one ran is told of the next
  await watcher.close();
});

it('a position that is notified spares the query, and a malformed notification does no harm', async () => {
  let looks = 0;
  const read = async (): Promise<Map<string, bigint>> => new Map([['execution-status', BigInt(0 * ++looks)]]);
  const watcher = new CheckpointWatcher(() => connectTo(ledger.database.connectionString), read, 60_000);
  const first = watcher.until('execution-status', 7n, 20_000);
  while (looks < 2) await moment(); // before it listened, and after
  for (const nonsense of ['', 'execution-status', 'execution-status x', ' 9', 'execution-status 8 9'])
    await ledger.sql(`select pg_notify('ledger_live_projected', $1)`, nonsense);
  await ledger.sql(`select pg_notify('ledger_live_projected', 'execution-status 7')`);
  expect(await first).toBe(true);
  expect(await watcher.until('execution-status', 6n, 20_000)).toBe(true);
  expect(looks).toBe(2);
  const next = watcher.until('execution-status', 8n, 20_000);
  await ledger.sql(`select pg_notify('ledger_live_projected', 'execution-status 8')`);
  expect(await next).toBe(true);
  expect(looks).toBe(2);
  expect(await watcher.until('execution-status', 9n, 0)).toBe(false); // who has no time is told what stands
  expect(looks).toBe(3);
  await watcher.close();
});

describe('a look that is under way when the projection moves on', () => {
  it('is followed by another', async () => {
    let [stands, looks] = [0n, 0];
    const held: (() => void)[] = [];
    const read = async (): Promise<Map<string, bigint>> => {
      const position = stands;
      if (++looks === 2) await new Promise<void>((resolve) => held.push(resolve));
      return new Map([['execution-status', position]]);
    };
    const watcher = new CheckpointWatcher(() => connectTo(ledger.database.connectionString), read, 60_000);
    const waiting = watcher.until('execution-status', 1n, 20_000);
    while (held.length === 0) await moment(); // the first look has read, and has not answered yet
    stands = 1n;
    await project(1);
    held[0]!();
    expect(await waiting).toBe(true); // told, and not only found out a minute later
    await watcher.close();
  }, 20_000);
});
