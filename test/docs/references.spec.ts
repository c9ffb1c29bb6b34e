import { expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/checkout.js';

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
