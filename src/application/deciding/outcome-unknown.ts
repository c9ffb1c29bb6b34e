import { StoreError, isOutOfReach } from '../../errors.js';

/** It was sent to the store, and nobody knows what became of it; the same request under this id is decided once. */
export class OutcomeUnknown extends StoreError {
  constructor(
    message: string,
    readonly retryWith: string | undefined,
  ) {
    super('outcome_unknown', message);
  }
}

/** The id that makes a retry safe, told with an outcome that could not be found out. */
export const withRetryId = (error: unknown, retryWith: string | undefined): unknown =>
  error instanceof StoreError && error.kind === 'outcome_unknown'
    ? new OutcomeUnknown(error.message, retryWith)
    : error;

/** What the first request of this id wrote may stand although it cannot be read: nobody is told that nothing was written. */
export const throwOutcomeUnknown =
  (id: string | undefined) =>
  (error: unknown): never => {
    throw isOutOfReach(error) ? new OutcomeUnknown(error.message, id) : error;
  };
