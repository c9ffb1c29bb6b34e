import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PROJECTIONS } from '../../projections/index.js';
import { became, fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { appendLog, logs } from '../support/projection/logs.js';
import { followAll, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { folded, standing } from '../support/projection/tables.js';

let ledger: ProjectedLedger;
const ids: string[] = [];
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

describe.each(PROJECTIONS)('the table of $name', (projection) => {
  it('is what the streams come to, each folded by itself, wherever pages begin and end', async () => {
    const property = fc.asyncProperty(logs, fc.integer({ min: 1, max: 12 }), async (log, pageSize) => {
      ids.push(...(await appendLog(ledger, log)));
      await ledger.project(pageSize, projection);
      expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
    });
    await fc.assert(property, { numRuns: 6 });
  }, 60_000);

  it('is the same when another leader takes over in the middle, and remembers nothing', async () => {
    const id = freshId();
    ids.push(id);
    for (const by of ['watchdog', 'worker'] as const) {
      const facts = [became('running', 'worker'), became('failed', by), became('succeeded', 'worker')];
      for (const one of facts) {
        await tell(ledger, id, one);
        await ledger.project(1, projection);
      }
    }
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
  });
});

it('all tables are, too, when the followers of a process share what was read and folded, while the log grows', async () => {
  const own = await openProjection();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const followers = followAll(own.database.connectionString, own.store, { onError });
  for (const follower of followers) follower.start();
  const all: string[] = [];
  for (const log of fc.sample(logs, { numRuns: 20, seed: 7 })) all.push(...(await appendLog(own, log)));
  const head = await own.store.head();
  for (const { name } of PROJECTIONS) expect(await own.readModel.waitFor(head, 20_000, name)).toBe(true);
  await Promise.all(followers.map((follower) => follower.stop()));
  expect(errors).toEqual([]);
  for (const projection of PROJECTIONS)
    expect(await standing(own, projection)).toEqual(await folded(own.store, projection, all));
  await own.close();
}, 60_000);

describe('a log', () => {
  it('with nothing in it leaves the tables as they are', async () => {
    const empty = await openProjection();
    await empty.project(10, ...PROJECTIONS);
    for (const projection of PROJECTIONS) expect(await standing(empty, projection)).toEqual({});
    expect(await empty.readModel.statusCounts({})).toEqual({
      counts: {},
      checkpoint: { position: 0n, at: new Date(0).toISOString() },
    });
    expect((await empty.readModel.tree({ executionId: 'x', depth: 1, limit: 1 })).tree).toBeUndefined();
    await empty.close();
  });

  it('whose positions have gaps is projected as any other', async () => {
    const sparse = await openProjection();
    const insert = `insert into ledger.events (position, recorded_at, revision, stream, event_id, type, data, metadata)
      values ($1::bigint, now(), $2::integer, 'execution-x', 'e' || $2::integer, $3, '{"attempt":1}', '{}')`;
    await sparse.sql(insert, 10, 0, 'ExecutionStarted');
    await sparse.project(10, ...PROJECTIONS);
    await sparse.sql(insert, 4_711, 1, 'ExecutionFailed');
    await sparse.project(1, ...PROJECTIONS);
    const { counts, checkpoint } = await sparse.readModel.statusCounts({});
    expect([counts, checkpoint.position]).toMatchObject([{ running: 0, failed: 1 }, 4_711n]);
    for (const projection of PROJECTIONS)
      expect(await standing(sparse, projection)).toEqual(await folded(sparse.store, projection, ['x']));
    await sparse.close();
  });

  it('of what is no execution’s is passed over', async () => {
    await tell(ledger, freshId(), fact('ExecutionRegistered'));
    const position = await ledger.write('invoice-1', { eventId: 'e', type: 'Sent', data: {}, metadata: {} });
    await ledger.project(1_000, ...PROJECTIONS);
    for (const { name } of PROJECTIONS) expect((await ledger.readModel.checkpoint(name)).position).toBe(position);
  });
});
