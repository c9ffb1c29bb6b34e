import type { IgnoredMember } from '../contract/read-report.js';
import type { Input } from '../domain/decision.js';
import type { Instant, RecordedEvent } from '../domain/events.js';
import type { ExecutionState } from '../domain/execution.js';
import type { Json, JsonObject } from '../domain/json.js';
import type { Verdict } from '../domain/verdict.js';

/** Who asks, through which endpoint, in which trace: what every event's metadata says (docs/semantics.md §2). */
export interface Origin {
  /** The API key's name. */
  readonly actor: string;
  readonly on_behalf_of?: string | undefined;
  /** The endpoint. */
  readonly source: string;
  readonly correlation_id?: string | undefined;
  /** The event that this follows from. */
  readonly causation_id?: string | undefined;
  /** What the ids begin with that the caller is confined to; no event says it. */
  readonly within?: string | undefined;
}

/** One report or command on its way to a verdict. */
export interface LedgerRequest {
  readonly executionId: string;
  readonly input: Input;
  readonly origin: Origin;
  /** The producer's own id of the request; makes it idempotent (docs/semantics.md §3.0). */
  readonly id?: string | undefined;
  /** Of the command's name (or that it is a report) and the body without its ids. */
  readonly digest: string;
  /** The report as received, kept whole if it is refused. */
  readonly received?: Json;
  readonly occurred_at?: Instant | undefined;
  /** What the report said and could not be read. */
  readonly ignored?: readonly IgnoredMember[] | undefined;
  /** The members with anything ignored, as they came: the events keep them. */
  readonly unread?: JsonObject | undefined;
  /** Where a secret was replaced in what it says: whoever makes a request must know, so that no endpoint forgets it. */
  readonly redacted: readonly string[] | undefined;
  /** Append only at one of these revisions (docs/http-api.md, Headers). */
  readonly ifMatch?: readonly number[] | undefined;
}

/** A request but for its input: whom it is about, who asks, under which id (docs/semantics.md §2, §3.0). */
export type RequestEnvelope = Omit<LedgerRequest, 'input'>;

/** What became of a request. */
export interface DecisionResult {
  readonly verdict: Verdict | 'precondition_failed';
  /** Whether this caller won and runs what only a winner may run. */
  readonly applied: boolean;
  /** The first receipt once more (docs/semantics.md §3.0). */
  readonly replayed: boolean;
  readonly executionId: string;
  /** The last event that the request appended; of a replay, that it appended the first time. */
  readonly event?: RecordedEvent;
  /** Whether the request opened the stream. */
  readonly created: boolean;
  /** The execution as of the answer. */
  readonly state: ExecutionState;
  /** What of the request could not be read. */
  readonly ignored?: readonly IgnoredMember[] | undefined;
}
