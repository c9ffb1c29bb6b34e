import { StoreError } from '../../errors.js';
import type { DecisionResult, LedgerRequest } from '../request.js';
import { withRetryId } from './outcome-unknown.js';

/** A request that waits for its verdict. */
export interface PendingRequest {
  readonly request: LedgerRequest;
  readonly settle: (handled: DecisionResult) => void;
  readonly fail: (error: unknown) => void;
  attempts: number;
  /** Whether it has been told what became of it: it waits no longer. */
  isAnswered: boolean;
  /** What its last event is called where it brought no id: drawn once, so that what is decided again is written once. */
  eventId?: string;
}

/** It got its verdict. */
export function answer(pending: PendingRequest, result: DecisionResult): void {
  const { ignored } = pending.request;
  pending.isAnswered = true;
  pending.settle(ignored === undefined ? result : { ...result, ignored });
}

/** They fail, each with the id that makes its retry safe. */
export function failAll(failed: readonly PendingRequest[], error: unknown): void {
  for (const pending of failed) {
    pending.isAnswered = true;
    pending.fail(withRetryId(error, pending.request.id ?? pending.eventId));
  }
}

/** The rest of a queue fails with its head: nothing of theirs was sent. */
export function failRest(queue: readonly PendingRequest[], { message }: StoreError): void {
  for (const pending of queue) {
    if (pending.isAnswered) continue;
    pending.isAnswered = true;
    pending.fail(new StoreError('unavailable', message));
  }
}
