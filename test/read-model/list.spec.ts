import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { executionStatus, labelText, sortedBy } from '../../projections/execution-status.js';
import { sortKeyOf, SHORT_BYTES, type ListFilter, type Sort, type Keyset } from '../../src/read-model/list-request.js';
import { fill } from '../support/projection/filled.js';
import { at, DAY, existing, fact } from '../support/domain/given.js';
import { matches, PREDICATES, type FilterPredicates } from '../../src/read-model/matches.js';
import type { QueryRunner } from 'typeorm';
import { KeepContradictions1764000600000 } from '../../src/projection-tables/migrations/1764000600000-keep-contradictions.js';
import { KeepFences1764001200000 } from '../../src/projection-tables/migrations/1764001200000-keep-fences.js';
import { columnsOf, tableOf } from '../../src/projection-tables/table.js';
import { CONDITIONS, type FilterConditions } from '../../src/read-model/list-filters.js';
import { inOrder, lists, NOW, passes, type ListedExecution } from '../support/projection/listed.js';
import { openProjection, type ProjectedLedger } from '../support/projection/projection.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

/** The whole list, page by page; each page says how many there are. */
async function walk(filter: ListFilter, sort: Sort, limit: number): Promise<string[]> {
  const found: string[] = [];
  const totals = new Set<number | undefined>();
  for (let after: Keyset | undefined; ;) {
    const place = after ? { after } : {};
    const { rows, more, total } = await ledger.readModel.list({ filter, sort, limit, now: NOW, count: true, ...place });
    totals.add(total?.isExact ? total.total : undefined);
    found.push(...rows.map(({ executionId }) => executionId));
    const last = rows.at(-1);
    if (!more) {
      expect([...totals]).toEqual([found.length]);
      return found;
    }
    expect(rows).toHaveLength(limit);
    if (!last) throw new Error('more of nothing');
    after = { key: sortedBy(last.state)[sortKeyOf(sort)]!, executionId: last.executionId };
  }
}

const candidate = ({ executionId, state, refusals, contradicted = 0, fenced = 0 }: ListedExecution) => ({
  executionId,
  state,
  refusedCount: refusals,
  contradictedAttempt: contradicted,
  fencedAttempt: fenced,
});

it('every filter, alone and with others, lists what the predicates of the domain let through, in order, each once', async () => {
  const property = fc.asyncProperty(lists, async ([all, asked]) => {
    await fill(ledger, all);
    for (const [filter, sort, limit] of asked) {
      const right = all.filter((one) => passes(filter, one));
      const found = all.filter((one) => matches(filter, candidate(one), NOW));
      const idsOf = (some: typeof all): string[] => some.map(({ executionId }) => executionId);
      expect({ filter, matches: idsOf(found) }).toEqual({ filter, matches: idsOf(right) });
      expect({ filter, sort, list: await walk(filter, sort, limit) }).toEqual({
        filter,
        sort,
        list: inOrder(sort, right),
      });
    }
  });
  await fc.assert(property, { numRuns: 16, endOnFailure: true });
}, 40_000);

it('a filter without its SQL, or without its meaning, does not compile', () => {
  interface More extends ListFilter {
    more?: string | undefined;
  }
  // @ts-expect-error there is no SQL for it
  const conditions: FilterConditions<More> = CONDITIONS;
  // @ts-expect-error nobody said what it means
  const predicates: FilterPredicates<More> = PREDICATES;
  expect(Object.keys(conditions).sort()).toEqual(Object.keys(predicates).sort());
});

it('a label is its key and its value, wherever their colons are', async () => {
  const state = (labels: Record<string, string>) => existing(fact('ExecutionRegistered', { labels }));
  await fill(ledger, [
    { executionId: 'asked', state: state({ a: 'b:c' }), refusals: 0 },
    { executionId: 'other', state: state({ 'a:b': 'c' }), refusals: 0 }, // as only a direct producer writes it
  ]);
  expect(await walk({ label: ['a:b:c'] }, 'created_at', 10)).toEqual(['asked']);
});

