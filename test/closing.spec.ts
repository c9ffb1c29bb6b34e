import { expect, it } from '@jest/globals';
import { closeInOrder, type Phase } from '../src/closing.js';

const never = (): Promise<never> => new Promise(() => undefined);
const ended = (): Promise<void> => Promise.resolve();

it('a part that waits for one that is closed later counts as closed', async () => {
  let close = (): void => undefined;
  const closed = new Promise<void>((resolve) => (close = resolve));
  const phases: Phase[] = [
    { parts: { reader: () => closed, service: ended }, limitMs: 5 },
    { parts: { store: async () => close() }, limitMs: 1_000 },
  ];
  expect(await closeInOrder(phases)).toEqual([]);
});

it('a part that never closes, or fails, is named, and the parts after it are closed all the same', async () => {
  const order: string[] = [];
  const phases: Phase[] = [
    { parts: { stuck: never, broken: () => Promise.reject(new Error('no')), service: ended }, limitMs: 5 },
    { parts: { store: async () => void order.push('store') }, limitMs: 1_000 },
  ];
  expect(await closeInOrder(phases)).toEqual(['stuck', 'broken']);
  expect(order).toEqual(['store']);
});
