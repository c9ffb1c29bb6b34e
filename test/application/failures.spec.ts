import { describe, expect, it } from '@jest/globals';
import { MAX_WAITING } from '../../src/application/deciding/execution-queues.js';
import { OutcomeUnknown } from '../../src/application/deciding/outcome-unknown.js';
import { executionStream } from '../../src/domain/stream.js';
import { StoreError, type StoreErrorKind } from '../../src/errors.js';
import { ask, heartbeat, report } from '../support/domain/given.js';
import { eachIn, freshId, idle, WORLDS, type Instance, type World } from '../support/ledger/handling.js';

/** What was asked has left for the store: what is asked from now on travels behind it. */
const underWay = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe.each(WORLDS)('when the store fails, %s', (_name, open) => {
  let world: World;
  let here: Instance;
  let id: string;

  eachIn(open, (given, fresh) => {
    [world, id, here] = [given, fresh, given.instance()];
  });
  /** The next append fails so; `written`: although it is stored. */
  const failNext = (kind: StoreErrorKind, written = false): void =>
    here.store.beforeAppend(async (_append, forward) => {
      here.store.beforeAppend(undefined);
      if (written) await forward();
      throw new StoreError(kind, 'the test says so');
    });

  it.each<[string, boolean]>([
    ['it was not written', false],
    ['it was written', true],
  ])('the outcome is unknown (%s): the answer carries the id that makes a retry safe', async (_case, written) => {
    await here.ask(id, report('running'));
    failNext('outcome_unknown', written);
    const said = report(undefined, { progress: 5 });
    const failure = await here.ask(id, said).catch((error: unknown) => error as OutcomeUnknown);
    expect(failure).toBeInstanceOf(OutcomeUnknown);
    const { retryWith } = failure as OutcomeUnknown;
    expect(await here.ask(id, said, { id: retryWith! })).toMatchObject({ verdict: 'applied', replayed: written });
    expect(await world.stream(id)).toHaveLength(3);
  });

  it('the outcome is unknown: the answer carries the id that the caller gave', async () => {
    failNext('outcome_unknown');
    await expect(here.ask(id, report('running'), { id: 'mine' })).rejects.toMatchObject({ retryWith: 'mine' });
  });

  it('only the requests that travelled together fail; those behind them are decided', async () => {
    await here.ask(id, report('running'));
    await idle();
    failNext('unavailable');
    const first = here.ask(id, report(undefined, { progress: 1 }));
    first.catch(() => undefined); // looked at below
    await underWay();
    const all = await Promise.allSettled([
      first,
      ...[2, 3, 4].map((progress) => here.ask(id, report(undefined, { progress }))),
      here.ask(freshId(), report('running')),
    ]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', ...Array<string>(4).fill('fulfilled')]);
  });

  it('a batch that fails fails as a whole, each request with its own id to retry with', async () => {
    await here.ask(id, report('running'));
    await idle();
    let held: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (held = resolve));
    here.store.beforeAppend(async (_append, forward) => {
      await gate;
      failNext('outcome_unknown');
      return forward();
    });
    const first = here.ask(id, report(undefined, { progress: 1 }));
    await underWay();
    const run = [2, 3].map((n) => here.ask(id, report(undefined, { progress: n }), { id: `r-${n}` }));
    held();
    await first;
    const failed = await Promise.allSettled(run);
    expect(failed).toMatchObject([{ reason: { retryWith: 'r-2' } }, { reason: { retryWith: 'r-3' } }]);
    expect(await here.ask(id, report('succeeded'))).toMatchObject({ verdict: 'applied' });
  });

  it('a batch that the store refuses is divided: only the request at fault fails', async () => {
    await here.ask(id, report('running'));
    await idle();
    here.store.beforeAppend(async ({ events }, forward) => {
      const bad = events.some(({ data }) => (data as { progress?: number }).progress === 3);
      if (bad) throw new StoreError('unacceptable', 'three is a crowd');
      return forward();
    });
    const asked = [1, 2, 3, 4].map((n) => here.ask(id, report(undefined, { progress: n })));
    const all = await Promise.allSettled(asked);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('a request that cannot be decided fails alone, wherever it stands in the queue', async () => {
    const broken = () =>
      Object.defineProperty(report(), 'progress', {
        get: () => {
          throw new TypeError('the test says so');
        },
      });
    for (const at of [0, 1, 3]) {
      const said = [1, 2, 3].map((progress) => report(undefined, { progress }));
      said.splice(at, 0, broken());
      const all = await Promise.allSettled(said.map((input) => here.ask(id, input, { digest: 'd', received: {} })));
      expect(all.map(({ status }, n) => [n, status])).toEqual(
        said.map((_, n) => [n, n === at ? 'rejected' : 'fulfilled']),
      );
    }
  });

  it('a refusal that could not be confirmed is not given', async () => {
    await here.ask(id, report('succeeded'));
    failNext('unavailable');
    await expect(here.ask(id, report('failed'))).rejects.toMatchObject({ kind: 'unavailable' });
    failNext('unavailable');
    await expect(here.ask(id, heartbeat())).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await here.ask(id, report('failed'))).toMatchObject({ verdict: 'conflict' });
  });

  it('a lost connection empties the cache: nothing remembered is believed', async () => {
    await here.ask(id, report('running'));
    here.store.forget();
    here.store.reconnected();
    expect(here.executions.cache.get(id)).toBeUndefined();
    expect(await here.ask(id, report('succeeded'))).toMatchObject({ verdict: 'applied' });
    expect(here.store.calls).toMatchObject({ append: 2, readStream: 1 });
  });

  it('requests beyond those that may wait for one execution are refused; others are taken, and those that wait are decided', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    here.store.beforeAppend(async ({ stream }, forward) => {
      if (stream === executionStream(id)) await gate;
      return forward();
    });
    const waiting = Array.from({ length: MAX_WAITING }, () => here.ask(id, heartbeat({ attempt: 2 })));
    await expect(here.ask(id, report('running'))).rejects.toMatchObject({ kind: 'overloaded' });
    expect(await here.ask(freshId(), report('running'))).toMatchObject({ verdict: 'applied' });
    release();
    expect(new Set((await Promise.all(waiting)).map(({ verdict }) => verdict))).toEqual(new Set(['not_found']));
  }, 30_000);
});

