import type { DecisionTime } from '../domain/decision-time.js';
import type { SilentAfter } from '../domain/decision-time.js';

/** What the application is given by the roof: it has no clock, no randomness and no settings of its own. */
export interface Runtime {
  /** The current moment in milliseconds since 1970. */
  readonly clock: () => number;
  /** A fresh id that rises with time (UUIDv7). */
  readonly newExecutionId: () => string;
  /** A fresh id of an event that its reporter gave none (UUIDv4). */
  readonly newEventId: () => string;
  /** `RESUME_STALE_AFTER`, in milliseconds. */
  readonly staleAfterMs: number;
  /** `SILENT_AFTER`. */
  readonly silentAfter: SilentAfter;
}
export const RUNTIME = Symbol('Runtime');

/** The {@link Vocabulary} that reports are read by: the table, and what `STATUS_WORDS` adds to it. */
export const STATUS_WORDS = Symbol('Vocabulary');

/** The moment of a decision or an answer. */
export const nowOf = (runtime: Runtime): DecisionTime => ({
  at: instantAt(runtime.clock()),
  stale_after_ms: runtime.staleAfterMs,
  silent_after: runtime.silentAfter,
});

let last = { ms: NaN, at: '' };

/** A moment as an ISO string; a busy millisecond's is made once. */
function instantAt(ms: number): string {
  if (ms !== last.ms) last = { ms, at: new Date(ms).toISOString() };
  return last.at;
}
