import { describe, expect, it } from '@jest/globals';
import { MAX_BATCH, MAX_WAITING } from '../../src/application/deciding/execution-queues.js';
import { report } from '../support/domain/given.js';
import { freshId, idle, WORLDS } from '../support/ledger/handling.js';

const by = (actor: string) => ({ origin: { actor, source: 'test' } });

describe.each(WORLDS)('one who floods, %s', (name, open) => {
  it('keeps nobody else waiting who asks about the same execution', async () => {
    const world = await open();
    const [here, id] = [world.instance(), freshId()];
    await here.ask(id, report('running'));
    await idle();
    const answered: string[] = [];
    const ask = (actor: string, progress: number) =>
      here.ask(id, report(undefined, { progress }), by(actor)).then(() => answered.push(actor));
    const flood = Array.from({ length: 1_000 }, (_, n) => ask('flood', n / 10));
    const quiet = ask('quiet', 100);
    await Promise.all([...flood, quiet]);
    // What was under way, and the turn after it.
    expect(answered.indexOf('quiet')).toBeLessThan(2 * MAX_BATCH);
    expect(answered).toHaveLength(1_001);
    await world.dispose();
  });

  it('is told to come again where it has filled the queue of an execution, and nobody else', async () => {
    const world = await open();
    const [here, id] = [world.instance(), freshId()];
    await here.ask(id, report('running'));
    await idle();
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    here.store.beforeAppend((_, forward) => held.then(forward));
    const beat = (actor: string) => here.ask(id, { kind: 'heartbeat' }, by(actor)).then(({ applied }) => applied);
    const flood = Array.from({ length: MAX_WAITING }, () => beat('flood').catch((error: Error) => error.message));
    const quiet = beat('quiet');
    const more = beat('flood').catch((error: Error) => error.message);
    here.store.beforeAppend(undefined);
    goOn();
    expect(await quiet).toBe(true);
    const refused = [...(await Promise.all(flood)), await more].filter((answer) => answer !== true);
    expect(refused).toEqual([
      expect.stringContaining('wait for execution'),
      expect.stringContaining('wait for execution'),
    ]);
    await world.dispose();
  });

  if (name === 'in PostgreSQL')
    it('keeps nobody else waiting who asks about another execution: it is in the next commit', async () => {
      const world = await open();
      const here = world.instance();
      const answered: string[] = [];
      const ask = (actor: string) => here.ask(freshId(), report('running'), by(actor)).then(() => answered.push(actor));
      const flood = Array.from({ length: 3_000 }, () => ask('flood'));
      const quiet = ask('quiet');
      await Promise.all([...flood, quiet]);
      expect(answered.indexOf('quiet')).toBeLessThan(2 * 512);
      await world.dispose();
    });
});
