import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { environmentHelp } from '../src/environment-help.js';
import { VARIABLES } from '../src/variables.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('every environment variable stands in the help and in the README, in a line of its own', () => {
  const help = environmentHelp();
  const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
  for (const { name } of Object.values(VARIABLES)) {
    expect(help).toMatch(new RegExp(`^  ${name} {2,}\\S`, 'm'));
    expect(rows.filter((row) => row.split('|')[1]!.includes(`\`${name}\``))).toHaveLength(1);
  }
});

it('no line of the help is wider than a terminal of 100 columns', () => {
  for (const line of environmentHelp().split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});
