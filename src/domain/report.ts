import type { Description, Instant, Particulars } from './events.js';
import type { Json } from './json.js';
import type { Authority, Status } from './status.js';

/** How a report came in: told the verdict and held to it, or sent off without waiting for one (docs/semantics.md §5). */
export type DeliveryMode = 'fire_and_forget' | 'strict';

/** What a producer says about an execution, its words already the ledger's (docs/semantics.md §3). */
export interface Report extends Particulars {
  readonly kind: 'report';
  readonly mode: DeliveryMode;
  /** Absent: progress without a status. `unsupported`: a word that is none of the ledger's. */
  readonly status?: Status | { readonly unsupported: string };
  /** The word for the success casts doubt on it itself. */
  readonly doubt?: true;
  /** The attempt the report names; absent: it names none. */
  readonly attempt?: number;
  /**
   * The body itself names the attempt: its producer counts its own tries, and may open the next one
   * (docs/semantics.md §3.1).
   */
  readonly counts_attempts?: true;
  readonly authority: Exclude<Authority, 'operator'>;
  readonly progress?: number;
  readonly result?: Json;
  readonly error?: string;
  readonly error_details?: Json;
  readonly error_status_code?: number;
  readonly duration_ms?: number;
  readonly completed_at?: Instant;
  /** Something that it says of the execution could not be read: it stands nowhere, so that no repetition is one for it. */
  readonly left_out?: true;
  /** What the report says of the execution's identity: of each field the first to say it wins. */
  readonly description: Description;
}

/** A sign of life and nothing else. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly attempt?: number;
  readonly worker?: string;
}
