import { expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { deciding, lookingTurn } from '../src/event-loop.js';

/** How many turns of the event loop pass until so many who only look have had theirs. */
async function turnsUntilLooked(lookers: number): Promise<number> {
  let looked = false;
  void Promise.all(Array.from({ length: lookers }, () => lookingTurn())).then(() => (looked = true));
  let turns = 0;
  for (; !looked; turns++) await nextTurn();
  return turns;
}

it('reads get few turns of the event loop while a decision is made and all of them otherwise, one at a time', async () => {
  const alone = await turnsUntilLooked(10);
  expect(alone).toBeGreaterThanOrEqual(10);
  expect(alone).toBeLessThan(20);
  let decide = (_: string): void => undefined;
  const decision = deciding(new Promise<string>((resolve) => (decide = resolve)));
  expect(await turnsUntilLooked(10)).toBeGreaterThanOrEqual(80);
  decide('applied');
  expect(await decision).toBe('applied');
  expect(await turnsUntilLooked(10)).toBeLessThan(20);
});

it('a decision that fails counts as made, too', async () => {
  await expect(deciding(Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await turnsUntilLooked(10)).toBeLessThan(20);
});
