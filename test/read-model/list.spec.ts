import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { executionStatus, labelText } from '../../projections/execution-status.js';
import type { ListFilter, Sort } from '../../src/contract/queries.js';
import { fill } from '../support/filled.js';
import { at, DAY, existing, fact } from '../support/given.js';
import { matches, PREDICATES, type FilterPredicates } from '../../src/read-model/matches.js';
import { CONDITIONS, type FilterConditions } from '../../src/read-model/list-query.js';
import { inOrder, lists, NOW, passes } from '../support/listed.js';
import { openProjection, type Projected } from '../support/projection.js';

let ledger: Projected;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

/** The whole list, page by page. */
async function walk(filter: ListFilter, sort: Sort, limit: number): Promise<string[]> {
  const found: string[] = [];
  for (let after: { key: string; executionId: string } | undefined; ;) {
    const { rows } = await ledger.readModel.list({ filter, sort, limit, now: NOW, ...(after ? { after } : {}) });
    found.push(...rows.map(({ executionId }) => executionId));
    const last = rows.at(-1);
    if (rows.length < limit || !last) return found;
    after = { key: last.state[sort.replace('-', '') as 'created_at'], executionId: last.executionId };
  }
}

it('every filter, alone and with others, lists what the predicates of the domain let through, in order, each once', async () => {
  const property = fc.asyncProperty(lists, async ([all, asked]) => {
    await fill(ledger, all);
    for (const [filter, sort, limit] of asked) {
      const right = all.filter((one) => passes(filter, one));
      const found = all.filter((one) => matches(filter, { ...one, refusedCount: one.refusals }, NOW));
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

it('gives each as its fold, without its large payloads, with its refusals', async () => {
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
  expect(rows).toEqual([{ executionId: 'x', refusedCount: 2, state, foldVersion: executionStatus.version }]);
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
