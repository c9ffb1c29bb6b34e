import { usingLedger } from '../support/ledger/ledger.js';

/** How many words of a source are told apart, and the letters of each that are kept (docs/operations.md, Metrics). */
const MOST_WORDS = 50;
const MOST_LENGTH = 40;

describe('words that no table has', () => {
  const ledger = usingLedger();

  it('are counted by dialect and word: the first 50 of a dialect, cut to 40 characters, and all others together', async () => {
    const words = Array.from({ length: MOST_WORDS + 7 }, (_, n) => `${n}-`.padEnd(200, 'X'));
    const events = words.map((eventType) => ({
      ...{ eventType, eventTime: '2026-11-21T11:40:40Z', run: { runId: 'r' }, job: { namespace: 'a', name: 'b' } },
    }));
    const { status, body } = await ledger.call('POST', '/lineage', events);
    expect([status, body.receipts.length]).toEqual([202, words.length]);
    const { text } = await ledger.call('GET', '//metrics');
    const counted = [...text.matchAll(/^ledger_unknown_words_total\{source="openlineage",word="(.*)"\} (\d+)$/gm)];
    expect(Object.fromEntries(counted.map(([, word, count]) => [word, Number(count)]))).toEqual({
      ...Object.fromEntries(words.slice(0, MOST_WORDS).map((word) => [word.slice(0, MOST_LENGTH), 1])),
      other: 7,
    });
  });
});
