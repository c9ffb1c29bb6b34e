/**
 * What a reader does not see, or what acts on the screen instead of standing on it: control characters (C0, DEL, C1), format
 * characters (bidirectional controls, zero-width ones, tags), line and paragraph separators, lone surrogates. Emoji that are
 * joined out of several come apart, for the joiner is one of them: `👩\u200d💻` is still read, and `ad\u200dmin` is found out.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const UNSEEN_IN_LINES = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A character by its code units, as JSON escapes it. */
export const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');

/**
 * Text that others wrote, as it may stand within a line: what is not seen of it is shown as `\u202e`, line feeds included, or
 * an id would write lines of its own and colour, hide or reverse those of the ledger. All else is unchanged. JSON stays the
 * same JSON, since its own escapes are written so.
 */
export const printable = (text: string): string => text.replace(UNSEEN, escaped);

/** The same of text in lines, whose line feeds and tabs are its layout. */
export const printableLines = (text: string): string => text.replace(UNSEEN_IN_LINES, escaped);
