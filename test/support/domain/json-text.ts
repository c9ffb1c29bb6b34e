import fc from 'fast-check';

/** Any string of UTF-16 code units, halves of surrogate pairs and NUL among them. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('\0', '\ud800', '\udc00', '\\', 'u0000', '"', '{', '💥', 'a'), maxLength: 8 }),
);

const digits = (min: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: 40 });
const odd = fc.constantFrom(...'13579');
/** Numbers of more digits than a double has; an odd one at the end, so that none is a double after all. */
const longNumbers: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(odd, digits(18), odd).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('0.', '-7.'), odd, digits(18), odd).map((parts) => parts.join('')),
  fc.tuple(odd, fc.constantFrom('e400', 'e-400', 'E+999')).map((parts) => parts.join('')),
);
const doubles = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((number) => JSON.stringify(Object.is(number, -0) ? 0 : number));

const keys = fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', 'isLosslessNumber', 'value', 'toJSON', ''));
/** A key that looks like an array's index comes first in every object of the language; here none does. */
const isIndex = (key: string): boolean => /^\d+$/.test(key);

/** JSON as text, in the form in which the ledger gives it back: no blanks, no key twice. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom('null', 'true', 'false'),
      doubles,
      longNumbers,
      anyText.map((text) => JSON.stringify(text)),
    ),
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join()}]`),
    fc
      .uniqueArray(fc.tuple(keys, tie('json')), { selector: ([key]) => key, maxLength: 4 })
      .map((members) => members.filter(([key]) => !isIndex(key)))
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
  ),
})).json;
