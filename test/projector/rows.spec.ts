import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { executionRow, executionStatus } from '../../projections/execution-status.js';
import type { Authority } from '../../src/domain/status.js';
import { executionStream, refusedStream } from '../../src/domain/stream.js';
import { foldPage, requiredRevisions } from '../../src/projector/page-fold.js';
import { tableOf } from '../../src/projection-tables/table.js';
import { facts } from '../support/domain/arbitrary.js';
import { fact, SILENT_AFTER } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import {
  asWritten,
  connectTo,
  openProjection,
  projectorOf,
  UNWATCHED,
  readableFold,
  tell,
  type ProjectedLedger,
} from '../support/projection/projection.js';
import { ProjectionStore } from '../../src/projector/projection-store.js';

let ledger: ProjectedLedger;
const table = tableOf(executionStatus, 1);

beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

const foreign = { type: 'InvoiceSent', data: { paid: true }, metadata: {} };
const steps = fc.array(
  fc.record({
    stream: fc.integer({ min: 0, max: 4 }),
    what: fc.oneof(
      { weight: 12, arbitrary: facts.map(asWritten) },
      { weight: 1, arbitrary: fc.uuid().map((eventId) => ({ ...foreign, eventId })) },
    ),
  }),
  { minLength: 1, maxLength: 30 },
);

describe('a row', () => {
  it('is the fold of its stream, whatever was appended, however it was paged and read again', async () => {
    const property = fc.asyncProperty(steps, fc.integer({ min: 1, max: 12 }), async (log, pageSize) => {
      const ids = Array.from({ length: 5 }, freshId);
      for (const { stream, what } of log)
        await ledger.write(`execution-${ids[stream]!}`, { ...what, eventId: freshId() });
      await ledger.project(pageSize);
      for (const id of ids) {
        const { row } = await ledger.readModel.find(id);
        const fold = await readableFold(ledger.store, id);
        expect(row?.state).toEqual(fold.status === 'none' ? undefined : fold);
      }
    });
    await fc.assert(property, { numRuns: 16 });
  }, 30_000);

  it('has in its columns what its fold says', async () => {
    const rows = await ledger.sql<{
      execution_id: string;
      status: string;
      attempt: number;
      sealed: boolean;
      doubt: boolean;
      at: Date;
    }>(`select execution_id, status, attempt, sealed, doubt, last_activity_at as at from ${table}`);
    expect(rows.length).toBeGreaterThan(20);
    for (const { execution_id, status, attempt, sealed, doubt, at } of rows.slice(0, 50)) {
      const fold = await readableFold(ledger.store, execution_id);
      if (fold.status === 'none') throw new Error(`${execution_id} has a row and no fold`);
      const row = executionRow(execution_id, fold);
      expect({ status, attempt, sealed, doubt, at: at.toISOString() }).toEqual({
        status: row['status'],
        attempt: row['attempt'],
        sealed: row['sealed'],
        doubt: row['doubt'],
        at: row['last_activity_at'],
      });
    }
  });

  it('is not changed by reading its events a second time', async () => {
    await ledger.project();
    const all = `select * from ${table} order by execution_id`;
    const before = await ledger.sql(all);
    await ledger.sql('update ledger.checkpoints set position = 0');
    await ledger.project(7);
    expect(await ledger.sql(all)).toEqual(before);
  });
});

describe('a page', () => {
  it('is one row per execution it touches, however many events they have', async () => {
    const ids = [freshId(), freshId(), freshId()];
    const from = await ledger.store.head();
    for (const id of ids) await tell(ledger, id, fact('ExecutionRegistered'));
    for (let n = 0; n < 60; n++) await tell(ledger, ids[n % 3]!, fact('ExecutionProgressed', { progress: n }));
    const page = await ledger.store.readAll(from, 100);
    expect([...requiredRevisions(page)]).toEqual([]); // it opens them itself: nothing is to be read
    const { count, encoded } = foldPage(executionStatus, page, new Map());
    expect([count, (JSON.parse(encoded) as unknown[]).length]).toEqual([3, 3]);
  });

  it('costs one statement while its executions are remembered', async () => {
    const id = freshId();
    await tell(ledger, id, fact('ExecutionRegistered'));
    await ledger.project();
    const client = await connectTo(ledger.database.connectionString);
    const projector = projectorOf(ledger.store);
    const from = (await projector.begin(client))!;
    const statements: unknown[] = [];
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    client.query = ((...args: unknown[]) => (statements.push(args[0]), query(...args))) as never;
    for (const expected of [3, 1]) {
      await tell(ledger, id, fact('ExecutionProgressed', { progress: expected }));
      statements.length = 0;
      await projector.handle(client, (await ledger.store.readAll(from, 10)).slice(-1));
      expect(statements.length).toBeLessThanOrEqual(expected);
    }
    await client.end();
  });
});

