import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { WORDS } from '../../src/domain/words.js';

it('docs/semantics.md prints the table of status words as it is', async () => {
  const page = await readFile(new URL('../../docs/semantics.md', import.meta.url), 'utf8');
  const [section] = page.split(/^## /m).filter((part) => part.startsWith('Statuses\n'));
  const [, table] = section!.split(/^\| Is read as .*\n.*\n/m);
  const rows = table!.slice(0, table!.indexOf('\n\n')).split('\n');
  const printed = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  expect(printed.map(([, readAs, words]) => [readAs, words])).toEqual(
    WORDS.map(({ status, reason, doubt, words }) => [
      `${status === undefined ? 'no status: news' : `\`${status}\``}${doubt ? ' in doubt' : ''}${reason ? ', the word as reason' : ''}`,
      words.map((word) => `\`${word}\``).join(' '),
    ]),
  );
});
