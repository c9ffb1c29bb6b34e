import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { EVENT_SCHEMAS } from '../../src/event-store/codec.js';
import { WORDS } from '../../src/domain/words.js';

it('docs/semantics.md prints the status words as they are read', async () => {
  const page = await readFile(new URL('../../docs/semantics.md', import.meta.url), 'utf8');
  const [section] = page.split(/^### /m).filter((part) => part.startsWith('Statuses\n'));
  const [, list] = section!.split(/^Is read as:\n\n/m);
  const printed = list!.slice(0, list!.indexOf('\n\n')).replaceAll('\n  ', ' ').split('\n');
  expect(printed).toEqual(
    WORDS.map(({ status, reason, doubt, words }) => {
      const readAs = `${status === undefined ? 'no status: news' : `\`${status}\``}${doubt ? ' in doubt' : ''}${reason ? ', the word as reason' : ''}`;
      return `- ${readAs}: ${words.map((word) => `\`${word}\``).join(' ')}`;
    }),
  );
});

it('docs/semantics.md has a row for each type of event', async () => {
  const page = await readFile(new URL('../../docs/semantics.md', import.meta.url), 'utf8');
  const [, section] = page.split('\n### Event types\n');
  const rows = section!.slice(0, section!.indexOf('\n#')).match(/(?<=^\| `)\w+/gm);
  expect(rows?.toSorted()).toEqual(Object.keys(EVENT_SCHEMAS).toSorted());
});
