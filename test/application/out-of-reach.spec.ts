import { describe, expect, it } from '@jest/globals';
import { StoreError, type StoreErrorKind } from '../../src/errors.js';
import { report } from '../support/domain/given.js';
import { freshId, idle, WORLDS } from '../support/ledger/handling.js';

describe.each(WORLDS)('a store out of reach, %s', (_name, open) => {
  it.each<StoreErrorKind>(['unavailable', 'outcome_unknown'])(
    '%s for the first request fails those behind it at once: none waits for a time-out of its own',
    async (kind) => {
      const world = await open();
      const [here, id] = [world.instance(), freshId()];
      await here.ask(id, report('running'));
      await idle();
      let fail: () => void = () => undefined;
      const failing = new Promise<void>((resolve) => (fail = resolve));
      here.store.beforeAppend(async () => {
        await failing;
        throw new StoreError(kind, 'the test says so');
      });
      const first = here.ask(id, report(undefined, { progress: 1 }));
      await new Promise(setImmediate); // it has left for the store: what is asked from now on travels behind it
      here.store.forget();
      const behind = [2, 3, 4].map((progress) => here.ask(id, report(undefined, { progress })));
      fail();
      const all = await Promise.allSettled([first, ...behind]);
      const kinds = all.map((outcome) => (outcome as PromiseRejectedResult).reason.kind);
      expect(kinds).toEqual([kind, 'unavailable', 'unavailable', 'unavailable']);
      expect(here.store.calls.append).toBe(0);
      here.store.beforeAppend(undefined);
      expect(await here.ask(id, report(undefined, { progress: 5 }))).toMatchObject({ verdict: 'applied' });
      await world.dispose();
    },
  );
});
