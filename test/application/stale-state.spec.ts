import { describe, expect, it } from '@jest/globals';
import type { Input } from '../../src/domain/decision.js';
import { ask, heartbeat, report } from '../support/domain/given.js';
import { eachIn, WORLDS, type Instance, type World } from '../support/ledger/handling.js';

const strict = { mode: 'strict' } as const;

/** What one process remembers, what another has done since, what the first is asked then, and the only right answer. */
const CASES: readonly [string, Input[], Input[], Input, string][] = [
  ['an attempt just opened is known', [report('failed')], [ask.resume()], report('running', { attempt: 2 }), 'applied'],
  ['a resumed execution is open', [report('failed')], [ask.resume({ unnumbered: true })], report('running'), 'applied'],
  ['an old attempt is fenced', [report('failed')], [ask.resume()], report('running', { attempt: 1 }), 'fenced'],
  ['a pause is over', [report('paused')], [ask.resume()], report('succeeded'), 'applied'],
  ['a pause holds', [report('running')], [ask.pause()], report('succeeded'), 'not_running'],
  ['a wait is over', [report('waiting')], [report('running')], report('succeeded', strict), 'applied'],
  ['a beat after a cancel is dropped', [report('running')], [ask.cancel()], heartbeat(), 'dropped'],
  ['a failure can be resumed', [report('running')], [report('failed')], ask.resume(), 'applied'],
  ['a resume was won by another', [report('failed')], [ask.resume()], ask.resume(), 'not_resumable'],
  ['a cancel after a success', [report('running')], [report('succeeded')], ask.cancel(), 'conflict'],
  ['a dispatch was won by another', [ask.register()], [ask.dispatch()], ask.dispatch(), 'already_dispatched'],
  [
    'a guess was corrected',
    [report('failed', { authority: 'watchdog' })],
    [report('succeeded')],
    report('failed'),
    'conflict',
  ],
];

describe.each(WORLDS)('no verdict on a state that is not the head, %s', (_name, open) => {
  let world: World;
  let here: Instance;
  let there: Instance;
  let id: string;

  eachIn(open, (given, fresh) => {
    [world, id, here, there] = [given, fresh, given.instance(), given.instance()];
  });

  it.each(CASES)('%s', async (_case, remembered, since, asked, verdict) => {
    for (const input of remembered) await here.ask(id, input);
    for (const input of since) expect(await there.ask(id, input)).toMatchObject({ applied: true });
    expect(await here.ask(id, asked)).toMatchObject({ verdict });
  });

  it('a 404 is forgotten as soon as somebody registers', async () => {
    const asked = report('running', strict);
    expect(await here.ask(id, asked)).toMatchObject({ verdict: 'not_found' });
    await there.ask(id, ask.register());
    expect(await here.ask(id, asked)).toMatchObject({ verdict: 'applied' });
  });

  it.each([
    ['a refusal', [report('succeeded')], report('running'), 'regression'],
    ['a no-op', [report('running')], heartbeat(), 'applied'],
  ] as const)('%s is given only once the head is confirmed', async (_case, before, asked, verdict) => {
    const overtaken = world.instance();
    for (const input of before) await overtaken.ask(id, input);
    let stood = -1;
    overtaken.store.beforeAppend(async (append, forward) => {
      overtaken.store.beforeAppend(undefined);
      const foreign = { eventId: 'foreign', type: 'SomebodyElses', data: {}, metadata: {} };
      await there.store.append({ stream: `execution-${id}`, events: [foreign], expectedRevision: 'any' });
      stood = append.guard!.revision;
      return forward();
    });
    const handled = await overtaken.ask(id, asked);
    expect(handled).toMatchObject({ verdict, state: { revision: stood + 1 } });
    expect(overtaken.told.retried).toBe(1);
  });

  describe('If-Match', () => {
    it('is compared with the head, not with what is remembered', async () => {
      const { state } = await here.ask(id, report('running'));
      const moved = await there.ask(id, report(undefined, { progress: 5 }));
      expect(await here.ask(id, ask.pause(), { ifMatch: [state.revision] })).toMatchObject({
        verdict: 'precondition_failed',
        applied: false,
        state: { revision: moved.state.revision },
      });
      expect(await here.ask(id, ask.pause(), { ifMatch: [moved.state.revision] })).toMatchObject({
        verdict: 'applied',
      });
    });

    it('matching what is remembered is not retried for when another came first', async () => {
      const { state } = await here.ask(id, report('running'));
      await there.ask(id, report(undefined, { progress: 5 }));
      expect(await here.ask(id, ask.cancel(), { ifMatch: [state.revision] })).toMatchObject({
        verdict: 'precondition_failed',
      });
      expect(await world.stream(id)).toHaveLength(3);
    });

    it('of many at once lets one through', async () => {
      const { state } = await here.ask(id, report('running'));
      const all = await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          (n % 2 ? here : there).ask(id, report(undefined, { progress: n }), { ifMatch: [state.revision] }),
        ),
      );
      expect(all.filter(({ applied }) => applied)).toHaveLength(1);
      expect(all.filter(({ verdict }) => verdict === 'precondition_failed')).toHaveLength(15);
    });

    it('finds no execution where there is none', async () => {
      expect(await here.ask(id, ask.cancel(), { ifMatch: [0] })).toMatchObject({ verdict: 'not_found' });
    });
  });
});
