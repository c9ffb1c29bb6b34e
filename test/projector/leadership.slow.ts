import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { SubscriptionRunner } from '../../src/projector/subscription-runner.js';
import { executionStatus } from '../../projections/execution-status.js';
import type { Projection } from '../../projections/projection.js';
import { statusCounts } from '../../projections/status-counts.js';
import { projectionLockKey } from '../../src/projection-tables/locks.js';
import { fact } from '../support/domain/given.js';
import { ended, forkScript } from '../support/process/fork.js';
import { freshId, moment } from '../support/ledger/handling.js';
import { follow, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';

/** Within which another takes over (docs/semantics.md §6; the ledger's promise to its readers). */
const TAKEOVER_MS = 2_000;

let ledger: ProjectedLedger;
let followers: SubscriptionRunner[];

beforeEach(async () => {
  ledger = await openProjection({ pollMs: 100 });
  followers = [];
});
afterEach(async () => {
  await Promise.all(followers.map((follower) => follower.stop()));
  await ledger.close();
});
const start = (onError?: (error: unknown) => void, projection: Projection = executionStatus): SubscriptionRunner => {
  const follower = follow(ledger.database.connectionString, ledger.store, onError, projection);
  followers.push(follower);
  follower.start();
  return follower;
};

const LEADERS = `select pid from pg_locks where locktype = 'advisory' and granted and objid = $1
   and classid = 'ledger.checkpoints'::regclass::oid
   and database = (select oid from pg_database where datname = current_database())`;
/** The server's process that leads, other than these; waits until there is one. */
async function leader(other?: number, { name }: Projection = executionStatus): Promise<number> {
  for (;;) {
    const pids = (await ledger.sql<{ pid: number }>(LEADERS, projectionLockKey(name))).map(({ pid }) => pid);
    expect(pids.length).toBeLessThanOrEqual(1);
    if (pids.length === 1 && pids[0] !== other) return pids[0]!;
    await moment();
  }
}
/** Reports, and waits until it can be read. */
async function projected(): Promise<void> {
  const id = freshId();
  const position = await tell(ledger, id, fact('ExecutionRegistered'));
  expect(await ledger.readModel.waitFor(position, 10_000)).toBe(true);
  expect((await ledger.readModel.find(id)).row?.state.status).toBe('pending');
}

it('one leads at a time; when the database ends its session, another has taken over in time', async () => {
  start();
  start();
  const first = await leader();
  await projected();
  const at = performance.now();
  await ledger.sql('select pg_terminate_backend($1::integer)', first);
  await leader(first);
  await projected();
  expect(performance.now() - at).toBeLessThan(TAKEOVER_MS);
}, 15_000);

it('a leader killed without a warning is succeeded in time, and nothing is projected twice or left out', async () => {
  const child = forkScript('projecting', ledger.database.connectionString);
  const first = await leader();
  await projected();
  start();
  const id = freshId();
  await tell(ledger, id, fact('ExecutionRegistered'));
  const at = performance.now();
  child.kill('SIGKILL');
  await ended(child);
  for (let n = 0; n < 50; n++) await tell(ledger, id, fact('ExecutionProgressed', { attempt: 1, progress: n }));
  await leader(first);
  await projected();
  expect(performance.now() - at).toBeLessThan(TAKEOVER_MS);
  expect((await ledger.readModel.find(id)).row?.state).toMatchObject({ revision: 50, progress: 49 });
}, 20_000);

it('a leader that stops lets go at once, between two pages', async () => {
  const one = start();
  const first = await leader();
  start();
  const at = performance.now();
  await one.stop();
  await leader(first);
  expect(performance.now() - at).toBeLessThan(TAKEOVER_MS);
  await projected();
}, 15_000);

it('a leader whose page fails reports it, lets go and tries again', async () => {
  const failures: string[] = [];
  await ledger.sql('alter table ledger.parked_events rename to hidden');
  start((error) => void failures.push(String(error)));
  await ledger.write('execution-x', { eventId: 'e', type: 'ExecutionFailed', data: 'broken', metadata: {} });
  while (failures.length === 0) await moment();
  expect(failures[0]).toMatch(/parked_events/);
  await ledger.sql('alter table ledger.hidden rename to parked_events');
  await projected();
  expect(await ledger.readModel.projections.parked('execution-status')).toHaveLength(1);
}, 15_000);

it('each projection is led by itself: one that loses its leader gets another, and the others do not notice', async () => {
  for (let n = 0; n < 2; n++) for (const projection of [executionStatus, statusCounts]) start(undefined, projection);
  const [lists, counts] = [await leader(), await leader(undefined, statusCounts)];
  expect(lists).not.toBe(counts);
  const at = performance.now();
  await ledger.sql('select pg_terminate_backend($1::integer)', counts);
  const id = freshId();
  const position = await tell(ledger, id, fact('ExecutionRegistered'), fact('ExecutionStarted', { attempt: 1 }));
  await leader(counts, statusCounts);
  expect(await ledger.readModel.waitFor(position, 10_000, 'status-counts')).toBe(true);
  expect(performance.now() - at).toBeLessThan(TAKEOVER_MS);
  expect((await ledger.readModel.statusCounts({})).counts).toEqual({ running: 1 });
  expect(await leader()).toBe(lists);
}, 15_000);
