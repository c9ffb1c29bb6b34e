import type { Law, Step } from './laws.js';

const nothingWritten = ({ answer, before, after }: Step): boolean =>
  answer.events.length === 0 && before.head === after.head;
const isSame = ({ sent, before }: Step): boolean => before.bound!.asked.name === sent.asked.name;

/** What holds where an id arrives that is bound already (docs/semantics.md §3.0): of a duplicate, a retry, and another body. */
export const OF_IDS: readonly Law[] = [
  ['§3.0 what arrives under a bound id writes nothing', nothingWritten],
  [
    '§3.0 the same again gets the first receipt, word for word',
    (step) =>
      !isSame(step) ||
      (step.answer.applied && step.answer.replayed && step.answer.receipt === step.before.bound!.receipt),
  ],
  [
    '§3.0 another body under the id is told so',
    (step) => isSame(step) || (step.answer.verdict === 'id_reused' && !step.answer.applied),
  ],
];
