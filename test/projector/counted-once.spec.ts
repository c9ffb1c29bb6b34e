import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import type { Projection } from '../../projections/projection.js';
import { statusCounts } from '../../projections/status-counts.js';
import { CheckpointLost } from '../../src/projector/projection-store.js';
import { tableOf } from '../../src/projection-tables/table.js';
import { became, fact } from '../support/domain/given.js';
import { freshId, moment } from '../support/ledger/handling.js';
import {
  connectTo,
  openProjection,
  projectorOf,
  tell,
  type ProjectedLedger,
} from '../support/projection/projection.js';
import { startProxy } from '../support/store/proxy.js';
import { folded, standing } from '../support/projection/tables.js';
import { some } from '../support/tries.js';

let ledger: ProjectedLedger;
const ids: string[] = [];
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

/** An execution that has come this far. */
async function given(...facts: Parameters<typeof tell>[2][]): Promise<string> {
  const id = freshId();
  ids.push(id);
  await tell(ledger, id, fact('ExecutionRegistered', { target: 't' }), ...facts);
  return id;
}
const expectOnce = async (projection: Projection): Promise<void> =>
  expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));

/** Projects on a connection through a proxy, which cuts it around the statement that writes the page. */
async function cutOff(projection: Projection, when: 'before' | 'after'): Promise<void> {
  const proxy = await startProxy(Number(new URL(ledger.database.connectionString).port));
  const client = await connectTo(proxy.through(ledger.database.connectionString));
  const projector = projectorOf(ledger.store, projection);
  const from = (await projector.begin(client))!;
  proxy.cutNext(when, 'accept', 'page-');
  await expect(projector.handle(client, await ledger.store.readAll(from, 100))).rejects.toThrow();
  await client.end().catch(() => undefined);
  await proxy.close();
}

describe.each(some(PROJECTIONS))('$name', (projection) => {
  beforeAll(() => ledger.project(100, projection));

  it.each(['before', 'after'] as const)(
    'a connection lost %s the statement of a page loses nothing and counts nothing twice',
    async (when) => {
      const id = await given(became('running'));
      await ledger.project(100, projection);
      await tell(ledger, id, became('failed', 'watchdog'), became('succeeded'));
      await given(became('failed'));
      await cutOff(projection, when);
      await ledger.project(1, projection);
      await expectOnce(projection);
      expect((await ledger.readModel.checkpoint(projection.name)).position).toBe(await ledger.store.head());
    },
  );

  it.each(['insert', 'update'])('a server that ends the session after the %s has written nothing', async (does) => {
    const id = await given(became('running'), became('failed'));
    await ledger.project(100, projection);
    const before = await standing(ledger, projection);
    await tell(ledger, id, fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' }));
    await tell(ledger, id, became('failed', 'worker', 2)); // where it counted before
    await given(became('timeout', 'watchdog'));
    await ledger.sql(`create or replace function ledger.end_me() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$`);
    const table = tableOf(projection, 1);
    await ledger.sql(`create trigger ends after ${does} on ${table} execute function ledger.end_me()`);
    await expect(ledger.project(100, projection)).rejects.toThrow();
    expect(await standing(ledger, projection)).toEqual(before);
    await ledger.sql(`drop trigger ends on ${table}`);
    await ledger.project(100, projection);
    await expectOnce(projection);
  });

  it('a leader that is held up in the middle of its page, and revived after another took over, writes nothing', async () => {
    const id = await given(became('running'));
    const client = await connectTo(ledger.database.connectionString);
    const late = projectorOf(ledger.store, projection);
    const from = (await late.begin(client))!;
    const page = await ledger.store.readAll(from, 100);
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    let revive = (): void => undefined;
    let held = false;
    client.query = (async (asked: { name?: string }, ...rest: unknown[]) => {
      if (asked.name?.startsWith('page-')) await new Promise<void>((resolve) => ((held = true), (revive = resolve)));
      return query(asked, ...rest);
    }) as never;
    const outcome = late.handle(client, page).catch((error: unknown) => error);
    while (!held) await moment();
    await ledger.project(100, projection); // the other
    await tell(ledger, id, became('succeeded'));
    await ledger.project(100, projection);
    revive();
    expect(await outcome).toBeInstanceOf(CheckpointLost);
    await expectOnce(projection);
    await client.end();
  });
});

it('a page that parks is written whole or not at all, its increments included', async () => {
  await ledger.project(100, statusCounts);
  const before = await ledger.store.head();
  const bad = await given();
  await ledger.write(`execution-${bad}`, { eventId: 'b', type: 'ExecutionFailed', data: 'broken', metadata: {} });
  await given(became('running'));
  await ledger.sql('alter table ledger.parked_events add constraint never check (position < 0)');
  // The constraint is the database's: halved down to one event, which cannot even be parked.
  await expect(ledger.project(100, statusCounts)).rejects.toThrow(/never/);
  const early = (await ledger.readModel.statusCounts({})).checkpoint.position;
  expect(early).toBe(before + 1n);
  await ledger.sql('alter table ledger.parked_events drop constraint never');
  await ledger.project(100, statusCounts);
  await expectOnce(statusCounts);
  expect(await ledger.readModel.projections.parked('status-counts')).toHaveLength(1);
});
