import { describe, expect, it } from '@jest/globals';
import { MAX_ATTEMPTS } from '../../src/application/deciding/handle-execution.js';
import { ask, DAY, report } from '../support/domain/given.js';
import { eachIn, WORLDS, type Instance, type World } from '../support/ledger/handling.js';

const revisions = (stream: readonly { revision: number }[]): number[] => stream.map(({ revision }) => revision);

describe.each(WORLDS)('many at once on one execution, %s', (_name, open) => {
  let world: World;
  let both: [Instance, Instance];
  let id: string;
  const of = (n: number): Instance => both[n % 2]!;

  eachIn(open, (given, fresh) => {
    [world, id, both] = [given, fresh, [given.instance(), given.instance()]];
  });

  it.each([16, 64])('%i writers in two processes all get their turn, and leave no gap', async (writers) => {
    const [mine, each] = [id, 10];
    await of(0).ask(mine, report('running'));
    const verdicts = await Promise.all(
      Array.from({ length: writers }, async (_, n) => {
        const given: string[] = [];
        for (let k = 0; k < each; k++) {
          given.push((await of(n).ask(mine, report(undefined, { message: `${n}-${k}` }))).verdict);
        }
        return given;
      }),
    );
    expect(new Set(verdicts.flat())).toEqual(new Set(['applied']));
    const stream = await world.stream(mine);
    expect(revisions(stream)).toEqual([...stream.keys()]);
    const messages = stream.map(({ data }) => (data as { message?: string }).message).filter(Boolean);
    expect(messages).toHaveLength(writers * each);
    for (let n = 0; n < writers; n++) {
      const order = Array.from({ length: each }, (_, k) => `${n}-${k}`);
      expect(messages.filter((message) => message!.startsWith(`${n}-`))).toEqual(order);
    }
  });

  it('a process that never rests does not keep another from its turn', async () => {
    const mine = id;
    await of(0).ask(mine, report('running'));
    let busy = true;
    const restless = Array.from({ length: 16 }, async (_, n) => {
      for (let k = 0; busy; k++) await of(0).ask(mine, report(undefined, { message: `${n}-${k}` }));
    });
    for (let n = 0; n < 10; n++) {
      expect(await of(1).ask(mine, report(undefined, { progress: n }))).toMatchObject({ verdict: 'applied' });
    }
    busy = false;
    await Promise.all(restless);
  });

  it('a clock that jumps ahead during a batch keeps nobody waiting for as long as it jumped', async () => {
    const jumping = await open(); // a world of its own, for others would find their executions silent for days
    const { store, ask: say } = jumping.instance();
    await say(id, report('running'));
    store.beforeAppend((_append, forward) => (jumping.clock.pass(DAY), forward()));
    // What writes and what writes nothing never travel together: each is a run of its own.
    const inputs = Array.from({ length: 10 }, (_, n) => (n % 2 ? ask.dispatch() : report(undefined, { progress: n })));
    const all = await Promise.all(inputs.map((input) => say(id, input)));
    expect(new Set(all.map(({ verdict }) => verdict))).toEqual(new Set(['applied', 'already_dispatched']));
    await jumping.dispose();
  });

  it('32 resumes: one wins, and it alone opens the next attempt', async () => {
    await of(0).ask(id, report('failed'));
    const all = await Promise.all(Array.from({ length: 32 }, (_, n) => of(n).ask(id, ask.resume())));
    expect(all.map(({ verdict }) => verdict).sort()).toEqual(['applied', ...Array<string>(31).fill('not_resumable')]);
    const stream = await world.stream(id);
    expect(stream.filter(({ type }) => type === 'ExecutionResumed')).toHaveLength(1);
    for (const { state } of all) expect(state).toMatchObject({ status: 'running', attempt: 2 });
  });

  it.each([
    ['dispatches', ask.dispatch(), 'already_dispatched'],
    ['cancels', ask.cancel(), 'duplicate'],
    ['successes', report('succeeded', { result: 1 }), 'duplicate'],
  ])('32 %s: one is applied', async (_what, input, otherwise) => {
    await of(0).ask(id, ask.register());
    const all = await Promise.all(Array.from({ length: 32 }, (_, n) => of(n).ask(id, input)));
    expect(all.map(({ verdict }) => verdict).sort()).toEqual(['applied', ...Array<string>(31).fill(otherwise)].sort());
    expect(await world.stream(id)).toHaveLength(2);
  });

  it('first reports from two processes open the stream once', async () => {
    const all = await Promise.all(
      Array.from({ length: 16 }, (_, n) => of(n).ask(id, report(undefined, { progress: n }))),
    );
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    const stream = await world.stream(id);
    expect(stream.filter(({ type }) => type === 'ExecutionRegistered')).toHaveLength(1);
    expect(stream).toHaveLength(17);
  });

  it('each request of a batch is told its own place in the stream', async () => {
    await of(0).ask(id, report('running'));
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) => of(0).ask(id, report(undefined, { message: `${n}` }), { id: `m-${n}` })),
    );
    const stream = await world.stream(id);
    for (const [n, { event, state }] of all.entries()) {
      const stored = stream.find(({ eventId }) => eventId === `m-${n}`)!;
      expect(event).toMatchObject({
        revision: stored.revision,
        position: stored.position,
        recorded_at: stored.recordedAt,
      });
      expect(state).toMatchObject({ revision: stored.revision, message: `${n}` });
    }
  });

  it('a request overtaken for ever is told to come back, after a bounded number of attempts', async () => {
    const { store, ask: say, told } = of(0);
    await say(id, report('running'));
    store.forget();
    store.beforeAppend(async ({ stream }) => ({ outcome: 'conflict', stream, actual: 1 }));
    await expect(say(id, report(undefined, { progress: 1 }))).rejects.toMatchObject({
      name: 'StoreError',
      kind: 'overloaded',
      message: expect.stringContaining(id),
    });
    expect(store.calls.append).toBe(MAX_ATTEMPTS);
    expect(told.retried).toBe(MAX_ATTEMPTS);
    store.beforeAppend(undefined);
    expect(await say(id, report(undefined, { progress: 1 }))).toMatchObject({ verdict: 'applied' });
  });

  it('a refusal overtaken for ever in its refused stream is told so too', async () => {
    const { store, ask: say } = of(0);
    await say(id, report('succeeded'));
    store.beforeAppend(async ({ stream }) => ({ outcome: 'conflict', stream, actual: 1 }));
    await expect(say(id, report('failed'))).rejects.toMatchObject({ kind: 'overloaded' });
  });
});
