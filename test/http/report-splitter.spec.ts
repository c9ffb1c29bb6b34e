import fc from 'fast-check';
import { ElementSplitter, LineSplitter, type RawReport } from '../../src/http/report-splitter.js';

const LIMIT = 1_000;

/** As it arrives in pieces of these lengths. */
function split(splitter: LineSplitter | ElementSplitter, text: string, lengths: readonly number[]) {
  const body = Buffer.from(text);
  for (let at = 0, n = 0; at < body.length; n++) {
    const length = lengths.length === 0 ? body.length : lengths[n % lengths.length]!;
    splitter.add(body.subarray(at, at + length));
    at += length;
  }
  splitter.end();
  return splitter.reports;
}
const shown = (reports: readonly RawReport[]) => reports.map(({ line, bytes }) => [line, JSON.parse(bytes.toString())]);
const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 });
const values = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 12 });
const blanks = fc.constantFrom('', ' ', '\t ', '\r');

it('a JSON array comes apart into its elements, however it arrives', () => {
  fc.assert(
    fc.property(values, pieces, fc.constantFrom(0, 1, 7), (elements, lengths, indent) => {
      const text = ` ${JSON.stringify(elements, null, indent)}\n`;
      expect(shown(split(new ElementSplitter(1e6), text, lengths))).toEqual(
        elements.map((element, n) => [n + 1, JSON.parse(JSON.stringify(element))]),
      );
    }),
  );
});

it('lines come apart at newlines, blank ones counted, however they arrive', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.option(fc.jsonValue()), blanks), { maxLength: 12 }), pieces, (all, lengths) => {
      const text = all.map(([value, blank]) => (value === null ? blank : JSON.stringify(value) + blank)).join('\n');
      const expected = all.flatMap(([value], n) =>
        value === null ? [] : [[n + 1, JSON.parse(JSON.stringify(value))] as const],
      );
      expect(shown(split(new LineSplitter(1e6), text, lengths))).toEqual(expected);
    }),
  );
});

it.each([
  ['1', 'array'],
  ['{"a":1}', 'array'],
  ['', 'no body'],
  ['  ', 'no body'],
  ['[1', 'does not end'],
  ['["a]', 'does not end'],
  ['[1,]', 'element 2 is missing'],
  ['[,1]', 'element 1 is missing'],
  ['[1] 2', 'something follows'],
])('%s is no array of reports: %s', (text, why) => {
  expect(() => split(new ElementSplitter(LIMIT), text, [1])).toThrow(why);
});

it.each([
  ['too large', `"${'x'.repeat(LIMIT - 1)}"`, `is larger than ${LIMIT} bytes`],
  ['too deep', '['.repeat(501).slice(0, LIMIT), 'nested deeper than 500 levels'],
])('one that is %s is flawed, spoils no other, and nothing of it is kept', (_what, text, flaw) => {
  const lines = new LineSplitter(LIMIT);
  const reports = split(lines, `1\n${text}\n2`, [7]);
  expect(reports.map(({ line, bytes, flaw }) => [line, bytes.toString(), flaw])).toEqual([
    [1, '1', undefined],
    [2, '', flaw],
    [3, '2', undefined],
  ]);
});

it('what is refused for its size, depth or width holds no memory, however long it goes on', () => {
  const chunk = Buffer.alloc(64 * 1024, '[');
  const array = new ElementSplitter(LIMIT);
  for (let n = 0; n < 200; n++) array.add(chunk);
  expect(array.held).toBeLessThan(8 * LIMIT);
});

it('one newline or element too many ends the reading at once', () => {
  expect(() => new LineSplitter(LIMIT).add(Buffer.alloc(100_000, '\n'))).toThrow('100000 lines');
  expect(() => new ElementSplitter(LIMIT).add(Buffer.from(`[${'0,'.repeat(10_001)}`))).toThrow('10000 reports');
  expect(() => new LineSplitter(LIMIT).add(Buffer.from('0\n'.repeat(10_001)))).toThrow('10000 reports');
});
