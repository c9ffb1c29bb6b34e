import { describe, expect, it } from '@jest/globals';
import type { Input } from '../../src/domain/decision.js';
import { ask, DAY, report } from '../support/domain/given.js';
import { eachIn, WORLDS, type Instance, type World } from '../support/ledger/handling.js';

/** What another process writes after a command was decided and before it is appended, and what that makes of it. */
describe.each(WORLDS)('landing between the decision and the append, %s', (_name, open) => {
  let world: World;
  let one: Instance;
  let other: Instance;
  let id: string;

  eachIn(open, (given, fresh) => {
    [world, id, one, other] = [given, fresh, given.instance(), given.instance()];
  });

  /** Asks one of `input`; when it comes to append, other has said `first`. */
  async function overtaken(input: Input, first: Input) {
    let landed = 0;
    one.store.beforeAppend(async (append, forward) => {
      if (append.events.length > 0 && landed++ === 0) await other.ask(id, first);
      return forward();
    });
    const handled = await one.ask(id, input);
    one.store.beforeAppend(undefined);
    expect(landed).toBeGreaterThan(0);
    return handled;
  }
  const types = async (): Promise<string[]> => (await world.stream(id)).map(({ type }) => type);

  it('a sign of life: a resume that would have taken over is not_resumable, and opens nothing', async () => {
    await one.ask(id, report('running'));
    await world.age(4 * DAY);
    [one, other] = [world.instance(), world.instance()];
    for (const each of [one, other]) {
      expect((await each.ask(id, ask.resume({ attempt: 7 }))).verdict).toBe('fenced'); // both have read it
    }
    expect(await overtaken(ask.resume(), { kind: 'heartbeat' })).toMatchObject({
      verdict: 'not_resumable',
      applied: false,
      state: { status: 'running', attempt: 1 },
    });
    expect(await types()).toEqual(['ExecutionRegistered', 'ExecutionStarted', 'HeartbeatRecorded']);
  });

  it.each([
    ['success', report('succeeded'), 'ExecutionSucceeded'],
    ['failure', report('failed'), 'ExecutionFailed'],
    ['cancel', ask.cancel(), 'ExecutionCancelled'],
    ['pause', ask.pause(), 'ExecutionPaused'],
    ['wait', report('waiting'), 'ExecutionWaiting'],
  ] as const)('a %s: what was due is not timed out', async (_what, first, type) => {
    await one.ask(id, ask.register({ timeout_ms: 0 }));
    const { verdict, applied, state } = await overtaken(ask.time_out(), first);
    expect([verdict, applied]).toEqual(['dropped', false]);
    expect(await types()).toEqual(['ExecutionRegistered', type]);
    expect(state.revision).toBe(1);
  });

  it('news of an execution that is still due: it is timed out all the same, once', async () => {
    await one.ask(id, ask.register({ timeout_ms: 0 }));
    expect(await overtaken(ask.time_out(), report('running'))).toMatchObject({ verdict: 'applied' });
    expect(await types()).toEqual(['ExecutionRegistered', 'ExecutionStarted', 'ExecutionTimedOut']);
  });

  it('another time-out: one writes', async () => {
    await one.ask(id, ask.register({ timeout_ms: 0 }));
    expect(await overtaken(ask.time_out(), ask.time_out())).toMatchObject({ verdict: 'dropped' });
    expect(await types()).toEqual(['ExecutionRegistered', 'ExecutionTimedOut']);
  });

  it.each([
    ['succeeded', 'conflict'],
    ['failed', 'dropped'],
  ] as const)('a child that %s before a cascade reached it stays so', async (status, verdict) => {
    await one.ask(id, report('running'));
    const handled = await overtaken(ask.cancel({ only_open: true }), report(status));
    expect(handled).toMatchObject({ verdict, applied: false, state: { status } });
  });
});
