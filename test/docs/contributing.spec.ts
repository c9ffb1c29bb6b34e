import { expect, it } from '@jest/globals';
import { textOf } from '../support/process/checkout.js';

const { engines, scripts } = JSON.parse(await textOf('package.json')) as Record<string, Record<string, string>>;

it('CONTRIBUTING.md names scripts that package.json has', async () => {
  const named = [...(await textOf('CONTRIBUTING.md')).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !Object.hasOwn(scripts!, name))).toEqual([]);
});

it('.nvmrc, README.md and CONTRIBUTING.md name the Node.js that package.json wants', async () => {
  const least = engines!['node']!.replace('>=', '');
  expect(await textOf('.nvmrc')).toBe(`${least}\n`);
  for (const page of ['README.md', 'CONTRIBUTING.md'])
    expect(await textOf(page)).toContain(`Node.js ${least} or newer`);
});
