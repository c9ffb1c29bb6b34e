import { expect, it } from '@jest/globals';
import { KEPT_BYTES, LastWords } from '../../../src/cli/run/last-words.js';

function heard(...chunks: Buffer[]): LastWords {
  const words = new LastWords();
  for (const chunk of chunks) words.add(chunk);
  return words;
}

it.each([1, 7, 4_096, 100_000])(
  'the last words are the end of what was written, from a whole character on, in pieces of %s bytes',
  (size) => {
    for (const character of ['a', 'é', '€', '😀']) {
      const whole = Buffer.from(`x${character.repeat(3_000)}`);
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, n) =>
        whole.subarray(n * size, (n + 1) * size),
      );
      const kept = Math.floor(KEPT_BYTES / Buffer.byteLength(character));
      const expected = whole.length <= KEPT_BYTES ? whole.toString() : character.repeat(kept);
      expect(heard(...pieces).text === expected).toBe(true);
    }
  },
);

it.each([
  ['one\ntwo\n\n \n', 'two'],
  ['10 %\r50 %\r', '50 %'],
  ['\x1b[31mred\x1b[0m\n', 'red'],
  ['\n\n', undefined],
  ['', undefined],
])('the last line of %j is %j', (text, line) => {
  expect(heard(Buffer.from(text)).lastLine).toBe(line);
});

it('bytes that are no UTF-8 are shown as such, also where nothing before them was a character', () => {
  expect(heard(Buffer.alloc(10_000, 0x80)).text).toBe('\ufffd'.repeat(KEPT_BYTES));
});
