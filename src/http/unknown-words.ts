import { Counter, type Registry } from 'prom-client';
import { printable } from '../printable.js';
import { DIALECTS } from '../sources/sources.js';

/** The endpoints of the ledger's own words, as their reports name their source. */
const OWN = ['events', 'reports', 'status'] as const;
/** Of a source so many words are told apart, and so many characters of each: whoever delivers chooses them. */
const MOST_WORDS = 50;
const MOST_LENGTH = 40;
/** All that come after these. */
const OTHER = 'other';

/** The status words that nobody knows, by where they came from: vocabularies grow, and their operator is to see it. */
export class UnknownWords {
  private readonly words = new Map<string, Set<string>>();
  private readonly bySource: Counter<'source'>;
  private readonly byWord: Counter<'source' | 'word'>;

  constructor(registry: Registry) {
    this.bySource = new Counter({
      name: 'ledger_unknown_status_words_total',
      help: 'Reports whose status word nobody knows, by the door: their producer has to be taught, or STATUS_WORDS told',
      labelNames: ['source'] as const,
      registers: [registry],
    });
    // An alert on a series that is not there never comes.
    for (const source of [...OWN, ...DIALECTS]) this.bySource.inc({ source }, 0);
    this.byWord = new Counter({
      name: 'ledger_unknown_words_total',
      help: `Reports whose status word nobody knows, by the word: the first ${MOST_WORDS} of each source, then ${OTHER}`,
      labelNames: ['source', 'word'] as const,
      registers: [registry],
    });
  }

  /** A report came with such a word. */
  count(source: string, said: string): void {
    this.bySource.inc({ source });
    const known = this.words.get(source) ?? new Set();
    this.words.set(source, known);
    const word = printable(said.slice(0, MOST_LENGTH));
    if (known.size < MOST_WORDS) known.add(word);
    this.byWord.inc({ source, word: known.has(word) ? word : OTHER });
  }
}
