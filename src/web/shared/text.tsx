import { printable } from '../../printable.js';

/** How much of one text a page shows where it stands among others, in characters. */
const MOST = 2_000;

/** Text of a producer as it may be shown: what would act on it or hide in it is written out, and a giant is cut. */
export function safe(text: string, most = MOST): string {
  const shown = printable(text.length > most ? text.slice(0, most) : text);
  return text.length > most ? `${shown}…` : shown;
}

/** Text of a producer. Its direction is its own: a right-to-left word does not turn what stands around it. */
export function Text({ children, most }: { readonly children: string; readonly most?: number }) {
  return <bdi>{safe(children, most)}</bdi>;
}
