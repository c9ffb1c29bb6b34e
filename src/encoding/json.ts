import { isSafeNumber } from 'lossless-json';
import { LongNumber, type Json } from '../domain/json.js';
import { MAX_DEPTH, TOO_DEEP } from './json-measure.js';

/** A number token that a double may not give back: 16 digits or more, or an exponent. May match inside a string: only slower. */
const LONG_NUMBER = /[[:,\s]-?\d(?:[\d.]{15}|[\d.]*[eE])/;
/** The same where it is all there is. */
const ALL_LONG_NUMBER = /^-?\d(?:[\d.]{15}|[\d.]*[eE])/;

/** So many digits. */
const LONG = 16;

/** How a string begins that stands for a number's digits. Nobody can guess it, so no other string begins so. */
const MARK = `${crypto.randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');

/** A long number as it is written. The platform reads and writes it as a marked string: a walk over all values takes several times as long. */
class Digits extends LongNumber {
  toJSON(): string {
    return MARK + this.digits;
  }
}

// Messages of schemas tell what they were given by its name, and this one is nobody's business.
Object.defineProperty(Digits, 'name', { value: 'number' });

/** A whole number token that is a value: no key, which a string in its place would be taken for. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![-+.\deE])(?!\s*:)/y;

/**
 * Parses JSON without losing a digit (docs/semantics.md §2): a number that a double cannot hold becomes an object that keeps
 * its digits.
 * @throws SyntaxError on text that is not JSON, or nests too deep.
 */
export function parseJson(text: string): Json {
  const marked = mayHoldLongNumber(text) ? markLongNumbers(text) : text;
  if (marked === text) return JSON.parse(text) as Json;
  try {
    return unmarked(JSON.parse(marked) as Json);
  } catch (error) {
    JSON.parse(text); // tells of the text as it came, without marks
    throw error;
  }
}

/** The value with its marked strings as numbers again; made in its place. A reviver of the platform takes three times as long. */
function unmarked(value: Json): Json {
  if (typeof value === 'string') return value.startsWith(MARK) ? new Digits(value.slice(MARK.length)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, Json>;
  for (const key of Object.keys(members)) {
    const member = members[key]!;
    const is = unmarked(member);
    if (is !== member) members[key] = is;
  }
  return value;
}

const mayHoldLongNumber = (text: string): boolean =>
  text.length >= 2 * MAX_DEPTH || LONG_NUMBER.test(text) || ALL_LONG_NUMBER.test(text);

/** The text with each number that a double cannot hold as a marked string of its digits. @throws SyntaxError where it nests too deep */
function markLongNumbers(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  let depth = 0;
  let digits = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code <= 0x39 && code >= 0x30) || code === 0x2e) {
      digits++;
      continue;
    }
    if (digits >= LONG || (digits > 0 && (code === 0x45 || code === 0x65))) {
      const begin = i - digits;
      const at = text.charCodeAt(begin - 1) === 0x2d ? begin - 1 : begin;
      NUMBER.lastIndex = at;
      const [token] = NUMBER.exec(text) ?? [];
      if (token !== undefined && !isSafeNumber(token)) {
        pieces.push(text.slice(from, at), `"${MARK}${token}"`);
        from = at + token.length;
      }
    }
    digits = 0;
    // Strings are passed over, which a pattern cannot: they are most of what is large.
    if (code === 0x22) i = endOfString(text, i);
    else if (code === 0x5b || code === 0x7b) depth++;
    else if (code === 0x5d || code === 0x7d) depth--;
    if (depth > MAX_DEPTH) throw new SyntaxError(TOO_DEEP);
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(from);
}

/** The place of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

/** The inverse of {@link parseJson}. Lone surrogates and NUL leave as escapes, so the text is pure Unicode. */
export function stringifyJson(value: Json): string {
  const text = JSON.stringify(value);
  return text.includes(MARK) ? text.replace(MARKED, '$1') : text;
}

const ESCAPED = /[\\\0\ud800-\udfff]/;
const TO_ESCAPE = /\\|\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const TO_UNESCAPE = /\\(?:\\|u([0-9a-f]{4}))/g;

/**
 * Any string as text that every database takes and gives back unchanged: NUL and lone surrogates (and the backslash
 * that announces them) are escaped. Equal strings have equal encodings, and a prefix's is a prefix of the whole's.
 */
export const encodeText = (text: string): string =>
  ESCAPED.test(text)
    ? text.replace(TO_ESCAPE, (c) => (c === '\\' ? '\\\\' : '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0')))
    : text;

/** The inverse of {@link encodeText}. */
export const decodeText = (encoded: string): string =>
  encoded.includes('\\')
    ? encoded.replace(TO_UNESCAPE, (_, hex: string | undefined) =>
        hex === undefined ? '\\' : String.fromCharCode(parseInt(hex, 16)),
      )
    : encoded;

/** What an object, a key or a number costs beside its text, in bytes. */
const SLOT = 16;

/** The estimated size of a value in memory, in bytes: what caches are bounded by. */
export function weigh(value: Json): number {
  if (typeof value === 'string') return SLOT + value.length * 2;
  if (typeof value !== 'object' || value === null) return SLOT;
  let sum = SLOT;
  for (const key in value) {
    const member = (value as Record<string, Json>)[key];
    if (member !== undefined) sum += SLOT + weigh(member);
  }
  return sum;
}