it('a prefix is its characters: what a pattern would take for any is itself', async () => {
  const ids = ['50%', '50% off', '500', 'a_b', 'axb', 'c\\d', 'cd'];
  const state = existing(fact('ExecutionRegistered'));
  await fill(
    ledger,
    ids.map((executionId) => ({ executionId, state, refusals: 0 })),
  );
  for (const [q, found] of [
    ['50%', ['50%', '50% off']],
    ['a_', ['a_b']],
    ['c\\', ['c\\d']],
  ] as const)
    expect((await walk({ q }, 'created_at', 10)).sort()).toEqual(found);
});

it('a label that looks like what a longer one is indexed by is another', async () => {
  const value = 'x'.repeat(400);
  const indexed = labelText('k', value);
  const state = (labels: Record<string, string>) => existing(fact('ExecutionRegistered', { labels }));
  const imitation = indexed.slice('k:'.length);
  await fill(ledger, [
    { executionId: 'long', state: state({ k: value }), refusals: 0 },
    { executionId: 'imitation', state: state({ k: imitation }), refusals: 0 },
  ]);
  expect(await walk({ label: [`k:${value}`] }, 'created_at', 10)).toEqual(['long']);
  expect(await walk({ label: [`k:${imitation}`] }, 'created_at', 10)).toEqual(['imitation']);
});

it('a page ends by bytes as well, and says whether there is more; what is long is read cut', async () => {
  const labels = (n: number) => Object.fromEntries([1, 2, 3, 4, 5].map((key) => [`${n}-${key}`, 'l'.repeat(5_000)]));
  const all = Array.from({ length: 300 }, (_, n) => ({
    executionId: `${n}`.padStart(3, '0'),
    state: existing(fact('ExecutionRegistered', { input: 'in', target: 't'.repeat(5_000), labels: labels(n) })),
    refusals: 0,
  }));
  await fill(ledger, all);
  const found: string[] = [];
  let pages = 0;
  for (let after: Keyset | undefined, more = true; more; pages++) {
    const page = await ledger.readModel.list({
      filter: {},
      sort: 'created_at',
      limit: 500,
      now: NOW,
      ...(after && { after }),
    });
    const { rows } = page;
    more = page.more;
    const bytes = rows.reduce((sum, { state }) => sum + JSON.stringify({ ...state, position: 0 }).length, 0);
    expect(bytes).toBeLessThan(1.01 * SHORT_BYTES);
    expect(rows[0]).toMatchObject({
      truncated: ['target', 'labels'],
      state: { description: { target: expect.stringMatching(/^t{4093}…$/) } },
    });
    found.push(...rows.map(({ executionId }) => executionId));
    after = { key: rows.at(-1)!.state.created_at, executionId: rows.at(-1)!.executionId };
  }
  expect(found).toEqual(all.map(({ executionId }) => executionId));
  expect(pages).toBe(2);
  expect((await ledger.readModel.find('007')).row?.state).toEqual(all[7]!.state);
});

it('gives each execution as its fold, without its large payloads, with the count of its refusals', async () => {
  const facts = [
    fact('ExecutionRegistered', { input: 'in', run_id: 'r' }),
    fact('ExecutionSucceeded', { result: [1] }),
  ];
  await fill(ledger, [{ executionId: 'x', state: existing(...facts), refusals: 2 }]);
  const { rows } = await ledger.readModel.list({ filter: {}, sort: '-created_at', limit: 10, now: NOW });
  const {
    result: _result,
    description,
    ...rest
  } = existing(...facts) as ReturnType<typeof existing> & { result?: unknown };
  const { input: _input, ...identity } = description;
  const state = { ...rest, description: identity };
  const { version: foldVersion } = executionStatus;
  expect(rows).toEqual([
    { executionId: 'x', refusedCount: 2, contradictedAttempt: 0, fencedAttempt: 0, state, foldVersion },
  ]);
  expect((await ledger.readModel.find('x')).row?.state).toEqual(existing(...facts));
});

