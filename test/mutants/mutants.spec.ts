import { access, readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { mutated, MUTANTS } from './mutants.js';

const ROOT = new URL('../../', import.meta.url);

it.each(MUTANTS)('the line that it breaks and the test that is to notice exist: $name', async (mutant) => {
  const source = await readFile(new URL(mutant.file, ROOT), 'utf8');
  expect(mutated(source, mutant)).not.toBe(source);
  await access(new URL(mutant.spec, ROOT));
  expect(mutant.test).not.toBe('');
});

it('every mutant has a name of its own, and there are enough of them', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  expect(MUTANTS.length).toBeGreaterThanOrEqual(60);
});
