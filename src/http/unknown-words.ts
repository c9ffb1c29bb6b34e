import { Counter, type Registry } from 'prom-client';
import { printable } from '../printable.js';

/** Of a source so many words are told apart, and so many characters of each: whoever delivers chooses them. */
const MOST_WORDS = 50;
const MOST_LENGTH = 40;
/** All that come after these. */
const OTHER = 'other';

/** The status words that nobody knows, by where they came from: vocabularies grow, and their operator is to see it. */
export class UnknownWords {
  private readonly words = new Map<string, Set<string>>();
  private readonly counter: Counter<'source' | 'word'>;

  constructor(registry: Registry) {
    this.counter = new Counter({
      name: 'ledger_unknown_words_total',
      help: `Reports whose status word nobody knows, by the word: the first ${MOST_WORDS} of each source, then ${OTHER}`,
      labelNames: ['source', 'word'] as const,
      registers: [registry],
    });
  }

  count(source: string, said: string): void {
    const known = this.words.get(source) ?? new Set();
    this.words.set(source, known);
    const word = printable(said.slice(0, MOST_LENGTH));
    if (known.size < MOST_WORDS) known.add(word);
    this.counter.inc({ source, word: known.has(word) ? word : OTHER });
  }
}
