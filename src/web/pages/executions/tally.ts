import type { components } from '../../../client/openapi.js';

export type Receipt = components['schemas']['BulkCommandReceipt'];
export type BulkVerb = 'cancel' | 'resume';

/** What an answer is called, by its verdict (docs/semantics.md §5, Verdicts, and what to do with them). */
const WORDS: Readonly<Record<string, string>> = {
  conflict: 'another outcome stands',
  duplicate: 'it stands so already',
  fenced: 'another attempt is the current one',
  not_resumable: 'nothing to resume',
  unknown_attempt: 'the attempt was never opened',
  id_reused: 'the command id belongs to another request',
  not_found: 'no such execution',
  forbidden: 'not allowed with this key',
  unavailable: 'could not be decided',
};

/** Answers that are the same: why, and how many. */
export interface Group {
  readonly verdict: string;
  readonly words: string;
  readonly count: number;
  /** Some of the executions, for who wants to look. */
  readonly examples: readonly string[];
}

export interface Tally {
  readonly count: number;
  readonly won: number;
  readonly lost: readonly Group[];
}

const EXAMPLES = 5;
export const isWon = ({ applied, would_apply: would }: Receipt): boolean => would ?? applied;

const wordsOf = ({ verdict, current, error }: Receipt): string => {
  const words = error ?? WORDS[verdict] ?? verdict;
  return current ? `${current.status}: ${words}` : words;
};

/** How many won, and of the others how many lost for which reason; the reason of most comes first. */
export function tally(receipts: readonly Receipt[]): Tally {
  const groups = new Map<string, { verdict: string; words: string; count: number; examples: string[] }>();
  const losers = receipts.filter((receipt) => !isWon(receipt));
  for (const receipt of losers) {
    const words = wordsOf(receipt);
    const group = groups.get(words) ?? { verdict: receipt.verdict, words, count: 0, examples: [] };
    group.count++;
    if (group.examples.length < EXAMPLES && receipt.execution_id !== undefined)
      group.examples.push(receipt.execution_id);
    groups.set(words, group);
  }
  return {
    count: receipts.length,
    won: receipts.length - losers.length,
    lost: [...groups.values()].toSorted((one, other) => other.count - one.count),
  };
}

/** The lines of a text that comes in parts; the last may lack its line feed. */
export async function* linesOf(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const part of parts) {
    const lines = (rest + part).split('\n');
    rest = lines.pop()!;
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}

/** The parts of a list of a size that the API takes at once. */
export const slices = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
