import { describe, expect, it } from '@jest/globals';
import type { Input } from '../../src/domain/decision.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { ask, heartbeat, report } from '../support/domain/given.js';
import { eachIn, idle, WORLDS, type Instance, type World } from '../support/ledger/handling.js';
import type { Call } from '../support/store/watched-store.js';

const NOTHING: Record<Call, number> = {
  append: 0,
  appendMany: 0,
  readStream: 0,
  lastRevision: 0,
  readAll: 0,
  findEvent: 0,
  head: 0,
};

describe.each(WORLDS)('what a verdict costs the store, %s', (_name, open) => {
  let world: World;
  let here: Instance;
  let id: string;

  eachIn(open, (given, fresh) => {
    [world, id, here] = [given, fresh, given.instance()];
  });

  /** What these requests, all at once, cost beyond nothing. */
  async function cost(...inputs: Input[]): Promise<Partial<Record<Call, number>>> {
    await idle(); // what came before has let go of its queue
    here.store.forget();
    await Promise.all(inputs.map((input) => here.ask(id, input)));
    return Object.fromEntries(Object.entries(here.store.calls).filter(([name, n]) => n !== NOTHING[name as Call]));
  }

  it('of an execution not seen before: one append', async () => {
    expect(await cost(report('running'))).toEqual({ append: 1 });
  });

  it.each<[string, Input]>([
    ['a strict report', report('succeeded', { mode: 'strict' })],
    ['a command', ask.pause()],
    ['progress', report(undefined, { progress: 5 })],
    ['a heartbeat that writes nothing', heartbeat()],
    ['a refused command', ask.resume()],
  ])('of %s about a cached one: one call', async (_case, input) => {
    await here.ask(id, report('running'));
    expect(await cost(input)).toEqual({ append: 1 });
  });

  it('of a refused report: one call, once the end of its refused stream is known', async () => {
    await here.ask(id, report('succeeded'));
    expect(await cost(report('failed'))).toEqual({ append: 1, lastRevision: 1 });
    expect(await cost(report('running'))).toEqual({ append: 1 });
    expect(await cost(report('running'))).toEqual({ append: 1 });
  });

  it('of one that another process wrote: a lost append, a read, an append', async () => {
    await world.instance().ask(id, report('running'));
    expect(await cost(report('succeeded'))).toEqual({ append: 2, readStream: 1 });
  });

  it('of 100 reports at once about one execution: one append', async () => {
    await here.ask(id, report('running'));
    const spent = await cost(...Array.from({ length: 100 }, (_, n) => report(undefined, { message: `${n}` })));
    expect(spent).toEqual({ append: 1 });
    expect(await world.stream(id)).toHaveLength(102);
  });

  it('of a first report, its progress and its end at once: one append', async () => {
    expect(await cost(report('running'), report(undefined, { progress: 9 }), report('succeeded'))).toEqual({
      append: 1,
    });
    const types = (await world.stream(id)).map(({ type }) => type);
    expect(types).toEqual(['ExecutionRegistered', 'ExecutionStarted', 'ExecutionProgressed', 'ExecutionSucceeded']);
  });

  it('of 100 heartbeats at once: one confirmation each, and no read', async () => {
    await here.ask(id, report('running'));
    expect(await cost(...Array.from({ length: 100 }, () => heartbeat()))).toEqual({ append: 100 });
  });

  it('of a long stream seen for the first time: back to the fold that it carries, not all its events', async () => {
    await here.ask(id, report('running'));
    await appendProgress(here, id, 1, 5_000);
    await here.ask(id, report(undefined, { progress: 1 })); // by whoever has folded it
    await appendProgress(here, id, 5_002, 10, 'later');
    const cold = world.instance();
    const read: StoredEvent[] = [];
    const readStream = cold.store.readStream;
    cold.store.readStream = async (...args) => {
      const page = await readStream(...args);
      read.push(...page);
      return page;
    };
    expect(await cold.ask(id, report('succeeded'))).toMatchObject({ verdict: 'applied', state: { revision: 5_013 } });
    expect(read.length).toBeLessThanOrEqual(250);
    expect(cold.store.calls).toMatchObject({ append: 2, readStream: 1 });
  });
});

/** So much progress, in one append. */
async function appendProgress(
  { store }: Instance,
  id: string,
  after: number,
  count: number,
  name = 'progress',
): Promise<void> {
  const events = Array.from({ length: count }, (_, n) => ({
    eventId: `${name}-${n}`,
    type: 'ExecutionProgressed',
    data: { attempt: 1, message: `${n}` },
    metadata: {},
  }));
  await store.append({ stream: `execution-${id}`, events, expectedRevision: after });
}
