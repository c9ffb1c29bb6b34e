import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { executionStatus } from '../../projections/execution-status.js';
import type { Projection } from '../../projections/projection.js';
import { statusCounts } from '../../projections/status-counts.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { rollback } from '../../src/rebuild/rollback.js';
import { tableOf } from '../../src/projection-tables/table.js';
import { keeping } from '../support/projection/projection-operations.js';
import { became, fact } from '../support/domain/given.js';
import { connectTo, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding, withoutStreams } from '../support/projection/rebuilding.js';
import { folded, standing } from '../support/projection/tables.js';

const ids = Array.from({ length: 5 }, (_, n) => `x-${n}`);
let ledger: ProjectedLedger;
beforeEach(async () => {
  ledger = await openProjection();
  for (const id of ids) await tell(ledger, id, fact('ExecutionRegistered'), became('running'));
  await ledger.project(1_000, executionStatus, statusCounts);
});
afterEach(() => ledger.close());

const want = ({ name }: Projection, paused: boolean) => ledger.readModel.projections.request(name, { paused });
const seen = async ({ name }: Projection) => {
  const mine = (await ledger.readModel.projections.statuses()).find((one) => one.name === name)!;
  return { version: mine.version, paused: mine.paused, at: mine.checkpoint.position };
};
const moveOn = async () => {
  for (const id of ids) await tell(ledger, id, became('succeeded', 'worker'));
};
const change = (projection: Projection): Promise<object[]> =>
  ledger.sql(
    projection.kind === 'rows'
      ? `update ledger.execution_status set status = 'failed' where execution_id = 'x-3'`
      : `update ledger.status_counts set count = count + 1 where scope = 'all' and status = 'running'`,
  );

describe.each([executionStatus, statusCounts])('a projection that stands behind the log: $name', (projection) => {
  it.each(['stream by stream', 'page by page'])('is verified as far as it stands, %s', async (how) => {
    await moveOn();
    const store = how === 'stream by stream' ? ledger.store : withoutStreams(ledger.store);
    const verify = () => rebuild(rebuilding(ledger, projection, { store }), 'verify');
    const { rows, drift } = await verify();
    expect([rows > 0, drift.rows]).toEqual([true, 0]);
    await change(projection);
    expect((await verify()).drift.rows).toBe(1);
    expect((await seen(projection)).at).toBe(10n);
  });

  it('and is paused stays so, and where it is, when it is rebuilt and rolled back', async () => {
    await moveOn();
    await want(projection, true);
    const stood = await standing(ledger, projection);
    await change(projection);
    const { rows, drift } = await rebuild(rebuilding(ledger, projection), 'rebuild');
    expect([rows > 0, drift.rows]).toEqual([true, 1]);
    expect(await standing(ledger, projection)).toEqual(stood);
    expect(await seen(projection)).toEqual({ version: 2, paused: true, at: 10n });
    await rollback(rebuilding(ledger, projection));
    expect(await seen(projection)).toEqual({ version: 1, paused: true, at: 10n });
    await rollback(rebuilding(ledger, projection));
    await want(projection, false);
    await ledger.project(1_000, projection);
    expect(await seen(projection)).toEqual({ version: 2, paused: false, at: 15n });
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
  });
});

/** Connections over which somebody pauses the projection at the last moment before a swap. */
function pausedBeforeSwap(projection: Projection) {
  let connections = 0;
  return async (): Promise<pg.Client> => {
    const client = await connectTo(ledger.database.connectionString);
    if (++connections !== 2) return client; // the second one swaps
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    client.query = (async (...args: unknown[]) => {
      if (args[0] === 'begin') await want(projection, true);
      return query(...args);
    }) as never;
    return client;
  };
}

it.each(['rebuild', 'rollback'] as const)('a pause that comes while a %s is about to swap is kept', async (kind) => {
  if (kind === 'rollback') await rebuild(rebuilding(ledger, statusCounts), 'rebuild');
  const parts = rebuilding(ledger, statusCounts, { connect: pausedBeforeSwap(statusCounts) });
  await (kind === 'rebuild' ? rebuild(parts, 'rebuild') : rollback(parts));
  const version = kind === 'rebuild' ? 2 : 1;
  expect(await seen(statusCounts)).toEqual({ version, paused: true, at: 10n });
});

it.each([
  ['loaded', 1],
  ['caught up with', 2],
])('a rebuild left off while it was %s goes no further than a projection that was paused since', async (_, heads) => {
  const stop = new AbortController();
  let asked = 0;
  const head = async () => {
    if (++asked === heads) {
      await moveOn(); // nobody projects it
      stop.abort();
    }
    return ledger.store.head();
  };
  const left = rebuilding(ledger, executionStatus, { store: { ...ledger.store, head }, signal: stop.signal });
  await expect(rebuild(left, 'rebuild')).rejects.toMatchObject({ name: 'AbortError' });
  await want(executionStatus, true);
  const stood = await standing(ledger, executionStatus);
  await keeping(ledger).operations.request(executionStatus.name, 'rebuild', { runsHere: true });
  await rebuild(rebuilding(ledger, executionStatus), 'rebuild');
  expect(await standing(ledger, executionStatus)).toEqual(stood);
  expect(await seen(executionStatus)).toEqual({ version: 3, paused: true, at: 10n });
  expect(await ledger.sql(`select to_regclass($1) as dropped`, tableOf(executionStatus, 2))).toEqual([
    { dropped: null },
  ]);
});
