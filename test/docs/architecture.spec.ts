import { expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/process/checkout.js';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const PAGE = 'docs/architecture.md';
const page = read(PAGE);
/** The cells of each row of the page's tables. */
const rows = (page.match(/^\|.*\|$/gm) ?? []).map((row) => row.split('|').slice(1, -1));

it('docs/architecture.md names in each row what stands in the file of that row', () => {
  const named = rows.flatMap((cells) => {
    const quoted = cells.slice(1).flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!));
    const [file] = quoted.filter((text) => /^(?:src|projections)\/.*\.\w+$/.test(text));
    const names = quoted.filter((text) => /^[A-Za-z_]+$/.test(text));
    return file === undefined ? [] : names.map((name) => [name, file] as const);
  });
  expect(named.length).toBeGreaterThan(50);
  const has = ([name, file]: readonly [string, string]): boolean => new RegExp(`\\b${name}\\b`).test(read(file));
  expect(named.filter((one) => !has(one))).toEqual([]);
});

it('docs/architecture.md names every folder of src', () => {
  const folders = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true }).filter((one) => one.isDirectory());
  expect(folders.map(({ name }) => `\`src/${name}/\``).filter((name) => !page.includes(name))).toEqual([]);
});

it('docs/architecture.md has the floors that the linter holds, top first', () => {
  const linted = [...read('.ci/eslint.config.mjs').matchAll(/rooms: \[(.*?)\]/g)].map(([, rooms]) =>
    [...rooms!.matchAll(/'([^']+)'/g)].map(([, room]) => room!).filter((room) => existsSync(path.join(ROOT, room))),
  );
  const [, section] = page.split('\n## The floors\n');
  const table = section!.split('\n## ')[0]!.match(/^\| \w+ +\| `.*$/gm)!;
  const shown = table.map((row) => [...row.split('|')[2]!.matchAll(/`([^`]+)\/`/g)].map(([, room]) => room!));
  expect(shown.map((rooms) => rooms.toSorted())).toEqual(linted.map((rooms) => rooms.toSorted()).toReversed());
});
