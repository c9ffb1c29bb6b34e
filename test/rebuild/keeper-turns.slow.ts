import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { runTree } from '../../projections/run-tree.js';
import { statusCounts } from '../../projections/status-counts.js';
import type { ProjectionOperationKind, ProjectionOperations } from '../../src/rebuild/projection-operation.js';
import { PostgresProjectionOperations } from '../../src/rebuild/postgres-projection-operations.js';
import { createVersion } from '../../src/projection-tables/versions.js';
import type { RunInSession } from '../../src/projection-tables/read-pool.js';
import { tableOf, viewOf } from '../../src/projection-tables/table.js';
import { eventually } from '../support/eventually.js';
import { operationEnded, operationOf, keeping, someExecutions } from '../support/projection/projection-operations.js';
import { connectTo, openProjection, type ProjectedLedger } from '../support/projection/projection.js';

const { name } = runTree;
let projected: ProjectedLedger;
let workers: ReturnType<typeof keeping>[];

beforeEach(async () => {
  projected = await openProjection();
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map(({ worker }) => worker.stop()));
  await projected.close();
});

const keep = (...[projections, pollMs]: [Parameters<typeof keeping>[1]?, number?]) => {
  const kept = keeping(projected, projections, pollMs);
  workers.push(kept);
  return kept;
};
const tables = async () =>
  (
    await projected.sql<{ name: string }>(
      `select relname as name from pg_class where relname ~ '^run_tree_v\\d+$' and relkind = 'r' order by 1`,
    )
  ).map((table) => table.name);
const sql = (text: string, ...values: unknown[]) => projected.sql<Record<string, string>>(text, ...values);
const ended = (operations: ProjectionOperations, kind: ProjectionOperationKind, of = name) =>
  operationEnded(operations, of, kind);
/** So slow that it is under way until somebody stops it. */
const slowly = { eventsPerSecond: 1 };

