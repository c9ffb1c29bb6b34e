import { describe, expect, it } from '@jest/globals';
import type { OutcomeUnknown } from '../../src/application/deciding/outcome-unknown.js';
import type { Description } from '../../src/domain/events.js';
import type { ExistingExecution } from '../../src/domain/execution.js';
import { StoreError } from '../../src/errors.js';
import { inEventStoreDb } from '../support/ledger/eventstoredb-world.js';
import { ask, report } from '../support/domain/given.js';
import { eachIn, idle, WORLDS, type Instance, type World } from '../support/ledger/handling.js';

const WHOLE = { workflow_id: 'w', parent_execution_id: 'p', target: 't', labels: { team: 'x' } };
const identityOf = ({ state }: { state: unknown }): Description => (state as ExistingExecution).description;

describe.each([...WORLDS, ['in EventStoreDB', inEventStoreDb] as const])('identity, %s', (name, open) => {
  let world: World;
  let here: Instance;
  let there: Instance;
  let id: string;

  eachIn(open, (given, fresh) => {
    [world, id, here, there] = [given, fresh, given.instance(), given.instance()];
  });
  const types = async (): Promise<string[]> => (await world.stream(id)).map(({ type }) => type);
  const kept = async (): Promise<unknown[]> =>
    (await world.refused(id)).map(({ data }) => {
      const { verdict, report: said } = data as { verdict: string; report: unknown };
      return [verdict, said];
    });

  it('what is new travels with the report that says it, in one append; said again it costs what it always did', async () => {
    await here.ask(id, report('queued'));
    await idle();
    here.store.forget();
    const said = report('running', { description: WHOLE });
    expect(identityOf(await here.ask(id, said, { id: 'one' }))).toEqual(WHOLE);
    await here.ask(id, report(undefined, { progress: 5, description: WHOLE }));
    expect(here.store.calls).toMatchObject({ append: 2, readStream: 0, findEvent: 0 });
    expect(await types()).toEqual([
      'ExecutionRegistered',
      'ExecutionQueued',
      'ExecutionDescribed',
      'ExecutionStarted',
      'ExecutionProgressed',
    ]);
    expect(await there.ask(id, said, { id: 'one' })).toMatchObject({ replayed: true, event: { revision: 3 } });
  });

  it('what is refused adds to it, is kept whole, and binds no id', async () => {
    await here.ask(id, report('succeeded'));
    const late = await here.ask(id, report('running', { description: WHOLE }), { id: 'late' });
    expect(late).toMatchObject({ verdict: 'regression', applied: false, state: { description: WHOLE } });
    expect(await types()).toEqual(['ExecutionRegistered', 'ExecutionSucceeded', 'ExecutionDescribed']);
    expect(await kept()).toEqual([['regression', expect.objectContaining({ description: WHOLE })]]);
    for (const one of [here, there]) {
      expect(await one.ask(id, report('queued'), { id: 'late' })).toMatchObject({ verdict: 'regression' });
      expect(await one.ask(id, report('running', { description: WHOLE }), { id: 'late' })).toMatchObject({
        verdict: 'regression',
        replayed: false,
      });
    }
    expect(await types()).toHaveLength(3);
    expect(await kept()).toHaveLength(2);
  });

  it('a registration that comes too late adds to it, and is told so', async () => {
    await here.ask(id, report('succeeded', { description: { target: 't' } }));
    const late = await there.ask(id, ask.register({ ...WHOLE, target: 'u' }, 'late'));
    expect(late).toMatchObject({ verdict: 'regression', state: { description: WHOLE } });
    expect(await kept()).toEqual([['conflict', { target: 'u' }]]);
  });

  it('what stands otherwise is kept by itself, once, whatever becomes of the report', async () => {
    await here.ask(id, report('queued', { description: { target: 't', labels: { a: '1', b: '1' } } }));
    const other = { target: 'u', labels: { a: '1', b: '2' } };
    const verdicts = [];
    for (const [n, word] of (['running', 'running', 'succeeded', 'failed', 'running'] as const).entries()) {
      const one = n % 2 ? here : there;
      verdicts.push((await one.ask(id, report(word, { description: other }), { id: `${n}` })).verdict);
    }
    expect(verdicts).toEqual(['applied', 'duplicate', 'applied', 'conflict', 'regression']);
    expect(await kept()).toEqual([
      ['conflict', { target: 'u', labels: { b: '2' } }],
      ['conflict', expect.objectContaining({ status: 'failed' })],
      ['regression', expect.objectContaining({ status: 'running' })],
    ]);
    expect((await world.refused(id))[0]).toMatchObject({
      data: { against: { status: 'queued', attempt: 1, authority: null, revision: 1 } },
      metadata: { report_id: '0', reporter: { actor: 'tester', authority: 'worker' } },
    });
  });

  it('who says so with every report pays for it once', async () => {
    await here.ask(id, report('running', { description: { target: 't' } }));
    const told = (message: string) => report(undefined, { message, description: { target: 'u' } });
    await here.ask(id, told('first'));
    await idle();
    here.store.forget();
    await Promise.all(Array.from({ length: 50 }, (_, n) => here.ask(id, told(`${n}`))));
    // In EventStoreDB each is an append of its own, whatever it says.
    expect(here.store.calls).toMatchObject({ append: name === 'in EventStoreDB' ? 50 : 1, readStream: 0 });
    expect(await kept()).toHaveLength(1);
  });

  it('of many who say a field at once the first wins, and every other is kept', async () => {
    await here.ask(id, report('running'));
    const names = Array.from({ length: 12 }, (_, n) => `t${n}`);
    const told = (target: string, n: number) =>
      (n % 2 ? here : there).ask(id, report(undefined, { progress: n, description: { target } }));
    await Promise.all(names.map(told));
    const { target } = identityOf(await here.ask(id, ask.cancel()));
    const refused = (await kept()).map((one) => (one as [string, Description])[1].target);
    expect([target, ...refused].sort()).toEqual([...names].sort());
    expect((await types()).filter((type) => type === 'ExecutionDescribed')).toHaveLength(1);
  });

  it('an id that is bound keeps nothing from being kept that is said again without it', async () => {
    await here.ask(id, report('running', { description: { target: 'a' } }), { id: 'one' });
    const other = report(undefined, { progress: 1, description: { target: 'b' } });
    expect(await here.ask(id, other, { id: 'one' })).toMatchObject({ verdict: 'id_reused' });
    expect(await here.ask(id, other)).toMatchObject({ verdict: 'applied' });
    expect(await kept()).toContainEqual(['conflict', { target: 'b' }]);
  });

  it('a failure behind what a refused report adds loses nothing of it: asked again it is kept', async () => {
    await here.ask(id, report('succeeded'));
    const late = report('running', { description: WHOLE });
    await idle();
    here.store.beforeAppend((append, forward) => {
      if (append.stream.startsWith('refused-')) throw new StoreError('unavailable', 'the test says so');
      return forward();
    });
    await expect(here.ask(id, late, { id: 'late' })).rejects.toMatchObject({ kind: 'unavailable' });
    here.store.beforeAppend(undefined);
    expect(await here.ask(id, late, { id: 'late' })).toMatchObject({ verdict: 'regression' });
    expect(await kept()).toHaveLength(1);
    expect(await types()).toHaveLength(3);
  });

  it.each([true, false])(
    'a refused report of which nobody knows whether it was written (%s) is no other under the id to retry with',
    async (written) => {
      await here.ask(id, report('succeeded'));
      await idle();
      here.store.beforeAppend(async (_append, forward) => {
        here.store.beforeAppend(undefined);
        if (written) await forward();
        throw new StoreError('outcome_unknown', 'the test says so');
      });
      const late = report('running', { description: WHOLE });
      const failure = await here.ask(id, late).catch((error: unknown) => error as OutcomeUnknown);
      const { retryWith } = failure as OutcomeUnknown;
      expect(await there.ask(id, late, { id: retryWith! })).toMatchObject({ verdict: 'regression', applied: false });
      expect(await types()).toHaveLength(3);
    },
  );
});
