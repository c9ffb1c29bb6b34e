import { describe, expect, it } from '@jest/globals';
import { SharedAnswer } from '../../src/http/shared-answer.js';

/** Questions that are answered when the test says so. */
function questions() {
  const asked: { answer(value: number): void; fail(): void }[] = [];
  const ask = () =>
    new Promise<number>((resolve, reject) => asked.push({ answer: resolve, fail: () => reject(new Error('away')) }));
  return { asked, ask };
}

describe('what is remembered for a while', () => {
  it('is asked once by all who ask while the question is under way, however long that takes', async () => {
    const { asked, ask } = questions();
    const remembered = new SharedAnswer(ask, 0);
    const all = [1, 2, 3].map(() => remembered.get());
    asked[0]!.answer(7);
    expect([await Promise.all(all), asked.length]).toEqual([[7, 7, 7], 1]);
  });

  it('is told until its time is over, a failure too', async () => {
    const { asked, ask } = questions();
    const remembered = new SharedAnswer(ask, 60_000);
    const first = remembered.get();
    asked[0]!.fail();
    await expect(first).rejects.toThrow('away');
    await expect(remembered.get()).rejects.toThrow('away');
    expect(asked).toHaveLength(1);
  });

  it('is asked for anew then', async () => {
    const { asked, ask } = questions();
    const remembered = new SharedAnswer(ask, 0);
    const first = remembered.get();
    asked[0]!.answer(1);
    expect(await first).toBe(1);
    const second = remembered.get();
    asked[1]!.answer(2);
    expect(await second).toBe(2);
  });
});
