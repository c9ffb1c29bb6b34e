import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { apiDocument, listOf, scopeEndpoints } from '../../src/composition/api-document.js';
import { PROJECTION_STATES, rebuildView, rollbackView, verifyView } from '../../src/contract/projections.js';

const SECTIONS = [
  ['Projections', PROJECTION_STATES],
  [
    'Rebuilding and verifying',
    [rebuildView, verifyView, rollbackView].flatMap(({ shape }) => shape.state.options as readonly string[]),
  ],
] as const;

it.each(SECTIONS)('%s: says of every state what it means and what to do', async (title, states) => {
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const [section] = page.split(/^## /m).filter((part) => part.startsWith(`${title}\n`));
  const rows = section!.split('\n').filter((line) => line.startsWith('| '));
  for (const state of new Set(states)) {
    const about = rows.map((row) => row.split('|')).filter(([, what]) => what!.includes(`\`${state}\``));
    expect([state, about.length]).not.toEqual([state, 0]);
    for (const [, , meaning, advice] of about)
      expect([state, meaning!.trim() !== '', state === 'live' || advice!.trim() !== '']).toEqual([state, true, true]);
  }
});

it('Keys: prints what each scope opens as the routes have it', async () => {
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  expect(page).toContain(`\n${listOf(scopeEndpoints(await apiDocument()))}\n`);
});
