import fc from 'fast-check';

/** A number as JSON has it and a double has not: its digits go into the text as they stand. */
const digits = (text: string): string => `@@${text}@@`;
/** A value as JSON text; undefined for one that JSON has not. */
export const textOf = (body: unknown): string | undefined => JSON.stringify(body)?.replace(/"@@([^"@]*)@@"/g, '$1');

const nested = (depth: number, open: string, close: string): unknown =>
  JSON.parse(open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth));
export const TEXTS = [
  ...[
    '',
    ' ',
    '\0',
    '\ud800',
    'a\\b',
    '.',
    '..',
    '~3',
    'x~0',
    'x~2',
    'x'.repeat(256),
    'x'.repeat(5_000),
    '🦄'.repeat(200),
  ],
  ...[
    '2026-01-31T12:00:00Z',
    '9999-12-31T23:59:59-05:00',
    '0001-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.000Z',
    'NaN',
  ],
  ...[
    'running',
    'Succeeded',
    'paused',
    'true',
    '1',
    '-1',
    '1e9',
    '99999999999999999999',
    "'; drop table x --",
    '${x}',
    '%00',
  ],
];
/** Of any code units, halves of pairs among them; the library's own takes seconds to make its first. */
const anyText = fc
  .array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff)), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));

/** Any value that may stand in a field: every type of JSON, odd ones, deep ones, wide ones. */
export const values: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -0, -1, 1, 7, 1.5, 2 ** 31, 2 ** 53, 1e21, 1e308),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...['1e400', '9007199254740993', '-0', '0.1e-400', '1' + '0'.repeat(400)].map(digits)),
  },
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: anyText },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      [],
      {},
      [null],
      { a: 1 },
      { '': '' },
      [[]],
      nested(60, '[', ']'),
      nested(400, '{"a":', '}'),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(Array(2_000).fill(0), Object.fromEntries(TEXTS.map((text) => [text, text]))),
  },
);

const wide = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key-${n}`, n]));
/** As large as is taken, or somewhat larger. */
export const large: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  'x'.repeat(300_000),
  'x'.repeat(1_100_000),
  '\0'.repeat(100_000),
  Array(19_000).fill(0),
  Array(21_000).fill(0),
  Array.from({ length: 9_000 }, () => ({})),
  wide(9_000),
  wide(21_000),
  nested(490, '{"a":', '}'),
  nested(600, '[', ']'),
);
