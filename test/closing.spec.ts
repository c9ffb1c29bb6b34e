import { expect, it } from '@jest/globals';
import { closeInOrder, type Phase } from '../src/closing.js';

const never = (): Promise<never> => new Promise(() => undefined);
const ended = (): Promise<void> => Promise.resolve();

it('what waits for a part that is closed later counts as ended', async () => {
  let close = (): void => undefined;
  const closed = new Promise<void>((resolve) => (close = resolve));
  const phases: Phase[] = [
    { parts: { reader: () => closed, service: ended }, limitMs: 5 },
    { parts: { store: async () => close() }, limitMs: 1_000 },
  ];
  expect(await closeInOrder(phases)).toEqual([]);
});

it('what never ends and what fails is named, and keeps nothing after it from being closed', async () => {
  const order: string[] = [];
  const phases: Phase[] = [
    { parts: { stuck: never, broken: () => Promise.reject(new Error('no')), service: ended }, limitMs: 5 },
    { parts: { store: async () => void order.push('store') }, limitMs: 1_000 },
  ];
  expect(await closeInOrder(phases)).toEqual(['stuck', 'broken']);
  expect(order).toEqual(['store']);
});