it('§6 a type that is not ours is skipped and counted', async () => {
  const id = freshId();
  const from = await ledger.store.head();
  const foreign = { eventId: freshId(), type: 'SomethingElse', data: {}, metadata: {} };
  await tell(ledger, id, fact('ExecutionRegistered'));
  await ledger.write(executionStream(id), foreign, { ...foreign, eventId: freshId() });
  const page = (await ledger.store.readAll(from, 100)).filter(({ stream }) => stream === executionStream(id));
  expect(foldPage(executionStatus, page, new Map())).toMatchObject({ foreign: 2, opened: [id], count: 1 });
});

it('the planner is told when the tables have grown, and again when they have doubled', async () => {
  const told: number[] = [];
  const client = await connectTo(ledger.database.connectionString);
  const projector = projectorOf(ledger.store, executionStatus, {
    ...UNWATCHED,
    grown: (tables) => (told.push(written), void tables),
  });
  let written = 0;
  await ledger.project();
  let after = (await projector.begin(client))!;
  for (const count of [999, 1, 999, 1]) {
    const events = Array.from({ length: count }, () => fact('ExecutionRegistered'));
    await Promise.all(events.map((event) => tell(ledger, freshId(), event)));
    const page = await ledger.store.readAll(after, count);
    written += count;
    await projector.handle(client, page);
    after = page.at(-1)!.position;
  }
  expect(told).toEqual([1000, 2000]);
  await new ProjectionStore(executionStatus, 1).analyze(client);
  const [{ rows }] = (await ledger.sql<{ rows: number }>(
    `select reltuples::int as rows from pg_class where oid = '${tableOf(executionStatus, 1)}'::regclass`,
  )) as [{ rows: number }];
  expect(rows).toBeGreaterThanOrEqual(2000);
  await client.end();
});

