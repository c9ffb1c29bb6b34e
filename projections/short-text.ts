/** How much of a text is looked up by: an index entry has a bound, a producer's text has none. */
export const INDEXED_LENGTH = 255;

/** A text that an index holds whole: a long one by its beginning and a number that tells it from others like it. */
export const shortText = (text: string): string =>
  text.length <= INDEXED_LENGTH ? text : `${text.slice(0, INDEXED_LENGTH - 20)}#${checksum(text)}`;

/** FNV-1a over UTF-16 code units, 64 bits, in hexadecimal. */
function checksum(text: string): string {
  let sum = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) sum = BigInt.asUintN(64, (sum ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return sum.toString(16);
}
