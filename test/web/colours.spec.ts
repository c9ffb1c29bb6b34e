import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import {
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  parse,
  wcagContrast,
} from 'culori';

const css = readFileSync(new URL('../../src/web/styles/tokens.css', import.meta.url), 'utf8');
/** A colour of any space: the union of the library's own types is more than the compiler compares. */
type Shade = Parameters<typeof wcagContrast>[0];
type Eye = (seen: Shade) => Shade;

/** The colours of the pages by name: in light, and in dark. */
const TOKENS = Object.fromEntries(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)].map(([, name, light, dark]) => [
    name!,
    { light: light!, dark: dark! },
  ]),
);
const THEMES = ['light', 'dark'] as const;
const colour = (name: string, theme: (typeof THEMES)[number]): Shade => parse(TOKENS[name]![theme])!;

/** One for each kind of status; statuses that share one have glyphs and words of their own. */
const OF_STATUSES = ['ok', 'bad', 'late', 'run', 'wait', 'mute'];
const EYES: Readonly<Record<string, Eye>> = {
  'all colours': (seen) => seen,
  'no red': filterDeficiencyProt(1) as Eye,
  'no green': filterDeficiencyDeuter(1) as Eye,
  'no blue': filterDeficiencyTrit(1) as Eye,
};
const APART = 10;
const distance: (one: Shade, other: Shade) => number = differenceCiede2000();

it.each(THEMES.flatMap((theme) => Object.keys(EYES).map((eye) => [eye, theme] as const)))(
  'the colours of statuses are apart for every eye (%s, %s)',
  (eye, theme) => {
    const seen = OF_STATUSES.map((name) => [name, EYES[eye]!(colour(name, theme))] as const);
    const near = seen.flatMap(([name, one], at) =>
      seen
        .slice(at + 1)
        .map(([other, another]) => [name, other, Math.round(distance(one, another) * 10) / 10] as const)
        .filter(([, , apart]) => apart < APART),
    );
    expect(near).toEqual([]);
  },
);

/** WCAG 2.2, 1.4.3: text of ordinary size. */
const READABLE = 4.5;

it.each(THEMES)('text is read on its ground (%s)', (theme) => {
  const pairs = [
    ...['ink', 'ink-2', 'ink-3', ...OF_STATUSES].flatMap((text) =>
      ['sheet', 'ground', 'sunk'].map((ground) => [text, ground]),
    ),
    ...OF_STATUSES.map((name) => [name, `${name}-soft`]),
    ['ink', 'accent-soft'],
    ['ground', 'ink'],
    ['ground', 'accent'],
  ];
  const faint = pairs
    .map(([text, ground]) => [
      text,
      ground,
      Math.round(wcagContrast(colour(text!, theme), colour(ground!, theme)) * 100) / 100,
    ])
    .filter(([, , contrast]) => (contrast as number) < READABLE);
  expect(faint).toEqual([]);
});
