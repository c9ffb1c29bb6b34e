import type { Instant } from '../domain/events.js';

/** What a foreign delivery says about one execution, in the ledger's words; fire-and-forget, decided as any report. */
export interface SourceReport {
  readonly execution_id: string;
  /** Whom it is about instead, where that execution had ended before this moment: the sender starts again under one id. */
  readonly again?: { readonly execution_id: string; readonly started_at: Instant };
  /** A word of the ledger, or the foreign one where it is unknown, so that the report is kept as unsupported_status. */
  readonly status: string;
  /** The foreign system's own word. */
  readonly status_reason: string;
  readonly run_id?: string;
  readonly workflow_id?: string;
  readonly parent_execution_id?: string;
  readonly target?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly message?: string;
  /** The guess of somebody else than the worker: authority watchdog (domain.md §1). */
  readonly inferred?: true;
  /** The reporter's clock, ISO 8601 in UTC with milliseconds. */
  readonly occurred_at?: string;
  readonly completed_at?: string;
  readonly duration_ms?: number;
  /** Makes a delivery that arrives again the same report. */
  readonly event_id?: string;
}
