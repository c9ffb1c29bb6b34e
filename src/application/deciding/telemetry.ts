import type { LedgerRequest } from '../request.js';

/** What the application tells whoever watches it; the roof turns it into metrics and log lines. */
export interface Telemetry {
  /** A request got its verdict. */
  decided(request: LedgerRequest, verdict: string, replayed: boolean): void;
  /** A decision was lost to another writer and is made again. */
  retried(): void;
  /** A refused report beyond the bound of its execution was counted instead of kept (docs/semantics.md §3). */
  omitted(): void;
}
