import { describe, expect, it } from '@jest/globals';
import { ask, HOUR, report } from '../support/domain/given.js';
import { eachIn, WORLDS, type Instance, type World } from '../support/ledger/handling.js';

describe.each(WORLDS)('the same id again, %s', (_name, open) => {
  let world: World;
  let here: Instance;
  let there: Instance;
  let id: string;

  eachIn(open, (given, fresh) => {
    [world, id, here, there] = [given, fresh, given.instance(), given.instance()];
  });

  it('gets the first receipt word for word, with the execution as it is now', async () => {
    const first = await here.ask(id, report('running'), { id: 'r-1' });
    const later = await here.ask(id, report('succeeded', { result: 7 }));
    const again = await here.ask(id, report('running'), { id: 'r-1' });
    expect(again).toMatchObject({ verdict: 'applied', applied: true, replayed: true, created: true });
    expect(again.event).toEqual(first.event);
    expect(again.state).toEqual(later.state);
    expect(await world.stream(id)).toHaveLength(3);
  });

  it.each([
    ['a process that never saw it', {}],
    ['If-Match that fits no more', { ifMatch: [0] }],
  ])('gets it from %s', async (_case, more) => {
    const first = await here.ask(id, report('running'), { id: 'r-1' });
    await here.ask(id, ask.pause());
    const again = await there.ask(id, report('running'), { id: 'r-1', ...more });
    expect(again).toMatchObject({ verdict: 'applied', applied: true, replayed: true, event: first.event });
  });

  it('gets it where the same word would be a heartbeat by now', async () => {
    await here.ask(id, report('running'), { id: 'r-1' });
    world.clock.pass(5 * HOUR);
    expect(await here.ask(id, report('running'), { id: 'r-1' })).toMatchObject({ verdict: 'applied', replayed: true });
    expect(await world.stream(id)).toHaveLength(2);
  });

  it('gets it where it would be refused by now', async () => {
    await here.ask(id, report('running'), { id: 'r-1' });
    await here.ask(id, ask.cancel());
    expect(await here.ask(id, report('running'), { id: 'r-1' })).toMatchObject({ verdict: 'applied', replayed: true });
    expect(await world.refused(id)).toEqual([]);
  });

  it.each([
    ['another body', report('running', { message: 'not what I said' })],
    ['a command', ask.pause()],
  ])('with %s is id_reused, and changes nothing', async (_case, other) => {
    await here.ask(id, report('running'), { id: 'r-1' });
    const reused = await here.ask(id, other, { id: 'r-1' });
    expect(reused).toMatchObject({ verdict: 'id_reused', applied: false, replayed: false });
    expect(await world.stream(id)).toHaveLength(2);
    const kept = (await world.refused(id)).map(({ data }) => (data as { verdict: string }).verdict);
    expect(kept).toEqual(other.kind === 'report' ? ['id_reused'] : []);
  });

  it('with another body is kept even while the execution moves on', async () => {
    const overtaken = world.instance();
    await overtaken.ask(id, report('running'), { id: 'r-1' });
    overtaken.store.beforeAppend(async ({ stream }, forward) => {
      if (!stream.startsWith('refused-')) return forward();
      overtaken.store.beforeAppend(undefined);
      await there.ask(id, report(undefined, { progress: 50 }));
      return forward();
    });
    await overtaken.ask(id, report('waiting'), { id: 'r-1' });
    expect(await world.refused(id)).toHaveLength(1);
  });

  it('is decided again after a refusal, for a refused id binds nothing', async () => {
    const strict = report('running', { mode: 'strict' });
    expect(await here.ask(id, strict, { id: 'r-1' })).toMatchObject({ verdict: 'not_found' });
    await there.ask(id, ask.register());
    expect(await here.ask(id, strict, { id: 'r-1' })).toMatchObject({ verdict: 'applied', replayed: false });
  });

  it('in parallel from two processes is applied exactly once', async () => {
    const same = () => report(undefined, { progress: 10 });
    const all = await Promise.all(
      Array.from({ length: 32 }, (_, n) => (n % 2 ? here : there).ask(id, same(), { id: 'r-1' })),
    );
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(all.map(({ verdict }) => verdict))).toEqual(new Set(['applied']));
    expect(new Set(all.map(({ event }) => event!.position)).size).toBe(1);
    expect(await world.stream(id)).toHaveLength(2);
  });

  it('in parallel with different bodies has one winner; the rest are id_reused and kept', async () => {
    const all = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        (n % 2 ? here : there).ask(id, report(undefined, { progress: n }), { id: 'r' }),
      ),
    );
    expect(all.map(({ verdict }) => verdict).sort()).toEqual(['applied', ...Array<string>(15).fill('id_reused')]);
    expect(await world.refused(id)).toHaveLength(15);
  });

  it('of a registration repeated without an id is its first receipt; another one is id_reused', async () => {
    const first = await here.ask(id, ask.register({ run_id: 'r' }, 'one'), { digest: 'one' });
    await here.ask(id, ask.dispatch());
    const again = await there.ask(id, ask.register({ run_id: 'r' }, 'one'), { digest: 'one' });
    expect(again).toMatchObject({ verdict: 'applied', replayed: true, created: true, event: first.event });
    const other = await there.ask(id, ask.register({ run_id: 's' }, 'two'), { digest: 'two' });
    expect(other).toMatchObject({ verdict: 'id_reused', applied: false });
  });
});
