import type { Verdict } from '../domain/verdict.js';

/** What a verdict means to whoever reads that a report got it. */
export const VERDICT_MEANINGS: Readonly<Partial<Record<Verdict, string>>> = {
  duplicate: 'it stood already',
  regression: 'the attempt was over already, and does not open again by a report',
  conflict: 'another outcome, or another identity, stood already, and the first of a kind stands',
  superseded: 'a later status stood already',
  fenced: 'it spoke for another attempt than the current one',
  unknown_attempt: 'it spoke for an attempt that was never opened',
  dropped: 'the attempt was over already',
  not_running: 'the execution was not running',
  not_resumed: 'the execution was paused, and only a resume has it go on',
  id_reused: 'its id belonged to another report',
  unsupported_status: 'its status word is not known',
};
