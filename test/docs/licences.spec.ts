import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';

/** Licences under which a service may be run and passed on without further conditions than to name them. */
const ALLOWED = [
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'BlueOak-1.0.0',
  'Python-2.0',
  'Unlicense',
];

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly license?: string;
}

it('whatever runs in production is under a licence of the list', async () => {
  const lock = JSON.parse(await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8'));
  const packages = Object.entries<Locked>(lock.packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
  );
  expect(packages.length).toBeGreaterThan(100);
  const words = ({ license = 'none' }: Locked): string[] => license.replace(/[()]/g, '').split(/ (?:AND|OR) /);
  const others = packages.filter(([, one]) => !words(one).every((word) => ALLOWED.includes(word)));
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});
