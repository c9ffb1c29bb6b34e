import { z } from 'zod';
import { isStatus, type Status } from './domain/status.js';
import { foldWord } from './domain/words.js';

/** Between the entries of a variable that holds several. */
export const NEW_ENTRY = /\s*,\s*/;

/** What is wrong about an entry of `STATUS_WORDS`, if anything is. */
function wrongWord(
  [word = '', status = '', ...rest]: readonly string[],
  taken: ReadonlySet<string>,
): string | undefined {
  if (rest.length > 0 || status === '') return 'is not of the form word=status';
  if (foldWord(word) === '') return 'has no word';
  if (!isStatus(status)) return `names no status: ${JSON.stringify(status)}`;
  if (isStatus(foldWord(word))) return 'would read a word of the ledger itself otherwise';
  return taken.has(foldWord(word)) ? 'is the second about its word' : undefined;
}

/** `word=status, …`: words that producers use beyond the table, or otherwise than it says. */
export const statusWords = z.string().transform((text, context) => {
  const words = new Map<string, Status>();
  for (const entry of text.trim().split(NEW_ENTRY)) {
    const parts = entry.split('=').map((part) => part.trim());
    const wrong = wrongWord(parts, new Set([...words.keys()].map(foldWord)));
    if (wrong) context.addIssue({ code: 'custom', message: `${JSON.stringify(entry)} ${wrong}` });
    else words.set(parts[0]!, parts[1] as Status);
  }
  return words as ReadonlyMap<string, Status>;
});
