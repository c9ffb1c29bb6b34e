import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { statusCounts } from '../../projections/status-counts.js';
import type { StreamScan } from '../../src/event-store/event-store.js';
import { loadAll, type LoadWorkers } from '../../src/rebuild/load.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { LockedByOther } from '../../src/rebuild/rebuild-lock.js';
import { OperationInterrupted } from '../../src/rebuild/operations-table.js';
import { rollback } from '../../src/rebuild/rollback.js';
import { eventually } from '../support/eventually.js';
import { became, fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { openMixed } from '../support/projection/logs.js';
import { connectTo, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding, withoutStreams } from '../support/projection/rebuilding.js';
import { folded, standing } from '../support/projection/tables.js';

const NO_DRIFT = { rows: 0, fields: {}, sample: [] };

let ledger: ProjectedLedger;
let ids: string[];
beforeAll(async () => {
  ({ ledger, ids } = await openMixed());
}, 60_000);
afterAll(() => ledger.close());

describe.each(PROJECTIONS)('a rebuild of $name', (projection) => {
  beforeAll(() => ledger.project(1_000, projection));

  const bookkeeping = async () => ({
    checkpoint: await ledger.readModel.checkpoint(projection.name),
    parked: (await ledger.readModel.projections.parked(projection.name)).map(({ position, error }) => [
      position,
      error,
    ]),
    rows:
      projection.kind === 'rows'
        ? await ledger.sql(
            `select execution_id, refused_revision, unreadable_revision from ledger.${projection.name.replaceAll('-', '_')} order by 1`,
          )
        : [],
  });

  it.each(['stream by stream', 'page by page'])(
    '%s: is what the streams come to, and the live table was too',
    async (how) => {
      const before = await bookkeeping();
      const store = how === 'stream by stream' ? ledger.store : withoutStreams(ledger.store);
      const { drift } = await rebuild(rebuilding(ledger, projection, { store }), 'rebuild');
      expect(drift).toEqual(NO_DRIFT);
      expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
      expect(await bookkeeping()).toEqual(before);
    },
  );

  it('goes on with what comes after, and so does the one before it when it is rolled back to', async () => {
    const id = freshId();
    ids.push(id);
    for (const step of [
      () => rebuild(rebuilding(ledger, projection), 'rebuild'),
      () => rollback(rebuilding(ledger, projection)),
    ]) {
      await step();
      await tell(ledger, id, fact('ExecutionStarted'));
      await ledger.project(1_000, projection);
      expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
    }
  });

  it('takes in what comes while it is made, and answers nobody from further back', async () => {
    const id = freshId();
    ids.push(id);
    const checkpoints: bigint[] = [];
    const store = {
      ...ledger.store,
      head: async () => {
        const head = await ledger.store.head();
        await tell(ledger, id, fact('ExecutionStarted'), became('running', 'worker')); // behind what is loaded
        await ledger.project(1_000, projection);
        checkpoints.push((await ledger.readModel.checkpoint(projection.name)).position);
        return head;
      },
    };
    await rebuild(rebuilding(ledger, projection, { store }), 'rebuild');
    checkpoints.push((await ledger.readModel.checkpoint(projection.name)).position);
    expect(checkpoints).toEqual([...checkpoints].sort((a, b) => Number(a - b)));
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
  });

  it('paused in the middle stays where it is, and goes on from there', async () => {
    const parts = rebuilding(ledger, projection);
    await ledger.sql(`delete from ledger.rebuilds where projection = $1`, projection.name);
    const { streamScan } = ledger.store;
    const read: StreamScan['read'] = async function* (range, signal) {
      let events = 0;
      for await (const page of streamScan!.read(range, signal)) {
        for (const stored of page.events) {
          if (++events === 50)
            await ledger.sql('update ledger.rebuilds set paused = true where projection = $1', projection.name);
          yield { events: [stored], size: 1 };
        }
      }
    };
    const store = { ...ledger.store, streamScan: { ...streamScan!, read } };
    await expect(rebuild({ ...parts, store }, 'rebuild')).rejects.toBeInstanceOf(OperationInterrupted);
    const [paused] = await ledger.sql<{ events: string }>(
      'select events from ledger.rebuilds where projection = $1',
      projection.name,
    );
    await ledger.sql('update ledger.rebuilds set paused = false where projection = $1', projection.name);
    await rebuild(parts, 'rebuild');
    const [done] = await ledger.sql<{ events: string; upto: string }>(
      'select events, upto from ledger.rebuilds where projection = $1',
      projection.name,
    );
    expect(Number(done!.events)).toBeGreaterThan(Number(paused!.events));
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
  });

  /** Loads on a connection of its own, as a thread does. */
  const loadApart: LoadWorkers['load'] = async (loading, partitions) => {
    const client = await rebuilding(ledger, projection).connect();
    try {
      await loadAll({ ...loading, client }, partitions);
    } finally {
      await client.end();
    }
  };

  it('a rebuild that several workers share comes to the same rows', async () => {
    let shares = 0;
    const load: LoadWorkers['load'] = (loading, partitions) => {
      if (partitions.length > 0) shares++;
      return loadApart(loading, partitions);
    };
    const { drift } = await rebuild(
      rebuilding(ledger, projection, { loadWorkers: { count: 3, atLeast: 1, load } }),
      'rebuild',
    );
    expect(shares).toBe(3);
    expect(drift).toEqual(NO_DRIFT);
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
  });

  it('a worker that lost the lead of a rebuild without noticing writes nothing', async () => {
    const lost: unknown[] = [];
    const load: LoadWorkers['load'] = async (loading, partitions) => {
      const both = await Promise.allSettled([loadApart(loading, partitions), loadApart(loading, partitions)]);
      lost.push(...both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
      // Each may have been first at some batch: what nobody loaded to its end is gone on with.
      if (both.every(({ status }) => status === 'rejected')) throw lost.at(-1);
    };
    const parts = rebuilding(ledger, projection, { loadWorkers: { count: 1, atLeast: 1, load } });
    const first = await rebuild(parts, 'rebuild').catch((error: unknown) => error);
    if (first instanceof Error) await rebuild(rebuilding(ledger, projection), 'rebuild');
    expect(lost).not.toHaveLength(0);
    for (const error of lost) expect(error).toMatchObject({ message: expect.stringMatching(/^somebody else is at/) });
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
  });

  it('a second rebuild is refused while one runs', async () => {
    const both = await Promise.allSettled([1, 2].map(() => rebuild(rebuilding(ledger, projection), 'rebuild')));
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: expect.any(LockedByOther) });
  });
});

it('leaves no connection behind where there is none for its second', async () => {
  const { connect, ...parts } = rebuilding(ledger, statusCounts);
  const pids: number[] = [];
  const once = async () => {
    if (pids.length > 0) return connectTo('postgres://nobody@127.0.0.1:1/nowhere');
    const client = await connect();
    pids.push((await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid);
    return client;
  };
  await expect(rebuild({ ...parts, connect: once }, 'rebuild')).rejects.toThrow('ECONNREFUSED');
  await eventually(
    () => ledger.sql('select from pg_stat_activity where pid = any($1)', pids),
    (sessions) => sessions.length === 0,
  );
});
