import { compact } from '../../domain/json.js';
import { STATUSES, type Status } from '../../domain/status.js';
import { currentOf, type Current, type Verdict } from '../../domain/verdict.js';
import type { IgnoredMember } from '../../contract/read-report.js';
import type { DecisionResult } from '../request.js';

/** What every answer says (docs/semantics.md §5). */
export interface Receipt {
  readonly verdict: Verdict;
  readonly applied: boolean;
  readonly replayed?: true;
  readonly execution_id: string;
  readonly position?: string;
  readonly current: Current | null;
  /** The ledger's own words, for whoever used one that nobody knows. */
  readonly allowed?: readonly Status[];
  readonly ignored?: readonly IgnoredMember[];
}

/** The receipt of a request that got its verdict. */
export const receiptOf = (handled: DecisionResult): Receipt =>
  compact({
    verdict: handled.verdict as Verdict,
    applied: handled.applied,
    replayed: handled.replayed || undefined,
    execution_id: handled.executionId,
    position: handled.event && String(handled.event.position),
    current: currentOf(handled.state),
    ignored: handled.ignored,
    allowed: handled.verdict === 'unsupported_status' ? STATUSES : undefined,
  }) as Receipt;
