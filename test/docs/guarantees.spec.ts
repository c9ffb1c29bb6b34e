import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from '@jest/globals';

const ROOT = new URL('../../', import.meta.url);
/** A promise, and the tests that hold it: `file` “name”. */
const HELD = /`(?<file>test\/[^`]+\.ts)` “(?<name>[^”]+)”/g;

let promises: string[];
beforeAll(async () => {
  const page = await readFile(new URL('docs/guarantees.md', ROOT), 'utf8');
  promises = page.split(/^(?=- |#)/m).filter((part) => part.startsWith('- '));
});

it('every promise names a test', () => {
  expect(promises.length).toBeGreaterThan(60);
  expect(promises.filter((promise) => promise.match(HELD) === null)).toEqual([]);
});

it('every test that is named exists, by that name', async () => {
  const named = promises.flatMap((promise) => [...promise.matchAll(HELD)].map(({ groups }) => groups!));
  const missing: string[] = [];
  for (const { file, name } of named) {
    const source = await readFile(new URL(file!, ROOT), 'utf8').catch(() => '');
    const title = name!.replace(/\s+/g, ' ');
    if (!["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`)))
      missing.push(`${file}: ${title}`);
  }
  expect(missing).toEqual([]);
});
