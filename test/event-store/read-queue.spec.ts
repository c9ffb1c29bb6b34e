import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callerName, inNameOf } from '../../src/caller.js';
import type { StoreError } from '../../src/errors.js';
import { createReadersQueue, createReadQueue, type ReadLimits } from '../../src/event-store/read-queue.js';
import { idle } from '../support/ledger/handling.js';

const LIMITS: ReadLimits = { atOnce: 1, waiting: 100, waitMs: 60_000 };

describe.each([
  ['decide', createReadQueue],
  ['only look', createReadersQueue],
])('reads of those who %s', (_, create) => {
  /** Reads that end when they are told to, and what became of each. */
  function reading(limits: Partial<ReadLimits> = {}) {
    const queue = create({ ...LIMITS, ...limits });
    const [begun, refused]: [string[], string[]] = [[], []];
    const ends: (() => void)[] = [];
    const read = (text: string): Promise<unknown> => {
      const make = (): Promise<void> => new Promise((resolve) => void (begun.push(text), ends.push(resolve)));
      const refuse = ({ kind, message }: StoreError): number => refused.push(`${text}: ${kind}: ${message}`);
      return inNameOf(text[0]!, () => queue(make)).catch(refuse);
    };
    const endAll = async (all: readonly Promise<unknown>[]): Promise<void> => {
      let over = false;
      const every = Promise.all(all).finally(() => (over = true));
      for (; !over; await idle()) ends.shift()?.();
      await every;
    };
    return { queue, begun, refused, read, endAll };
  }

  it('take turns among the names of callers, and under one name whoever came first goes first', async () => {
    const { begun, read, endAll } = reading();
    const all = ['f1', 'f2', 'f3', 'f4', 'q1', 'o1', 'q2'].map(read);
    await endAll(all);
    expect(begun).toEqual(['f1', 'f2', 'q1', 'o1', 'f3', 'q2', 'f4']);
  });

  it('find room where too many wait: the newest of whoever has most waiting is told to come again, and no other', async () => {
    const { begun, refused, read, endAll } = reading({ waiting: 4 });
    const all = ['f0', 'f1', 'f2', 'f3', 'f4', 'q1', 'q2', 'f5', 'q3'].map(read);
    await Promise.all([3, 4, 7, 8].map((n) => all[n]));
    const told = 'overloaded: 4 reads are waiting already';
    expect(refused.sort()).toEqual(['f3', 'f4', 'f5', 'q3'].map((one) => `${one}: ${told}`));
    await endAll(all);
    expect(begun).toEqual(['f0', 'f1', 'q1', 'f2', 'q2']);
  });

  it('wait so long and no longer; who was told so is not made afterwards, and takes no room', async () => {
    const { begun, refused, read, endAll } = reading({ waiting: 2, waitMs: 30 });
    const first = read('f0');
    // As many again find room where those before them were.
    for (const names of [
      ['f1', 'q1'],
      ['f2', 'q2'],
    ]) {
      await Promise.all(names.map(read));
      expect(refused.splice(0).sort()).toEqual(
        names.map((one) => `${one}: overloaded: a read waited 30 ms for its turn`),
      );
    }
    await endAll([first]);
    await endAll([read('f3')]);
    expect(begun).toEqual(['f0', 'f3']);
  });

  it('are as many at once as may be, whatever comes, fails and is refused', async () => {
    const step = fc.record({ by: fc.constantFrom('a', 'b', 'c'), turns: fc.nat(3), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { queue } = reading({ atOnce: 3, waiting: 5 });
        let underWay = 0;
        const make = async (turns: number, fails: boolean): Promise<void> => {
          expect(++underWay).toBeLessThanOrEqual(3);
          for (let n = 0; n < turns; n++) await idle();
          underWay--;
          if (fails) throw new Error('lost');
        };
        const all = steps.map(({ by, turns, fails }) => inNameOf(by, () => queue(() => make(turns, fails))));
        const told = (await Promise.allSettled(all)).map((one) =>
          one.status === 'fulfilled' ? 'read' : (one.reason as Error).message,
        );
        const expected = (fails: boolean, n: number) =>
          told[n]!.includes('waiting') ? told[n] : fails ? 'lost' : 'read';
        expect(told).toEqual(steps.map(({ fails }, n) => expected(fails, n)));
        expect(told.filter((one) => one.includes('waiting'))).toHaveLength(Math.max(0, steps.length - 8));
        expect(await queue(async () => 'free')).toBe('free');
      }),
    );
  });

  it('go on in the name of whoever asked, whoever made room for them', async () => {
    const { queue } = reading();
    const ask = (name: string) =>
      inNameOf(name, () => queue(async () => callerName()).then((at) => [at, callerName()]));
    expect(await Promise.all(['a', 'b', 'c'].map(ask))).toEqual(['a', 'b', 'c'].map((name) => [name, name]));
  });
});
