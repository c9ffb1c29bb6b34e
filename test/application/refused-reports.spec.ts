import { describe, expect, it } from '@jest/globals';
import type { Input } from '../../src/domain/decision.js';
import { REFUSED_KEPT } from '../../src/domain/events.js';
import { refusedStream } from '../../src/domain/stream.js';
import { ask, heartbeat, report } from '../support/domain/given.js';
import { eachIn, request, WORLDS, type Instance, type World } from '../support/ledger/handling.js';
import type { Json } from '../../src/domain/json.js';

describe.each(WORLDS)('the refused stream, %s', (_name, open) => {
  let world: World;
  let here: Instance;
  let there: Instance;
  let id: string;

  eachIn(open, (given, fresh) => {
    [world, id, here, there] = [given, fresh, given.instance(), given.instance()];
  });
  const keptVerdicts = async (): Promise<string[]> =>
    (await world.refused(id)).map(({ data }) => (data as { verdict: string }).verdict);

  it('keeps a refused report whole, with its verdict and what it lost against', async () => {
    const { state } = await here.ask(id, report('succeeded'));
    const late = report('failed', { error: 'too late' });
    await here.ask(id, late, { id: 'late', received: { status: 'error', nul: '\0', lone: '\ud800' } });
    const [kept] = await world.refused(id);
    expect(kept).toMatchObject({
      type: 'ReportRefused',
      data: {
        verdict: 'conflict',
        report: { status: 'error', nul: '\0', lone: '\ud800' },
        against: { status: 'succeeded', attempt: 1, authority: 'worker', revision: state.revision },
      },
      metadata: { report_id: 'late', reporter: { actor: 'tester', authority: 'worker' } },
    });
    expect(await world.stream(id)).toHaveLength(2);
  });

  it('keeps one copy of a loop, whichever process it reaches', async () => {
    await here.ask(id, report('succeeded'));
    for (let n = 0; n < 20; n++) await (n % 2 ? here : there).ask(id, report('failed', { error: 'again' }));
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? here : there).ask(id, report('failed', { error: 'again' }))),
    );
    expect(await keptVerdicts()).toEqual(['conflict']);
  });

  it('keeps what differs: another id, another body, another attempt, another verdict', async () => {
    await here.ask(id, report('failed'));
    await here.ask(id, report('running'));
    await here.ask(id, report('running'), { id: 'a' });
    await here.ask(id, report('running'), { id: 'b' });
    await here.ask(id, report('running', { message: 'm' }));
    await here.ask(id, report('running', { attempt: 2 }));
    await here.ask(id, ask.resume());
    await here.ask(id, report('running'));
    expect(await keptVerdicts()).toEqual([...Array<string>(4).fill('regression'), 'unknown_attempt', 'fenced']);
  });

  it('keeps a duplicate that brings another result or error, and no other', async () => {
    await here.ask(id, report('succeeded', { result: { a: 1, b: 2 } }));
    for (const more of [{}, { result: { b: 2, a: 1 } }, { result: 8 }, { error: 'but' }]) {
      expect(await here.ask(id, report('succeeded', more))).toMatchObject({ verdict: 'duplicate', applied: false });
    }
    expect(await keptVerdicts()).toEqual(['duplicate', 'duplicate']);
  });

  it.each<[string, Input, Input]>([
    ['a heartbeat', report('succeeded'), heartbeat()],
    ['a refused command', report('succeeded'), ask.resume()],
    ['a 412', report('running'), report('succeeded')],
    ['the same word again', report('running'), report('running')],
  ])('does not keep %s', async (_case, first, second) => {
    await here.ask(id, first);
    expect(await here.ask(id, second, { ifMatch: [77] })).toMatchObject({ applied: false });
    await here.ask(id, second.kind === 'report' ? first : second);
    expect(await keptVerdicts()).toEqual([]);
  });

  it('keeps an unsupported status of an execution that nobody knows, if it was fired and forgotten', async () => {
    const word = { unsupported: 'finito' };
    await here.ask(id, report(word, { mode: 'strict' }));
    await here.ask(id, report('running', { mode: 'strict' }));
    expect(await keptVerdicts()).toEqual([]);
    expect(await here.ask(id, report(word))).toMatchObject({
      verdict: 'unsupported_status',
      state: { status: 'none' },
    });
    expect(await world.refused(id)).toMatchObject([{ data: { verdict: 'unsupported_status', against: null } }]);
  });

  it('ends with one marker after its bound, written by whichever process comes first; the rest are counted', async () => {
    await here.ask(id, report('succeeded'));
    const before = REFUSED_KEPT - 5;
    await fill(here, id, before);
    const [one, two] = [world.instance(), world.instance()];
    const late = (n: number): Input => report('failed', { error: `${n}` });
    const all = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? one : two).ask(id, late(n))));
    expect(new Set(all.map(({ verdict }) => verdict))).toEqual(new Set(['conflict']));
    const kept = await world.refused(id);
    expect(kept).toHaveLength(REFUSED_KEPT + 1);
    expect(kept.filter(({ type }) => type === 'ReportsOmitted')).toHaveLength(1);
    expect(kept.at(-1)).toMatchObject({ type: 'ReportsOmitted', data: { kept: REFUSED_KEPT } });
    expect(one.told.omitted + two.told.omitted).toBe(40 - 5);
    expect(await one.executions.refusals.count(id)).toBe(REFUSED_KEPT);
  });
});

/** So many refused reports, as this version writes them. */
async function fill({ store }: Instance, id: string, count: number): Promise<void> {
  const { origin } = request(id, report());
  const events = Array.from({ length: count }, (_, n) => ({
    eventId: `earlier-${n}`,
    type: 'ReportRefused',
    data: { verdict: 'conflict', report: { n } as Json, against: null },
    metadata: { reporter: { actor: origin.actor, authority: 'worker' as const } },
  }));
  await store.append({ stream: refusedStream(id), events, expectedRevision: 'no_stream' });
}