describe('a worker', () => {
  it('leaves an operation that was just requested to whoever requested it, and does it where they do not', async () => {
    await someExecutions(projected, 3);
    const { operations, worker, heard } = keep(undefined, 1);
    const statuses = jest.spyOn(operations, 'statuses');
    worker.start();
    const looks = (count: number) =>
      eventually(
        async () => statuses.mock.calls.length,
        (calls) => calls >= count,
      );
    await looks(2); // the first look is that of a program that has just started
    await operations.request(name, 'rebuild', { runsHere: true });
    await looks(statuses.mock.calls.length + 5);
    expect(heard).toEqual([]);
    await sql(`update ledger.rebuilds set started_at = started_at - interval '5 s'`);
    expect(await ended(operations, 'rebuild')).toMatchObject({ state: 'swapped', version: 2 });
  }, 20_000);

  it('does an operation as soon as it is told of it, and those that were requested before it started', async () => {
    await someExecutions(projected, 3);
    const { operations, worker, heard } = keep();
    expect(await operations.request(name, 'rebuild')).toEqual({ accepted: true });
    worker.start();
    expect(await ended(operations, 'rebuild')).toMatchObject({ state: 'swapped', version: 2, compared: { rows: 3 } });
    expect(await operations.request(name, 'verify')).toEqual({ accepted: true });
    const verified = await ended(operations, 'verify');
    expect(verified).toMatchObject({ state: 'verified', compared: { rows: 3, drift: { rows: 0 } } });
    expect(await operations.request(name, 'rollback')).toEqual({ accepted: true });
    expect(await ended(operations, 'rollback')).toMatchObject({ state: 'swapped', version: 1 });
    await eventually(
      async () => heard,
      (lines) => lines.length === 6,
    );
    expect(heard).toEqual(
      ['rebuild', 'verify', 'rollback'].flatMap((kind) => [`${kind} of ${name} begun`, `${kind} of ${name} done`]),
    );
  }, 20_000);

  it('leaves alone an operation that another worker is at: the second request is told who', async () => {
    await someExecutions(projected, 3);
    const [one, other] = [keep(undefined, 20), keep(undefined, 20)];
    await one.operations.request(name, 'rebuild', slowly);
    expect(await one.operations.request(name, 'rebuild')).toMatchObject({
      accepted: false,
      why: expect.stringMatching(/^a rebuild of run-tree was asked for at .*Z and waits for a server/),
    });
    one.worker.start();
    other.worker.start();
    const events = await eventually(
      async () => (await operationOf(one.operations, name, 'rebuild'))!.events,
      (folded) => folded > 0,
    );
    expect(events).toBe(6);
    for (const kind of ['rebuild', 'verify', 'rollback'] as const) {
      const asked = await other.operations.request(name, kind);
      expect(asked).toMatchObject({
        accepted: false,
        by: { pid: expect.any(Number), name: 'execution-ledger projector' },
      });
      expect(asked).toMatchObject({ why: expect.stringMatching(/session \d+\) has been at .* since .*Z$/) });
    }
    expect(await other.operations.prune(name)).toMatchObject({ accepted: false, by: {} });
    expect([...one.heard, ...other.heard].filter((line) => !line.endsWith('begun'))).toEqual([]);
  }, 20_000);

  it('stops at once when it is paused, and goes on from there when asked again', async () => {
    await someExecutions(projected, 3);
    const { operations, worker } = keep();
    worker.start();
    await operations.request(name, 'rebuild', slowly);
    await eventually(
      () => operationOf(operations, name, 'rebuild'),
      (operation) => operation!.events === 6,
    );
    await operations.pause(name, 'rebuild');
    await eventually(
      async () => (await operations.statuses()).find((one) => one.name === name)!.holder,
      (holder) => holder === undefined,
    );
    expect(await operationOf(operations, name, 'rebuild')).toMatchObject({ state: 'running', paused: true, events: 6 });
    expect(await operations.prune(name)).toMatchObject({
      accepted: false,
      why: expect.stringContaining('not finished'),
    });
    expect(await operations.request(name, 'rebuild', { eventsPerSecond: 1_000_000 })).toEqual({ accepted: true });
    // What was loaded before the pause is not loaded again.
    expect(await ended(operations, 'rebuild')).toMatchObject({ state: 'swapped', version: 2, events: 6 });
  }, 20_000);

  it('has a table rebuilt that an older program made, unless the projection is paused', async () => {
    await someExecutions(projected, 3);
    const newer = { ...runTree, version: runTree.version + 1 };
    const { operations, worker } = keep([newer]);
    await projected.readModel.projections.request(name, { paused: true });
    worker.start();
    await eventually(
      () => operationOf(operations, name, 'rebuild'),
      (operation) => operation?.paused === true,
    );
    expect(await operations.request(name, 'verify')).toMatchObject({ why: expect.stringContaining('rebuilt first') });
    await projected.readModel.projections.request(name, { paused: false });
    expect(await ended(operations, 'rebuild')).toMatchObject({ state: 'swapped', foldVersion: newer.version });
    expect((await operations.statuses())[0]).toMatchObject({ live: { version: 2, foldVersion: newer.version } });
    expect(await operations.request(name, 'rollback')).toMatchObject({
      accepted: false,
      why: expect.stringContaining(
        `made by version ${runTree.version} of its code and this program is of ${newer.version}`,
      ),
    });
    const older = keep([runTree]);
    expect(await older.operations.request(name, 'rebuild')).toMatchObject({
      why: expect.stringContaining('newer than'),
    });
  }, 20_000);
});

it('a verification from before an upgrade waits for the rebuild: another code is no drift', async () => {
  await someExecutions(projected, 3);
  await keep().operations.request(name, 'verify');
  await sql(`update ${tableOf(runTree, 1)} set status = 'failed'`); // as the older code wrote it
  const { operations, worker, heard } = keep([{ ...runTree, version: runTree.version + 1 }]);
  worker.start();
  expect(await ended(operations, 'verify')).toMatchObject({
    state: 'verified',
    compared: { rows: 3, drift: { rows: 0 } },
  });
  expect(heard.slice(0, 3)).toEqual([`rebuild of ${name} begun`, `rebuild of ${name} done`, `verify of ${name} begun`]);
}, 20_000);

