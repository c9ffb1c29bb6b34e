import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inTurns, Lanes } from '../src/lanes.js';

it('the names take turns, and under one name whoever came first goes first', () => {
  const waiting = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 60 });
  fc.assert(
    fc.property(waiting, (names) => {
      const all = names.map((name, place) => ({
        name,
        place,
        nth: names.slice(0, place).filter((one) => one === name).length,
      }));
      // The nth of each before the next of any: however many one has, he waits for one of each other.
      const expected = [...all].sort((a, b) => a.nth - b.nth || a.place - b.place);
      const turns = inTurns(all, ({ name }) => name);
      expect(turns.map(({ nth }) => nth)).toEqual(expected.map(({ nth }) => nth));
      expect(new Set(turns)).toEqual(new Set(all));
    }),
  );
});

it('of thousands of items under one name none is lost, and one that is put back goes first', () => {
  const lanes = new Lanes<number>();
  for (let n = 0; n < 5_000; n++) lanes.put('flood', n);
  const taken = Array.from({ length: 2_500 }, () => lanes.next());
  lanes.putBack('flood', taken.pop()!);
  while (lanes.size > 0) taken.push(lanes.next());
  expect(taken).toEqual(Array.from({ length: 5_000 }, (_, n) => n));
});

it('an item that is removed before its turn is gone, and no other', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), fc.func(fc.boolean()), fc.nat(5), (names, goes, taken) => {
      const lanes = new Lanes<number>();
      names.forEach((name, n) => lanes.put(name, n));
      const before = new Set(Array.from({ length: taken }, () => lanes.next()));
      const waiting = [...names.entries()].filter(([n]) => !before.has(n));
      for (const [n, name] of waiting) if (goes(n)) lanes.remove(name, n);
      expect(lanes.size).toBe(waiting.filter(([n]) => !goes(n)).length);
      const rest = Array.from({ length: lanes.size }, () => lanes.next()!);
      expect(lanes.next()).toBeUndefined();
      for (const name of ['a', 'b', 'c'])
        expect(rest.filter((n) => names[n] === name)).toEqual(
          waiting.filter(([n, one]) => one === name && !goes(n)).map(([n]) => n),
        );
    }),
  );
});
