import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DecisionResult } from '../../src/application/request.js';
import { decide } from '../../src/domain/decide.js';
import { authorityOf } from '../../src/domain/verdict.js';
import { appended } from '../support/domain/arbitrary.js';
import { ask, fact, fold, nowAt, report, type Fact } from '../support/domain/given.js';
import { inEventStoreDb } from '../support/ledger/eventstoredb-world.js';
import { freshId, inMemory, inPostgres, type Instance, type World } from '../support/ledger/handling.js';
import { orders, type OrderedReport } from '../support/domain/order.js';
import { tries } from '../support/tries.js';

describe('§3 order does not matter where it must not', () => {
  const resumedAs = (attempt: number): Fact[] => [
    fact('ExecutionRegistered', {}, { by: 'operator' }),
    ...Array.from({ length: attempt - 1 }, (_, i) => [
      fact('ExecutionFailed', { attempt: i + 1 }),
      fact('ExecutionResumed', { attempt: i + 2 }, { by: 'operator' as const }),
    ]).flat(),
  ];

  it.each([
    ['on no stream', [], undefined],
    ['in a registered attempt 1', resumedAs(1), 1],
    ['in a resumed attempt 3', resumedAs(3), 3],
  ])(
    '%s every order of arrival ends in the same status and authority, and nothing disturbs it',
    (_, start, attempt) => {
      fc.assert(
        fc.property(orders(1), ({ ends, orders: [said] }) => {
          let state = fold(start);
          let reached = false;
          said!.forEach(({ word, ...rest }, i) => {
            const input = report(word, { ...rest, ...(attempt === undefined ? {} : { attempt }) } as object);
            const { events } = decide(input, state, nowAt(i));
            if (reached) expect(events).toEqual([]);
            state = appended(input, events, state, i);
            const stands = `${state.status} ${authorityOf(state)}` === ends.join(' ');
            expect(reached && !stands).toBe(false);
            reached = stands;
          });
          expect([state.status, authorityOf(state)]).toEqual([...ends]);
        }),
        { numRuns: tries(250) },
      );
    },
  );
});

/** How many properties each store is asked: as many as it can answer in a second or two. */
const STORES = [
  ['in memory', inMemory, 60],
  ['in PostgreSQL', inPostgres, 12],
  ['in EventStoreDB', inEventStoreDb, 4],
] as const;

describe.each(STORES)('§3 order does not matter to two processes over one store, %s', (_name, open, numRuns) => {
  let world: World;
  let both: [Instance, Instance];
  beforeAll(async () => {
    world = await open();
    both = [world.instance(), world.instance()];
  });
  afterAll(() => world.dispose());

  const stands = ({ state }: DecisionResult): unknown => [state.status, authorityOf(state)];
  const tell = (id: string, { word, ...rest }: OrderedReport, n: number, attempt: number): Promise<DecisionResult> =>
    both[n % 2]!.ask(id, report(word, { ...rest, ...(attempt > 1 ? { attempt } : {}) } as object));

  /** An execution whose attempt is open and unheard of. */
  async function opened(attempt: number): Promise<string> {
    const id = freshId();
    for (let n = 1; n < attempt; n++) {
      await both[0].ask(id, report('failed', { attempt: n }));
      await both[1].ask(id, ask.resume());
    }
    return id;
  }

  it('every order, one by one and all at once, ends alike, and nothing that arrives later disturbs it', async () => {
    const property = fc.asyncProperty(orders(3), fc.integer({ min: 1, max: 2 }), async ({ ends, orders }, attempt) => {
      for (const [n, said] of orders.entries()) {
        const id = await opened(attempt);
        const answers: DecisionResult[] = [];
        if (n === 0) await Promise.all(said.map((one, i) => tell(id, one, i, attempt)));
        else for (const [i, one] of said.entries()) answers.push(await tell(id, one, i, attempt));
        const reached = answers.findIndex((answer) => String(stands(answer)) === String(ends));
        if (n > 0) for (const answer of answers.slice(reached)) expect(stands(answer)).toEqual([...ends]);
        // Everything once more, backwards.
        for (const [i, one] of [...said].reverse().entries()) {
          expect(stands(await tell(id, one, i, attempt))).toEqual([...ends]);
        }
      }
    });
    await fc.assert(property, { numRuns: tries(numRuns) });
  }, 30_000);
});