describe('what is asked for', () => {
  it('operations requested at once take turns on one connection, and leave the others to the rest of the upkeep', async () => {
    const { keepers } = projected.readModel;
    let [held, most] = [0, 0];
    const counted: RunInSession = (run) =>
      keepers.inSession((session) => {
        most = Math.max(most, ++held);
        return run(session).finally(() => held--);
      });
    const operations = new PostgresProjectionOperations(PROJECTIONS, { query: keepers.query, inSession: counted });
    const [begun, refused] = await Promise.all([
      Promise.all(PROJECTIONS.map((one) => operations.request(one.name, 'verify'))),
      Promise.all(PROJECTIONS.map((one) => operations.prune(one.name))),
    ]);
    expect(begun.map(({ accepted }) => accepted)).toEqual(PROJECTIONS.map(() => true));
    expect(refused.map(({ accepted }) => accepted)).toEqual(PROJECTIONS.map(() => false));
    expect({ held, most }).toEqual({ held: 0, most: 1 });
  }, 20_000);

  it('an operation of a paused projection is done, and the projection stays paused', async () => {
    await someExecutions(projected, 3);
    const { operations, worker } = keep();
    worker.start();
    await projected.readModel.projections.request(name, { paused: true });
    for (const [kind, state] of [
      ['verify', 'verified'],
      ['rebuild', 'swapped'],
      ['rollback', 'swapped'],
    ] as const) {
      expect(await operations.request(name, kind)).toEqual({ accepted: true });
      expect(await ended(operations, kind)).toMatchObject({ state });
      expect((await operations.statuses()).find((one) => one.name === name)!.live.paused).toBe(true);
    }
  }, 20_000);

  it('an operation that is requested again after a failure leaves nothing of the failure behind', async () => {
    const { operations, worker } = keep();
    const client = await connectTo(projected.database.connectionString);
    await createVersion(client, runTree, 2, true);
    await client.end();
    await sql(
      `insert into ledger.rebuilds (projection, kind, version, fold_version, state, phase, upto, error)
      values ($1, 'rebuild', 2, 1, 'failed', 'loading', 0, 'no')`,
      name,
    );
    expect(await operations.request(name, 'rollback')).toMatchObject({
      why: `${name} has no previous version to go back to`,
    });
    expect(await operations.prune(name)).toEqual({ accepted: true });
    expect(await tables()).toEqual(['run_tree_v1']);
    expect(await operations.prune(name)).toEqual({ accepted: true });
    worker.start();
    await operations.request(name, 'rebuild');
    expect(await ended(operations, 'rebuild')).toMatchObject({ state: 'swapped' });
    expect(await tables()).toEqual(['run_tree_v1', 'run_tree_v2']);
    expect((await operations.statuses()).find((one) => one.name === name)!.previous).toEqual({
      version: 1,
      foldVersion: runTree.version,
    });
    expect(await operations.prune(name)).toEqual({ accepted: true });
    expect(await tables()).toEqual(['run_tree_v2']);
  }, 20_000);

  it('a verification finds what somebody changed by hand: among some executions, among all, and in counts', async () => {
    await someExecutions(projected, 10);
    const { operations, worker } = keep();
    worker.start();
    await sql(`update ${tableOf(runTree, 1)} set status = 'failed' where execution_id = 'x-3'`);
    await sql(`update ${viewOf(statusCounts)} set count = count + 1 where status = 'succeeded' and scope = 'all'`);
    for (const wish of [{ sample: 10 }, {}]) {
      await operations.request(name, 'verify', wish);
      const { compared, ...operation } = (await ended(operations, 'verify'))!;
      expect({ sample: operation.sample, state: operation.state }).toEqual({ sample: wish.sample, state: 'verified' });
      expect(compared).toEqual({
        rows: 10,
        drift: {
          rows: 1,
          fields: { status: 1 },
          sample: [{ execution_id: 'x-3', field: 'status', live: 'failed', rebuilt: 'succeeded' }],
        },
      });
    }
    await operations.request(statusCounts.name, 'verify');
    expect((await ended(operations, 'verify', statusCounts.name))!.compared!.drift).toMatchObject({
      rows: 1,
      fields: { count: 1 },
      sample: [{ live: '11', rebuilt: '10' }],
    });
  }, 20_000);
});
