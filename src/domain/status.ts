/** Where an execution's current attempt can stand while it has no outcome (domain.md §1). */
export const OPEN_STATUSES = ['pending', 'queued', 'running', 'waiting', 'paused'] as const;
/** The outcomes of an attempt (domain.md §1). */
export const TERMINAL_STATUSES = ['succeeded', 'failed', 'timeout', 'cancelled'] as const;
/** Every status word of the ledger, open first. */
export const STATUSES = [...OPEN_STATUSES, ...TERMINAL_STATUSES] as const;

/** One of each list. */
export type OpenStatus = (typeof OPEN_STATUSES)[number];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];
export type Status = (typeof STATUSES)[number];

/** Who stands behind an outcome, strongest first (domain.md §1). */
export const AUTHORITIES = ['operator', 'worker', 'watchdog'] as const;
export type Authority = (typeof AUTHORITIES)[number];

/** Whether a word is the ledger's own, aliases aside. */
export const isStatus = (word: string): word is Status => (STATUSES as readonly string[]).includes(word);
/** Whether the attempt has its outcome (domain.md §1). */
export const isTerminal = (status: Status): status is TerminalStatus =>
  (TERMINAL_STATUSES as readonly string[]).includes(status);

/** Sealed: the execution accepts nothing more, ever (domain.md §1). */
export const isSealed = (status: Status, authority: Authority | null): boolean =>
  (status === 'succeeded' || status === 'cancelled') && authority !== null && authority !== 'watchdog';

const ALIASES: Readonly<Record<string, Status>> = {
  success: 'succeeded',
  successful: 'succeeded',
  completed: 'succeeded',
  complete: 'succeeded',
  done: 'succeeded',
  ok: 'succeeded',
  error: 'failed',
  errored: 'failed',
  failure: 'failed',
  canceled: 'cancelled',
  cancel: 'cancelled',
  timed_out: 'timeout',
  timedout: 'timeout',
  wait: 'queued',
  in_progress: 'running',
  processing: 'running',
  started: 'running',
  awaiting_approval: 'waiting',
  awaiting_human: 'waiting',
  approval_pending: 'waiting',
  pause: 'paused',
  hold: 'paused',
  on_hold: 'paused',
  suspended: 'paused',
};

/** The ledger's word for what a producer wrote, or undefined for a word it does not know (domain.md §1). */
export function normaliseStatus(word: string): Status | undefined {
  const lower = word.trim().toLowerCase();
  // Object.hasOwn: "constructor" is no alias.
  return isStatus(lower) ? lower : Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : undefined;
}
