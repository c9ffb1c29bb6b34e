import type { Input } from '../../src/domain/decision.js';
import type { Current } from '../../src/domain/verdict.js';

/** One thing asked of one execution, under an id of its own. */
export interface ExecutionRequest {
  readonly id: string;
  readonly executionId: string;
  readonly input: Input;
  /** What two requests have in common that say the same (docs/semantics.md §3.0). */
  readonly digest: string;
  /** Of a report: as it was sent. */
  readonly received?: unknown;
}

/** What a receipt says of it. */
export interface Receipt {
  readonly request: ExecutionRequest;
  readonly verdict: string;
  readonly applied: boolean;
  readonly replayed: boolean;
  readonly position?: string;
  readonly current: Current | null;
}

/** A receipt that somebody was given, and the moments between which it was decided, in milliseconds. */
export interface DatedReceipt extends Receipt {
  readonly sentAt: number;
  readonly answeredAt: number;
}
