import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type pg from 'pg';
import { PROJECTIONS } from '../../projections/index.js';
import type { Projection } from '../../projections/projection.js';
import { statusCounts } from '../../projections/status-counts.js';
import { refusedStream } from '../../src/domain/stream.js';
import { CONTROLLED } from '../../src/projection-tables/checkpoint.js';
import type { SubscriptionRunner } from '../../src/projector/subscription-runner.js';
import { became, fact } from '../support/domain/given.js';
import { freshId, moment } from '../support/ledger/handling.js';
import { connectTo, followAll, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { folded, standing } from '../support/projection/tables.js';

/** A page that was written: from which position on, and in how many tables. */
interface WrittenPage {
  readonly from: bigint;
  readonly tables: number;
}

let ledger: ProjectedLedger;
let followers: SubscriptionRunner[];
let ids: string[];
let pages: WrittenPage[];
let errors: unknown[];
/** What is done before the next page is sent to the database. */
let before: (page: WrittenPage) => Promise<void>;

beforeEach(async () => {
  ledger = await openProjection({ pollMs: 100 });
  [ids, pages, errors] = [[], [], []];
  before = () => Promise.resolve();
});
afterEach(async () => {
  await Promise.all(followers.map((follower) => follower.stop()));
  await ledger.close();
});

async function watched(): Promise<pg.Client> {
  const client = await connectTo(ledger.database.connectionString);
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  client.query = (async (asked: { name?: string; values?: string[] }, ...rest: unknown[]) => {
    if (!asked.name?.startsWith('page-')) return query(asked, ...rest);
    const page = { from: BigInt(asked.values![0]!), tables: asked.values!.length - 3 };
    pages.push(page);
    await before(page);
    return query(asked, ...rest);
  }) as never;
  return client;
}
const made = (): SubscriptionRunner[] => {
  const onError = (error: unknown): void => void errors.push(error);
  followers = followAll(ledger.database.connectionString, ledger.store, { connect: watched, onError });
  return [...followers];
};
const started = (): void => {
  for (const follower of made()) follower.start();
};
/** An execution that has failed, and until when it has to be projected. */
async function failure(): Promise<bigint> {
  const id = freshId();
  ids.push(id);
  return tell(ledger, id, fact('ExecutionRegistered', { target: 't' }), became('running'), became('failed'));
}
const until = async (position: bigint, projections: readonly Projection[] = PROJECTIONS): Promise<void> => {
  for (const { name } of projections) expect(await ledger.readModel.waitFor(position, 10_000, name)).toBe(true);
};
/** Until one page is written for all of them. */
const together = async (projections: readonly Projection[] = PROJECTIONS): Promise<void> => {
  do await until(await failure(), projections);
  while (pages.at(-1)!.tables < projections.length);
};
const expectRight = async (): Promise<void> => {
  for (const projection of PROJECTIONS)
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
};
const others = PROJECTIONS.filter((projection) => projection !== statusCounts);

it('a page is one statement for all projections that stand at the end of the log', async () => {
  started();
  await together();
  pages.length = 0;
  await until(await failure());
  expect(pages.every(({ tables }) => tables === PROJECTIONS.length)).toBe(true);
  await expectRight();
});

it('refusals are counted in the page that all share', async () => {
  started();
  await together();
  pages.length = 0;
  const refusal = { eventId: 'r', type: 'ReportRefused', data: { verdict: 'conflict' }, metadata: {} };
  await until(await ledger.write(refusedStream(ids[0]!), refusal));
  expect(pages).toEqual([expect.objectContaining({ tables: PROJECTIONS.length })]);
  expect((await ledger.readModel.find(ids[0]!)).row?.refusedCount).toBe(1);
});

it('a projection whose checkpoint somebody holds is waited for by nobody, and joins again', async () => {
  started();
  await together();
  const holder = await connectTo(ledger.database.connectionString);
  await holder.query('begin');
  await holder.query(`select from ledger.checkpoints where projection = 'status-counts' for update`);
  await until(await failure(), others);
  await until(await failure(), others);
  const { position } = await ledger.readModel.checkpoint('status-counts');
  expect(position).toBeLessThan((await ledger.readModel.checkpoint()).position);
  await holder.query('rollback');
  await holder.end();
  await together();
  await expectRight();
  expect(errors).toEqual([]);
});

it('an event that cannot be projected is parked by each, and they go on together', async () => {
  started();
  await together();
  const bad = freshId();
  await ledger.write(`execution-${bad}`, { eventId: 'b', type: 'ExecutionFailed', data: 'broken', metadata: {} });
  await together();
  await expectRight();
  for (const { name } of PROJECTIONS) expect(await ledger.readModel.projections.parked(name)).toHaveLength(1);
  await tell(ledger, bad, became('running')); // behind an event that is parked: nobody's page
  await together();
  await expectRight();
  expect(errors).toEqual([]);
});

it('an execution that has stopped for one projection stops for no other, and is folded by no page of all', async () => {
  started();
  await together();
  const bad = freshId();
  const only = `alter table ledger.run_tree_v1 add constraint refuses check (target <> 'refused')`;
  await ledger.sql(only);
  await until(await tell(ledger, bad, fact('ExecutionRegistered', { target: 'refused' })));
  await ledger.sql('alter table ledger.run_tree_v1 drop constraint refuses');
  await together();
  await until(await tell(ledger, bad, became('running')));
  const standing = `select (select count(*)::integer from ledger.run_tree where execution_id = $1) as tree,
    (select revision from ledger.execution_status where execution_id = $1) as revision`;
  expect(await ledger.sql(standing, bad)).toEqual([{ tree: 0, revision: 1 }]);
  await together();
});

it('a projection that was paused comes to the end by itself, while the others are there already', async () => {
  for (let n = 0; n < 3; n++) await failure();
  const control = async (paused: boolean): Promise<void> => {
    await ledger.sql(`update ledger.checkpoints set paused = $1 where projection = 'status-counts'`, paused);
    await ledger.sql(`select pg_notify('${CONTROLLED}', 'status-counts')`);
  };
  await control(true);
  started();
  await together(others);
  const { position } = await ledger.readModel.checkpoint();
  expect((await ledger.readModel.checkpoint('status-counts')).position).toBe(0n);
  pages.length = 0;
  await control(false);
  await together();
  const behind = pages.filter(({ from }) => from < position);
  expect(behind.length).toBeGreaterThan(0);
  expect(behind.every(({ tables }) => tables === 1)).toBe(true);
  await expectRight();
});

it('a projection that comes to the end while a page is written joins behind it', async () => {
  const late = made().pop()!;
  for (const follower of followers) if (follower !== late) follower.start();
  const early = PROJECTIONS.slice(0, -1);
  await together(early);
  let written = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    before = () => {
      before = () => Promise.resolve();
      resolve();
      return new Promise((go) => (written = go));
    };
  });
  const position = await failure();
  await held;
  late.start();
  await until(position, PROJECTIONS.slice(-1)); // by itself, and then it asks to join
  await moment();
  written();
  await together();
  await expectRight();
  expect(errors).toEqual([]);
});

it('a page that hangs holds up no stop, and loses nothing', async () => {
  started();
  await together();
  const holder = await connectTo(ledger.database.connectionString);
  await holder.query('begin');
  await holder.query('lock table ledger.run_tree_v1 in access exclusive mode');
  const reached = new Promise<void>((resolve) => (before = () => Promise.resolve(resolve())));
  const position = await failure();
  await reached;
  const since = performance.now();
  await Promise.all(followers.map((follower) => follower.stop()));
  expect(performance.now() - since).toBeLessThan(5_000);
  await holder.query('rollback');
  await holder.end();
  started();
  await until(position);
  await expectRight();
});