it('a filter that an older program’s table has no column for is out of reach until the rebuild; other lists are not', async () => {
  await fill(ledger, [{ executionId: 'x', state: existing(fact('ExecutionRegistered')), refusals: 0 }]);
  await ledger.sql('alter view ledger.execution_status rename column doubt to another');
  try {
    await expect(walk({ doubt: true }, 'created_at', 10)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await walk({}, 'created_at', 10)).toEqual(['x']);
  } finally {
    await ledger.sql('alter view ledger.execution_status rename column another to doubt');
  }
});

it.each([
  ['contradicted_attempt', new KeepContradictions1764000600000(), 'doubt'],
  ['fenced_attempt', new KeepFences1764001200000(), 'zombie'],
] as const)(
  'the rows of a program that kept no %s are listed and found once the next one has started',
  async (kept, migration, filter) => {
    await fill(ledger, [{ executionId: 'x', state: existing(fact('ExecutionRegistered')), refusals: 0 }]);
    const columns = columnsOf(executionStatus).filter((column) => column !== kept);
    await ledger.sql('drop view ledger.execution_status');
    await ledger.sql(`alter table ledger.execution_status_v1 drop column ${kept} cascade`);
    await ledger.sql(`alter table ledger.early_refusals drop column ${kept}`);
    await ledger.sql(
      `create view ledger.execution_status as select ${columns.join(', ')} from ledger.execution_status_v1`,
    );
    await expect(walk({}, 'created_at', 10)).rejects.toMatchObject({ kind: 'unavailable' });
    const runner = { query: (text: string) => ledger.sql(text) } as unknown as QueryRunner;
    await migration.up(runner);
    expect([
      await walk({ [filter]: false }, 'created_at', 10),
      await walk({ [filter]: true }, 'created_at', 10),
    ]).toEqual([['x'], []]);
    expect((await ledger.readModel.find('x')).row).toMatchObject({
      executionId: 'x',
      contradictedAttempt: 0,
      fencedAttempt: 0,
    });
  },
);

it('beyond 10,000 no more are counted, which the answer says', async () => {
  await fill(ledger, [{ executionId: 'x', state: existing(fact('ExecutionRegistered')), refusals: 0 }]);
  const columns = columnsOf(executionStatus);
  const copies = columns.map((column) => (column === 'execution_id' ? `'x' || n` : column)).join(', ');
  const copy = (from: number, to: number) =>
    ledger.sql(`insert into ${tableOf(executionStatus, 1)} (${columns.join(', ')})
      select ${copies} from ${tableOf(executionStatus, 1)}, generate_series(${from}, ${to}) n where execution_id = 'x'`);
  const total = async (filter: ListFilter) =>
    (await ledger.readModel.list({ filter, sort: 'created_at', limit: 1, now: NOW, count: true })).total;
  await copy(1, 9_999);
  expect(await total({})).toEqual({ total: 10_000, isExact: true });
  await copy(10_000, 10_002);
  expect(await total({})).toEqual({ total: 10_000, isExact: false });
  expect(await total({ '-status': ['running'], q: 'x' })).toEqual({ total: 10_000, isExact: false });
  expect(await total({ q: 'x1000' })).toEqual({ total: 4, isExact: true });
});

it('an empty list still says how far the projection is', async () => {
  await fill(ledger, []);
  const { rows, checkpoint } = await ledger.readModel.list({ filter: {}, sort: 'created_at', limit: 1, now: NOW });
  expect([rows, checkpoint]).toEqual([[], { position: 0n, at: new Date(0).toISOString() }]);
});

it('pages of one, among equal moments, are complete and free of duplicates in every order', async () => {
  const state = existing(fact('ExecutionRegistered'));
  const all = Array.from({ length: 25 }, (_, n) => ({
    executionId: `${n % 2 ? 'é' : 'e'}${String.fromCodePoint(0x1f4a5 + n)}`,
    state: { ...state, created_at: at(0), last_activity_at: at(DAY) },
    refusals: 0,
  }));
  await fill(ledger, all);
  for (const sort of ['created_at', '-created_at', 'last_activity_at', '-last_activity_at'] as const) {
    expect(await walk({}, sort, 1)).toEqual(inOrder(sort, all));
    expect(await walk({ status: ['pending', 'running'] }, sort, 3)).toEqual(inOrder(sort, all));
  }
});
