import { printableLines } from '../printable.js';

/** Where something is told: a terminal, or a file that one is shown on some day. */
export interface Screen {
  write(text: string): unknown;
}

/** Tells it in lines of its own. The one way out for text, so that no value acts on the terminal; JSON stays the same JSON. */
export const tell = (screen: Screen, text: string): void => void screen.write(`${printableLines(text)}\n`);

/** Tells whoever looks on, beside what was asked for. */
export const say = (text: string): void => tell(process.stderr, text);

/** The colours that `styleText` writes, and nothing else that acts on a terminal. */
export const COLOUR = /(\x1b\[\d{1,2}m)/g;

/**
 * Tells text with colours of the ledger's own. Whatever else acts on the terminal is shown and does nothing, so that a value
 * that nobody made printable cannot move the cursor; values are made printable before they are coloured, or they would colour.
 */
export const tellColoured = (screen: Screen, text: string): void =>
  void screen.write(
    `${text
      .split(COLOUR)
      .map((part, at) => (at % 2 ? part : printableLines(part)))
      .join('')}\n`,
  );
