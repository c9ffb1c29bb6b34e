import { expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
];
const textOf = (page: string): string => readFileSync(path.join(root, page), 'utf8').replace(/^```.*?^```/gms, '');

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (page: string): Set<string> =>
  new Set(
    [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

it.each(pages)('%s links to pages and headings that are there', (page) => {
  const broken = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
    if (/^[a-z]+:/.test(link!)) return [];
    const [file, anchor] = link!.split('#') as [string, string?];
    const target = file === '' ? page : path.join(path.dirname(page), file);
    if (!existsSync(path.join(root, target))) return [link];
    return anchor === undefined || anchorsOf(target).has(anchor) ? [] : [link];
  });
  expect(broken).toEqual([]);
});

/** What a cell of a table may hold, in characters: more is a paragraph or a list. */
const MOST = 200;

it.each(pages)('%s has no cell that nobody reads to its end', (page) => {
  const lines = textOf(page).match(/^\|.*\|$/gm) ?? [];
  const cells = lines.flatMap((line) => line.split(/(?<!\\)\|/)).map((cell) => cell.trim());
  expect(cells.filter((cell) => cell.length > MOST && !/^-+$/.test(cell))).toEqual([]);
});
