import { JsonMeasure } from '../../src/encoding/json-measure.js';
import { decodeText, encodeText, parseJson, stringifyJson, weigh } from '../../src/encoding/json.js';

const roundTrip = (text: string): string => stringifyJson(parseJson(text));

describe('§2 payloads are lossless', () => {
  test.each([
    '{"a":12345678901234567890}',
    '[0.1234567890123456789,1e400,-1e-400]',
    '12345678901234567890',
    '{"a":"\\u0000","b":"\\ud800","c":"\\udc00x"}',
    '{"__proto__":{"x":12345678901234567890},"constructor":1}',
    '{"isLosslessNumber":true,"value":"9"}',
    '{"b":"1e5, 12345678901234567890"}',
    '[]',
    'null',
  ])('%s comes back as it went in', (text) => expect(roundTrip(text)).toBe(text));

  test('of a key that stands twice the last counts, with and without long numbers', () => {
    expect(roundTrip('{"a":1,"a":2}')).toBe('{"a":2}');
    expect(roundTrip('{"a":1,"a":12345678901234567890}')).toBe('{"a":12345678901234567890}');
  });

  test.each([
    '{',
    '',
    '{"a":01}',
    '{"a":12345678901234567890,}',
    'nul',
    '{12345678901234567890:1}',
    '{12345678901234567890 :1}',
    '[012345678901234567890]',
    '[1234567890123456.7890.1]',
    '[.12345678901234567890]',
    '[12345678901234567890.]',
    '[+12345678901234567890]',
    '[--12345678901234567890]',
    '[1e]',
    '[12345678901234567890e5e5]',
    '["a"12345678901234567890]',
  ])('%j is no JSON, and what is said shows nothing but the text', (text) => {
    const reasonOf = (parse: (text: string) => unknown): unknown => {
      try {
        return parse(text);
      } catch (error) {
        return error;
      }
    };
    expect(reasonOf(parseJson)).toEqual(reasonOf(JSON.parse));
    expect(reasonOf(parseJson)).toBeInstanceOf(SyntaxError);
  });

  test('nesting has a bound that brackets in strings do not count towards', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(roundTrip(nested(500))).toBe(nested(500));
    expect(() => parseJson(nested(501))).toThrow('nested deeper than 500 levels');
    const quoted = JSON.stringify({ a: `\\"${'['.repeat(2000)}` });
    expect(roundTrip(quoted)).toBe(quoted);
    expect(() => parseJson(`{"a":"\\\\",${'"b":['.repeat(600)}`)).toThrow('nested deeper');
  });
});

describe('text columns take any text', () => {
  test('ordinary text is its own encoding, and a prefix stays one', () => {
    expect(encodeText('größe/1 😀')).toBe('größe/1 😀');
    expect(encodeText('a\\b\0c').startsWith(encodeText('a\\b'))).toBe(true);
  });
});

test('text that looks escaped comes back as it was', () => {
  expect(decodeText(encodeText('\\u0041\0'))).toBe('\\u0041\0');
});

test('the estimate of a size grows with what is held', () => {
  expect(weigh({ a: 'x'.repeat(1000) })).toBeGreaterThan(weigh({ a: 'x' }) + 1900);
  expect(weigh([1, 2, 3])).toBeGreaterThan(weigh([1]));
});

test('keys count as values, and so does every fifth digit: both cost as much', () => {
  const valuesOf = (value: unknown): number => {
    const bytes = Buffer.from(JSON.stringify(value));
    const measure = new JsonMeasure();
    measure.scan(bytes, 0, bytes.length);
    return measure.values;
  };
  expect(valuesOf(Array(100).fill(0))).toBe(1 + 100 + 20);
  expect(valuesOf({ a: '1:2', b: 'x' })).toBe(1 + 2 + 2);
  expect(valuesOf([12_345, 67_890])).toBe(1 + 2 + 2);
});
