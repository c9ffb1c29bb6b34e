import { describe, expect, it } from '@jest/globals';
import { StoreError } from '../../src/errors.js';
import type { DecisionResult } from '../../src/application/request.js';
import { ask, heartbeat, report } from '../support/domain/given.js';
import { eachIn, freshId, WORLDS, type Instance, type World } from '../support/ledger/handling.js';
import { some } from '../support/tries.js';

/** What a call of the store can fail with. */
const FAULTS: [string, () => unknown][] = [
  ...(['unavailable', 'overloaded', 'outcome_unknown', 'unacceptable', 'unreadable'] as const).map(
    (kind): [string, () => unknown] => [kind, () => new StoreError(kind, 'the test says so')],
  ),
  ['a mistake of the program', () => new TypeError('the test says so')],
];
/** Those that say nothing of the store: whoever meets one, nobody else does. */
const OF_ONE = new Set(['overloaded', 'unacceptable', 'a mistake of the program']);
/** Which calls fail: of all that whatever is asked at once makes, others in every run; fewer of a database, which takes its time. */
const CALLS: Readonly<Record<string, readonly number[]>> = {
  'in memory': some(Array.from({ length: 24 }, (_, n) => n + 1)),
  'in PostgreSQL': some([1, 2, 3, 5, 8, 13]),
};

describe.each(WORLDS)('every request that is taken is answered, %s', (name, open) => {
  let world: World;
  let here: Instance;
  let id: string;

  eachIn(open, (given, fresh) => {
    [world, id, here] = [given, fresh, given.instance()];
  });

  /** Everything that leads to another call of the store, at once, behind one that is under way already. */
  async function storm(): Promise<PromiseSettledResult<DecisionResult>[]> {
    const said = (n: number) => report(undefined, { progress: n });
    const asked = [
      here.ask(id, said(1)),
      here.ask(id, said(2), { id: 'mine' }),
      here.ask(id, report('running'), { id: 'first' }), // a replay
      here.ask(id, report('waiting'), { id: 'first' }), // id_reused, and kept
      here.ask(id, said(3)),
      here.ask(id, report('running', { attempt: 7 })), // refused, and kept
      here.ask(id, report('nonsense' as never, { status: { unsupported: 'nonsense' } })),
      here.ask(id, ask.register({}, 'registered'), { digest: 'registered' }),
      here.ask(id, heartbeat()),
      here.ask(id, said(4), { ifMatch: [99] }),
      here.ask(id, said(5)),
      here.ask(id, ask.pause()),
    ];
    return Promise.allSettled(asked);
  }

  it.each(FAULTS)(
    '%s at any call of the store, before it or after it, once or from then on: all have an answer, and nothing stands twice',
    async (kind, fault) => {
      for (const when of ['before', 'after', 'from then on'] as const)
        for (const nth of CALLS[name]!) {
          id = freshId();
          await here.ask(id, ask.register({}, 'registered'), { digest: 'registered' });
          await here.ask(id, report('running'), { id: 'first' });
          here.executions.cache.clear(); // what it decides is overtaken, and read again
          let calls = 0;
          const failing = (): boolean => ++calls === nth || (when === 'from then on' && calls > nth);
          if (when === 'after')
            here.store.beforeAppend(async (_append, forward) => {
              const outcome = await forward();
              if (failing()) throw fault();
              return outcome;
            });
          else
            here.store.beforeCall(() => {
              if (failing()) throw fault();
            });
          const all = await storm();
          const failed = all.filter(({ status }) => status === 'rejected');
          const told = { when, nth, failed: failed.length };
          if (OF_ONE.has(kind) && when !== 'from then on')
            expect({ ...told, most: failed.length <= 1 }).toEqual({ ...told, most: true });
          here.store.beforeCall(undefined);
          here.store.beforeAppend(undefined);
          const written = (await world.stream(id)).map(({ data }) => (data as { progress?: number }).progress);
          for (const n of [1, 2, 3, 5])
            expect(written.filter((progress) => progress === n).length).toBeLessThanOrEqual(1);
          expect((await here.ask(id, ask.cancel())).verdict).toBe('applied');
          if (calls < nth) break; // the storm makes no such call
        }
    },
    20_000,
  );
});
