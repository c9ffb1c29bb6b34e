import { hash } from 'node:crypto';

/** How much of a text is looked up by: an index entry has a bound, a producer's text has none. */
export const INDEXED_LENGTH = 255;
/** How much of a longer text stays readable. With its digest it is longer than any text that is kept whole, so that none is taken for it. */
const READABLE_LENGTH = 192;

/** A text that an index holds whole: a long one by its beginning and its digest. Texts that differ stay different. */
export function shortText(text: string): string {
  if (text.length < INDEXED_LENGTH) return text;
  const beginning = text.slice(0, READABLE_LENGTH).replace(/[\ud800-\udbff]$/, ''); // half a character is none
  return `${beginning}#${hash('sha256', text, 'hex')}`;
}

/** How much of a text is searched, in UTF-16 units: each word of more would be one of its index's entries. */
const SEARCHED_LENGTH = 1_000;

/** A text as it is searched, and what is searched for: without regard to case, its beginning only. */
export const searchText = (text: string): string =>
  text
    .slice(0, SEARCHED_LENGTH)
    .toLowerCase()
    .replace(/[\0\p{Cs}]/gu, '\ufffd');
