import type { RE2JS } from 're2js';
import type { Stint } from '../event-loop.js';
import { REDACTED } from './rules.js';

/** How much of a text is looked through at once, in characters: to find where a pattern matches takes 1 µs for each. */
const PIECE = 24 * 1024;
/** A match is found wherever it lies that is no longer than this. */
const OVERLAP = 8 * 1024;

type Range = readonly [from: number, to: number];

interface Piece {
  readonly from: number;
  readonly to: number;
  /** What begins from here on is found in the next piece. */
  readonly next: number;
}

function* piecesOf({ length }: string): Generator<Piece> {
  for (let from = 0; ; from += PIECE - OVERLAP) {
    const to = Math.min(from + PIECE, length);
    yield { from, to, next: to === length ? length : from + PIECE - OVERLAP };
    if (to === length) return;
  }
}

/** Where the pattern matches in a piece of the text. */
function* matches(pattern: RE2JS, text: string, { from, to, next }: Piece): Generator<Range> {
  // With the character before it, so that a word or a line begins where it does.
  const before = from > 0 ? 1 : 0;
  const slice = text.slice(from - before, to);
  if (!pattern.test(slice)) return;
  const matcher = pattern.matcher(slice);
  for (let found = matcher.find(before); found; found = matcher.find()) {
    const start = from - before + matcher.start();
    if (start >= next) return;
    if (matcher.end() > matcher.start()) yield [start, from - before + matcher.end()];
  }
}

/** The text with each of these replaced; what overlaps is replaced together. */
function replaced(text: string, ranges: readonly Range[]): string {
  let result = '';
  let end = 0;
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (from >= end) result += text.slice(end, from) + REDACTED;
    end = Math.max(end, to);
  }
  return result + text.slice(end);
}

/** The text without what the patterns match; they all see it as it came. */
export async function redactText(text: string, patterns: readonly RE2JS[], stint: Stint): Promise<string> {
  // Most texts are short and hold nothing.
  const those = text.length > PIECE ? patterns : patterns.filter((pattern) => pattern.test(text));
  if (stint.isOver) await stint.next();
  const ranges: Range[] = [];
  for (const pattern of those) {
    for (const piece of piecesOf(text)) {
      ranges.push(...matches(pattern, text, piece));
      if (stint.isOver) await stint.next();
    }
  }
  return ranges.length === 0 ? text : replaced(text, ranges);
}