describe.each(WORLDS)('events that others wrote, %s', (_name, open) => {
  let world: World;
  let here: Instance;
  let id: string;

  eachIn(open, async (given, fresh) => {
    [world, id, here] = [given, fresh, given.instance()];
    await here.ask(id, report('running'));
  });
  const write = (type: string, data: unknown, metadata = {}) =>
    here.store.append({
      stream: executionStream(id),
      events: [{ eventId: `direct-${type}`, type, data, metadata }],
      expectedRevision: 'any',
    });

  it.each([
    ['newer than the program', 'ExecutionSucceeded', { attempt: 1 }, { schema_version: 2 }, /version 2.*up to 1/],
    ['broken', 'ExecutionSucceeded', { attempt: 'first' }, {}, /attempt/],
    ['no record', 'ExecutionProgressed', 'text', {}, /ExecutionProgressed/],
  ])(
    'an event of one of our types that is %s has every write refused, with its stream and revision',
    async (_case, type, data, meta, why) => {
      await write(type, data, meta);
      for (const one of [here, world.instance()]) {
        for (const input of [report('succeeded'), report('running'), ask.cancel(), heartbeat()]) {
          const failure = await one.ask(id, input).catch((error: unknown) => error as StoreError);
          expect(failure).toMatchObject({ kind: 'unreadable', message: expect.stringMatching(why) });
          expect((failure as StoreError).message).toContain(`${executionStream(id)} has an event at revision 2`);
        }
      }
      expect(await world.stream(id)).toHaveLength(3);
      expect(await here.ask(freshId(), report('running'))).toMatchObject({ verdict: 'applied' });
    },
  );

  it('an event of a foreign type is passed over', async () => {
    await write('InvoiceSent', { to: 'somebody' });
    expect(await here.ask(id, report('succeeded'))).toMatchObject({ verdict: 'applied', state: { revision: 3 } });
  });

  it('a stream that begins with foreign events can still be registered', async () => {
    id = freshId();
    await write('InvoiceSent', {});
    expect(await here.ask(id, ask.cancel())).toMatchObject({ verdict: 'not_found' });
    expect(await here.ask(id, ask.register())).toMatchObject({ verdict: 'applied', state: { revision: 1 } });
  });
});