describe('refused_count', () => {
  const refusal = () => ({ eventId: freshId(), type: 'ReportRefused', data: { verdict: 'conflict' }, metadata: {} });

  it.each([1, 2, 3, 100])('counts what was refused before there was an execution, in pages of %i', async (pageSize) => {
    const id = freshId();
    await ledger.write(refusedStream(id), refusal(), refusal());
    await tell(ledger, id, fact('ExecutionRegistered'));
    await ledger.project(pageSize);
    const count = async () => (await ledger.readModel.find(id)).row?.refusedCount;
    expect(await count()).toBe(2);
    await ledger.write(refusedStream(id), refusal());
    await ledger.project(pageSize);
    expect(await count()).toBe(3);
    const listed = { filter: { refused: true, q: id }, sort: 'created_at', limit: 2 } as const;
    const now = { at: new Date().toISOString(), stale_after_ms: 1_000, silent_after: SILENT_AFTER };
    expect((await ledger.readModel.list({ ...listed, now })).rows).toHaveLength(1);
  });

  it.each([1, 100])(
    'knows the outcome that its worker contradicted, whichever comes first, in pages of %i',
    async (size) => {
      const against = { status: 'succeeded', attempt: 1, authority: 'worker', revision: 2 };
      const contradiction = (more: object, authority: Authority = 'worker', report: object = { status: 'failed' }) => ({
        eventId: freshId(),
        type: 'ReportRefused',
        data: { verdict: 'conflict', report, against, ...more },
        metadata: { reporter: { actor: 'a', authority } },
      });
      const ended = [fact('ExecutionRegistered'), fact('ExecutionSucceeded', { attempt: 1 })];
      const told = {
        early: contradiction({}),
        late: contradiction({}),
        watchdog: contradiction({}, 'watchdog'),
        operators: contradiction({ against: { ...against, authority: 'operator' } }),
        identity: contradiction({}, 'worker', { target: 'other' }),
        older: contradiction({ against: { ...against, attempt: 0 } }),
        repeated: contradiction({ verdict: 'duplicate' }),
        broken: { eventId: freshId(), type: 'ReportRefused', data: null, metadata: {} },
      };
      const prefix = freshId();
      for (const [name, refused] of Object.entries(told)) {
        const id = `${prefix}-${name}`;
        if (name === 'early') await ledger.write(refusedStream(id), refused);
        for (const one of ended) await tell(ledger, id, one);
        if (name !== 'early') await ledger.write(refusedStream(id), refused, refusal());
      }
      await ledger.project(size);
      const now = { at: new Date().toISOString(), stale_after_ms: 1_000, silent_after: SILENT_AFTER };
      const doubtful = async (doubt: boolean): Promise<string[]> => {
        const asked = { filter: { doubt, q: prefix }, sort: 'created_at', limit: 20, now } as const;
        return (await ledger.readModel.list(asked)).rows.map(({ executionId }) => executionId.slice(prefix.length + 1));
      };
      expect((await doubtful(true)).sort()).toEqual(['early', 'late']);
      expect(await doubtful(false)).toHaveLength(Object.keys(told).length - 2);
    },
  );

  it.each([1, 100])('knows that a worker of an older attempt reported, in pages of %i', async (size) => {
    const fenced = (attempt: number, more: object = {}, authority: Authority = 'worker') => ({
      eventId: freshId(),
      type: 'ReportRefused',
      data: { verdict: 'fenced', report: {}, against: { status: 'running', attempt, authority: null }, ...more },
      metadata: { reporter: { actor: 'a', authority } },
    });
    const told = {
      zombie: fenced(2),
      older: fenced(1),
      guessed: fenced(2, {}, 'watchdog'),
      late: fenced(2, { verdict: 'conflict' }),
      nobody: fenced(2, { against: null }),
    };
    const prefix = freshId();
    const again = [
      fact('ExecutionFailed', { attempt: 1 }),
      fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' }),
    ];
    for (const [name, refused] of Object.entries(told)) {
      await ledger.write(refusedStream(`${prefix}-${name}`), refused);
      for (const one of [fact('ExecutionRegistered'), ...again]) await tell(ledger, `${prefix}-${name}`, one);
    }
    const zombies = async (zombie: boolean): Promise<string[]> => {
      await ledger.project(size);
      const now = { at: new Date().toISOString(), stale_after_ms: 1_000, silent_after: SILENT_AFTER };
      const asked = { filter: { zombie, q: prefix }, sort: 'created_at', limit: 20, now } as const;
      return (await ledger.readModel.list(asked)).rows.map(({ executionId }) => executionId.slice(prefix.length + 1));
    };
    expect([await zombies(true), (await zombies(false)).length]).toEqual([['zombie'], 4]);
    await tell(ledger, `${prefix}-zombie`, fact('ExecutionSucceeded', { attempt: 2 }));
    expect(await zombies(true)).toEqual([]);
  });

  it('follows its own stream and never creates a row', async () => {
    const [known, unknown] = [freshId(), freshId()];
    await tell(ledger, known, fact('ExecutionRegistered'));
    await ledger.write(refusedStream(unknown), refusal());
    await ledger.write(refusedStream(known), refusal(), refusal());
    await ledger.project();
    const found = async () => (await ledger.readModel.findMany([known, unknown])).rows;
    expect([(await found()).size, (await found()).get(known)?.refusedCount]).toEqual([1, 2]);
    await ledger.write(refusedStream(known), refusal());
    await tell(ledger, known, fact('ExecutionStarted', { attempt: 1 }));
    await ledger.project(1);
    expect((await found()).get(known)).toMatchObject({ refusedCount: 3, state: { status: 'running', revision: 1 } });
  });
});
