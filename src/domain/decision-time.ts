import type { Instant } from './events.js';

/** The moment something is decided or shown at, and the measures of silence. */
export interface DecisionTime {
  readonly at: Instant;
  /** `RESUME_STALE_AFTER`, in milliseconds. */
  readonly stale_after_ms: number;
  readonly silent_after: SilentAfter;
}

/** Executions whose silence is another matter; milliseconds. */
export interface SilenceException {
  /** What runs, or what it runs on. */
  readonly by: 'workflow_id' | 'target';
  readonly value: string;
  readonly ms: number;
}

/** `SILENT_AFTER`: how long a worker may say nothing before its execution is shown as silent, in milliseconds. */
export interface SilentAfter {
  readonly ms: number;
  /** The first that an execution fits holds for it. */
  readonly exceptions: readonly SilenceException[];
}
