/** How an operation of a projection stands. `running` also while it is paused or has no process: the next one continues it. */
export type OperationState = 'running' | 'verifying' | 'swapped' | 'verified' | 'failed';

/** The states in which it is still to be done. */
export const UNFINISHED_STATES: readonly OperationState[] = ['running', 'verifying'];

/** The condition, in SQL, that a row of `ledger.rebuilds` is in one of these states. */
export const inState = (states: readonly OperationState[]): string =>
  `state in (${states.map((state) => `'${state}'`).join(', ')})`;

/** In SQL: still to be done. */
export const UNFINISHED = inState(UNFINISHED_STATES);
/** In SQL: its version, if it has one, was never read. */
export const INCOMPLETE = inState([...UNFINISHED_STATES, 'failed']);
