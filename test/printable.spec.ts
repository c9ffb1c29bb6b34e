import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printable, printableLines } from '../src/printable.js';

/** What acts on a terminal, or is not seen on it, by its code points: first to last. */
const UNSEEN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x2064],
  [0x2066, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
];
const isUnseen = (character: string): boolean => {
  const code = character.codePointAt(0)!;
  return UNSEEN.some(([first, last]) => first <= code && code <= last);
};
const unseen = fc
  .constantFrom(...UNSEEN.filter(([first]) => first !== 0xd800))
  .chain(([first, last]) => fc.integer({ min: first, max: last }))
  .map((code) => String.fromCodePoint(code));
const text = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), unseen, fc.constantFrom('\ud800', '\udfff', '\ud83d\ude80')))
  .map((parts) => parts.join(''));

describe('text that others wrote', () => {
  it('has nothing in it that acts on a terminal, or that its reader does not see', () => {
    fc.assert(
      fc.property(text, (written) => {
        expect([...printable(written)].filter(isUnseen)).toEqual([]);
        expect([...printableLines(written)].filter((one) => isUnseen(one) && !'\n\t'.includes(one))).toEqual([]);
        expect(printable(printable(written))).toBe(printable(written));
      }),
    );
  });

  it('is unchanged where all of it is seen', () => {
    const seen = fc.string({ unit: 'grapheme' }).filter((one) => !/[\p{Cf}]/u.test(one) && ![...one].some(isUnseen));
    fc.assert(fc.property(seen, (written) => expect(printable(written)).toBe(written)));
    for (const written of ['Übergabe №7 – 終了', 'مرحبا', '🚀👍🏽🇪🇺☂️', 'C:\\temp "x"'])
      expect([printable(written), printableLines(written)]).toEqual([written, written]);
  });

  it('shows what was hidden in it', () => {
    expect(printable('\x1b[2Jid\u202e\x9b\n\ud800')).toBe('\\u001b[2Jid\\u202e\\u009b\\u000a\\ud800');
    expect(printableLines('a\tb\nc\rd')).toBe('a\tb\nc\\u000dd');
    expect(printable('👩\u200d💻')).toBe('👩\\u200d💻');
    expect(printable('\u{e0041}')).toBe('\\udb40\\udc41'); // a tag: text that no screen shows
  });

  it('as JSON is the same JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), text, (value, written) => {
        const json = JSON.stringify({ [written]: [written, value] });
        expect(JSON.parse(printable(json))).toEqual(JSON.parse(json));
        expect([...printable(json)].filter(isUnseen)).toEqual([]);
      }),
    );
  });
});
