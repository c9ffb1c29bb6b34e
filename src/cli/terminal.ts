import { printableLines } from '../printable.js';

/** Where something is told: a terminal, or a file that one is shown on some day. */
export interface Screen {
  write(text: string): unknown;
}

/** Tells it in lines of its own. The one way out for text, so that no value acts on the terminal; JSON stays the same JSON. */
export const tell = (screen: Screen, text: string): void => void screen.write(`${printableLines(text)}\n`);

/** Tells whoever looks on, beside what was asked for. */
export const say = (text: string): void => tell(process.stderr, text);
