import { expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/process/checkout.js';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const filesOf = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => path.relative(ROOT, path.join(one.parentPath, one.name)));
const pages = [...readdirSync(ROOT), ...filesOf('docs')].filter((name) => name.endsWith('.md'));

/** A file or folder of the checkout in backticks; `*` and `…` stand for names. */
const PLACE = /`((?:src|projections|test|bench|docs)\/[^`\s*…]*)`/g;
/** What a page has its reader write. */
const WRITTEN = /`(projections\/[\w-]+\.ts)`[^`]*:\n\n```ts/g;

it.each(pages)('%s names files and folders that are there', (page) => {
  const text = read(page);
  const written = new Set([...text.matchAll(WRITTEN)].map(([, file]) => file));
  const named = [...text.matchAll(PLACE)].map(([, place]) => place!).filter((place) => !written.has(place));
  expect(named.filter((place) => !existsSync(path.join(ROOT, place)))).toEqual([]);
});

const SOURCES = ['src', 'projections', 'test', 'bench', 'bin', '.ci']
  .flatMap(filesOf)
  .filter((name) => /\.(?:ts|mjs|sql)$/.test(name) && name !== 'test/docs/references.spec.ts')
  // A reference may go on in the next line of its comment.
  .map((name) => [name, read(name).replace(/\n\s*(?:\*|\/\/) /g, ' ')] as const);

/** The references that a check finds wrong, with where they are. */
const wrong = (texts: readonly (readonly [string, string])[], check: (text: string) => readonly string[]): string[] =>
  texts.flatMap(([name, text]) => check(text).map((reference) => `${name}: ${reference}`));
const pageNamed = (name: string): string | undefined =>
  [name, `docs/${name}`].find((place) => existsSync(path.join(ROOT, place)));

it('every page that a comment cites is there', () => {
  const cited = (text: string): string[] =>
    [...text.matchAll(/(?<![\w/.*-])[a-z][\w/-]*\.md\b/gi)].map(([page]) => page).filter((page) => !pageNamed(page));
  expect(wrong(SOURCES, cited)).toEqual([]);
});

/** The numbers of a page's sections, and of the items of its lists of rules. */
function sectionsOf(page: string): Set<string> {
  const numbers = new Set<string>();
  let section = '';
  for (const line of read(page).split('\n')) {
    const heading = /^#+ (?:(\d+)\.|(\d+\.\d+)) /.exec(line);
    if (line.startsWith('## ')) section = heading?.[1] ?? '';
    const item = section === '7' ? /^(\d+)\. /.exec(line) : null;
    if (heading) numbers.add(heading[1] ?? heading[2]!);
    if (item) numbers.add(`${section}.${item[1]}`);
  }
  return numbers;
}

it('every § that code, tests and pages cite is a section of docs/semantics.md', () => {
  const sections = sectionsOf('docs/semantics.md');
  expect(sections).toEqual(new Set([...sections, '3', '3.0', '7.13']));
  // Three numbers, or RFC before it: a section of somebody else's document.
  const cited = (text: string): string[] =>
    [...text.matchAll(/(?<!RFC \d+ )§(\d+(?:\.\d+)*)/g)]
      .map(([, number]) => number!)
      .filter((number) => number.split('.').length < 3 && !sections.has(number));
  expect(wrong([...SOURCES, ...pages.map((page) => [page, read(page)] as const)], cited)).toEqual([]);
});

it('every heading that a comment cites behind its page is there', () => {
  const cited = (text: string): string[] =>
    [...text.matchAll(/\b(docs\/[\w/-]+\.md), "?([A-Z][\w ,'-]*)/g)]
      .filter(([, page, words]) => {
        const headings = read(page!).match(/(?<=^#+ ).*$/gm) ?? [];
        return !headings.some((heading) => words!.startsWith(heading) || heading.startsWith(words!));
      })
      .map(([reference]) => reference);
  expect(wrong(SOURCES, cited)).toEqual([]);
});

it('every decision that a comment or a page cites by number is there', () => {
  const decisions = filesOf('docs/decisions').map((name) => path.basename(name).slice(0, 4));
  const cited = (text: string): string[] =>
    [...text.matchAll(/\bdecisions\/(\d{4})|\bdecision (\d+)\b/gi)]
      .map(([, file, number]) => file ?? number!.padStart(4, '0'))
      .filter((number) => !decisions.includes(number));
  expect(wrong([...SOURCES, ...pages.map((page) => [page, read(page)] as const)], cited)).toEqual([]);
});
