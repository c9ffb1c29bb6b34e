import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DecisionResult } from '../../src/application/request.js';
import type { Input } from '../../src/domain/decision.js';
import { tellable } from '../support/domain/arbitrary.js';
import { inMemory, type Instance, type World } from '../support/ledger/handling.js';
import { tries } from '../support/tries.js';

/** What is delivered: one of the requests, by one of two processes, after so long; the same one again and again. */
interface Delivery {
  readonly which: number;
  readonly by: 0 | 1;
  readonly after: number;
}

const deliveries = fc
  .tuple(
    fc.array(tellable, { minLength: 1, maxLength: 8 }),
    fc.array(
      fc.record({
        which: fc.nat(),
        by: fc.constantFrom(0 as const, 1 as const),
        after: fc.constantFrom(0, 0, 60_000, 20 * 60_000, 4 * 86_400_000),
      }),
      { minLength: 1, maxLength: 40 },
    ),
  )
  .map(([said, delivered]) => ({
    said,
    delivered: delivered.map((one): Delivery => ({ ...one, which: one.which % said.length })),
  }));

const idOf = (which: number): string => `id-${which}`;

const receipt = ({ verdict, applied, executionId, event, created }: DecisionResult) => ({
  verdict,
  applied,
  executionId,
  event,
  created,
});

interface Ledger {
  readonly world: World;
  readonly both: readonly [Instance, Instance];
}
async function ledger(): Promise<Ledger> {
  const world = await inMemory();
  return { world, both: [world.instance(), world.instance()] };
}

const deliver = ({ both }: Ledger, said: readonly Input[], { which, by }: Delivery): Promise<DecisionResult> => {
  const input = said[which]!;
  return both[by].ask('x', input, { id: idOf(which), ...(input.kind === 'register' ? { digest: input.digest } : {}) });
};

describe('§3.0 the same id again', () => {
  it('gets the first receipt word for word, for ever, and writes nothing', async () => {
    const property = fc.asyncProperty(deliveries, async ({ said, delivered }) => {
      const here = await ledger();
      const first = new Map<number, DecisionResult>();
      for (const delivery of delivered) {
        here.world.clock.pass(delivery.after);
        const before = await here.world.stream('x');
        const handled = await deliver(here, said, delivery);
        const after = await here.world.stream('x');
        const known = first.get(delivery.which);
        if (known) {
          expect(handled.replayed).toBe(true);
          expect(receipt(handled)).toEqual(receipt(known));
          expect(after).toEqual(before);
        }
        expect(handled.state.revision).toBe(after.length - 1);
        // Only what was applied, and wrote under the id, binds it.
        const bound = after.find(({ eventId }) => eventId === idOf(delivery.which));
        expect(bound?.revision).toBe(
          handled.applied && handled.event?.event_id === idOf(delivery.which) ? handled.event.revision : undefined,
        );
        if (bound) first.set(delivery.which, known ?? handled);
      }
    });
    await fc.assert(property, { numRuns: tries(60) });
  }, 30_000);

  it('all at once is applied once, and every caller is told the same', async () => {
    const property = fc.asyncProperty(deliveries, async ({ said, delivered }) => {
      const here = await ledger();
      const all = await Promise.all(delivered.map((delivery) => deliver(here, said, delivery)));
      const stream = await here.world.stream('x');
      expect(stream.map(({ revision }) => revision)).toEqual([...stream.keys()]);
      for (const which of said.keys()) {
        if (!stream.some(({ eventId }) => eventId === idOf(which))) continue;
        const answers = all.filter((_, n) => delivered[n]!.which === which);
        const won = answers.filter(({ event }) => event?.event_id === idOf(which));
        expect(won.filter(({ replayed }) => !replayed)).toHaveLength(1);
        for (const answer of won) expect(receipt(answer)).toEqual(receipt(won[0]!));
      }
    });
    await fc.assert(property, { numRuns: tries(60) });
  }, 30_000);
});
