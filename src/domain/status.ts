/** Where an execution's current attempt can stand while it has no outcome (docs/semantics.md §1). */
export const OPEN_STATUSES = ['pending', 'queued', 'running', 'waiting', 'paused'] as const;
/** The outcomes of an attempt (docs/semantics.md §1). */
export const TERMINAL_STATUSES = ['succeeded', 'failed', 'timeout', 'cancelled'] as const;
/** Every status word of the ledger, open first. */
export const STATUSES = [...OPEN_STATUSES, ...TERMINAL_STATUSES] as const;

/** One of each list. */
export type OpenStatus = (typeof OPEN_STATUSES)[number];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];
export type Status = (typeof STATUSES)[number];

/** Who stands behind an outcome, strongest first (docs/semantics.md §1). */
export const AUTHORITIES = ['operator', 'worker', 'watchdog'] as const;
export type Authority = (typeof AUTHORITIES)[number];

/** Whether a word is the ledger's own, aliases aside. */
export const isStatus = (word: string): word is Status => (STATUSES as readonly string[]).includes(word);
/** Whether the attempt has its outcome (docs/semantics.md §1); a word that is no status is none. */
export const isTerminal = (status: string | undefined): status is TerminalStatus =>
  (TERMINAL_STATUSES as readonly (string | undefined)[]).includes(status);

/** Sealed: the execution accepts nothing more, ever (docs/semantics.md §1). */
export const isSealed = (status: Status, authority: Authority | null): boolean =>
  (status === 'succeeded' || status === 'cancelled') && authority !== null && authority !== 'watchdog';
