/** The program cannot start, and says in one line per problem what is wrong and what to do. Holds no secrets. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(problems.join('\n'), options);
  }
}

export type StoreErrorKind =
  /** Not reachable, closing, or out of time before anything was sent: nothing was written. */
  | 'unavailable'
  /** More is waiting than the store takes on: nothing was written. */
  | 'overloaded'
  /** It was sent, and neither its success nor its failure could be found out. Safe to retry with the same ids. */
  | 'outcome_unknown'
  /** This append itself can never be stored (too big, refused by the database); nobody else is affected. */
  | 'unacceptable'
  /** An event of this stream cannot be read by this program (docs/semantics.md §6). */
  | 'unreadable';

/** Anything a store can fail with, by kind. The message is for people and names no secret. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly kind: StoreErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether a stream cannot be read (on): it fails everybody alike who asks for it, and nobody else. */
export const isUnreadable = (error: unknown): error is StoreError =>
  error instanceof StoreError && error.kind === 'unreadable';

/** Whether nobody can be served at the moment, whatever it is about: whoever comes next would wait for the same answer. */
export const isOutOfReach = (error: unknown): error is StoreError =>
  error instanceof StoreError && (error.kind === 'unavailable' || error.kind === 'outcome_unknown');
