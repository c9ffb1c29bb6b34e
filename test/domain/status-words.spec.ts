import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { STATUSES, type Status } from '../../src/domain/status.js';
import { foldWord, plainStatus, understood, vocabularyOf, WORDS } from '../../src/domain/words.js';

/** What real systems call the states of what they carry out, and what the ledger takes each for. */
interface System {
  readonly system: string;
  readonly from: string;
  readonly words: Readonly<Partial<Record<Status | 'progress', readonly string[]>>>;
  /** Words that are not understood, each with the reason. */
  readonly unknown?: Readonly<Record<string, string>>;
}
const SYSTEMS = JSON.parse(readFileSync(new URL('status-words.json', import.meta.url), 'utf8')) as readonly System[];

const takenFor = (word: string): string => {
  const meaning = understood(word);
  return meaning === undefined ? 'unknown' : (meaning.status ?? 'progress');
};

it.each(SYSTEMS)('reads the words of $system', ({ words, unknown = {} }) => {
  for (const [status, all] of Object.entries(words)) {
    for (const word of all) expect([word, takenFor(word)]).toEqual([word, status]);
  }
  for (const [word, why] of Object.entries(unknown)) {
    expect([word, takenFor(word)]).toEqual([word, 'unknown']);
    expect(why).not.toBe('');
  }
});

it('understands 97 of 100 words that real systems use, and says of the others why not', () => {
  const known = SYSTEMS.flatMap(({ words }) => Object.values(words).flat()).length;
  const unknown = SYSTEMS.flatMap((one) => Object.keys(one.unknown ?? {})).length;
  const share = known / (known + unknown);
  process.stdout.write(
    `status words: ${known} of ${known + unknown} of ${SYSTEMS.length} systems, ${(100 * share).toFixed(1)} %\n`,
  );
  expect(SYSTEMS.length).toBeGreaterThanOrEqual(45);
  expect(new Set(SYSTEMS.map(({ from }) => new URL(from).host)).size).toBeGreaterThanOrEqual(45);
  expect(known + unknown).toBeGreaterThanOrEqual(500);
  expect(share).toBeGreaterThanOrEqual(0.97);
});

it.each([
  ['succeeded', 'success successful completed complete done ok finished passed'],
  ['failed', 'error errored failure fail'],
  ['cancelled', 'canceled cancel'],
  ['timeout', 'timed_out timedout'],
  ['queued', 'wait scheduled enqueued submitted received assigned delayed available'],
  ['pending', 'created new'],
  ['running', 'in_progress processing started active executing working start starting building retrying'],
  ['waiting', 'awaiting_approval awaiting_human approval_pending'],
  ['paused', 'pause hold on_hold suspended'],
])('%s is all that is meant by each of: %s', (status, words) => {
  for (const word of words.split(' ')) expect([word, understood(word)]).toEqual([word, { status }]);
});

it('every word stands in the table once, in its one form, and every status has one', () => {
  const all = WORDS.flatMap(({ words }) => words);
  expect(all.filter((word) => !/^[a-z_]+$/.test(word))).toEqual([]);
  expect(all.map(foldWord).filter((word, index, folded) => folded.indexOf(word) !== index)).toEqual([]);
  for (const status of STATUSES) expect(understood(status)).toEqual({ status });
});

it.each([
  ['timed_out', 'TIMED_OUT timed-out TimedOut timedOut timedout', 'timeout'],
  ['in_progress', 'InProgress IN-PROGRESS inprogress', 'running'],
  ['upstream_failed', 'UpstreamFailed UPSTREAM-FAILED', 'failed'],
  ['succeeded', 'JOB_STATE_SUCCEEDED TaskInstanceState.SUCCESS JobStatus.SUCCEEDED', 'succeeded'],
])('%s is one word in all its spellings: %s', (word, spelt, status) => {
  for (const written of [word, ...spelt.split(' '), ` ${word}\n`, word.replace('_', ' '), word.replace('_', '\t')])
    expect([written, takenFor(written)]).toEqual([written, status]);
});

it.each([
  ['out_of_memory', { status: 'failed', reason: 'out_of_memory' }],
  ['OOMKilled', { status: 'failed', reason: 'oom_killed' }],
  ['revoked', { status: 'cancelled', reason: 'revoked' }],
  ['expired', { status: 'timeout', reason: 'expired' }],
  ['input-required', { status: 'waiting', reason: 'input_required' }],
  ['skipped', { status: 'succeeded', reason: 'skipped' }],
  ['UNSTABLE', { status: 'succeeded', reason: 'unstable', doubt: true }],
  ['partially_succeeded', { status: 'succeeded', reason: 'partially_succeeded', doubt: true }],
  ['terminating', { reason: 'terminating' }],
  ['finished', { status: 'succeeded' }],
  ['crashed', { status: 'failed', reason: 'crashed' }],
  ['starting', { status: 'running' }],
])('%j says more than its status, or no more: %j', (word, meaning) => expect(understood(word)).toEqual(meaning));

it.each(['', ' ', '_', 'exploded', 'constructor', '__proto__', 'toString', 'waitin', 'none', 'unknown', 'succeeded.'])(
  'anything else nobody has said: %j',
  (word) => expect(understood(word)).toBeUndefined(),
);

it('a text that is no word is turned away without being folded', () => {
  const text = `${'x'.repeat(1_000_000)} state_ running`;
  const began = performance.now();
  for (let n = 0; n < 50; n++) expect(understood(text)).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(100);
});

it('words are added and read otherwise, in all their spellings; those of others stay', () => {
  const words = vocabularyOf(
    new Map<string, Status>([
      ['shipped', 'succeeded'],
      ['timed_out', 'failed'],
      ['rolling', 'running'],
    ]),
  );
  expect(words('SHIPPED')).toEqual({ status: 'succeeded', reason: 'shipped' });
  expect(words('timed-out')).toEqual({ status: 'failed', reason: 'timed_out' });
  expect(words('timed_out')).toEqual({ status: 'failed', reason: 'timed_out' });
  expect(words('JOB_STATE_ROLLING')).toEqual({ status: 'running' });
  expect(words('crashed')).toEqual({ status: 'failed', reason: 'crashed' });
  expect(understood('shipped')).toBeUndefined();
});

it('lists are asked by words that say no more than a status', () => {
  expect(['done', 'COMPLETED', 'aborted', 'unstable', 'cancelling', 'nonsense'].map(plainStatus)).toEqual([
    'succeeded',
    'succeeded',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
