import { clearLine, cursorTo } from 'node:readline';
import { printable } from '../../../printable.js';
import { tell } from '../../terminal.js';
import type { PlayProgress } from './play.js';

/** How often a line is drawn anew on a terminal, and how often one is written elsewhere, in milliseconds. */
const DRAWN_MS = 250;
const WRITTEN_MS = 10_000;

const number = (value: number): string => value.toLocaleString('en-US');

/** How far a play is, in a line. */
const lineOf = ({ sent, applied, refused, underWay }: PlayProgress): string =>
  `${number(sent)} sent, ${number(applied)} applied, ${number(refused)} refused, ${number(underWay)} stories under way`;

/** Shows how far a play is: by one line that changes on a terminal, elsewhere by a line now and then. */
export function showPlay(screen: NodeJS.WriteStream): {
  show: (played: PlayProgress) => void;
  end: (played: PlayProgress) => void;
} {
  const { isTTY: drawn } = screen;
  let shownAt = performance.now();
  return {
    show: (played) => {
      const now = performance.now();
      if (now - shownAt < (drawn ? DRAWN_MS : WRITTEN_MS)) return;
      shownAt = now;
      if (!drawn) return tell(screen, lineOf(played));
      cursorTo(screen, 0);
      screen.write(printable(lineOf(played)));
      clearLine(screen, 1);
    },
    end: (played) => {
      if (drawn) {
        cursorTo(screen, 0);
        clearLine(screen, 1);
      }
      tell(screen, lineOf(played));
    },
  };
}
