import { compact, type Json } from './json.js';
import type { Authority, OpenStatus, Status, TerminalStatus } from './status.js';

/** A moment as an ISO 8601 string in UTC with milliseconds; such strings compare as the moments do. */
export type Instant = string;

/** Who said it, in whose name the ledger files it (docs/semantics.md §2). */
export interface Reporter {
  readonly actor: string;
  readonly authority: Authority;
}

/**
 * What stands beside the data of every event (docs/semantics.md §2).
 * `recorded_at` is not among what is appended: the store sets it at the append.
 */
export interface EventMetadata {
  /** Of the request as a whole: equal requests have equal digests (docs/semantics.md §3.0). */
  readonly digest?: string;
  /** The reporter's clock. */
  readonly occurred_at?: Instant;
  /** Absent where somebody appended to the store directly: then at most a worker (docs/semantics.md §6). */
  readonly reporter?: Reporter;
  readonly on_behalf_of?: string;
  /** Which endpoint it came through. */
  readonly source?: string;
  readonly correlation_id?: string;
  readonly causation_id?: string;
  /** The version of the type's schema it was written with; 1 where the writer gave none. */
  readonly schema_version?: number;
  /** In refused streams: the id the refused report came with. */
  readonly report_id?: string;
  /** What its report said and has no place in its data: it could not be read, or belongs elsewhere. As it came; beside the last of its events. */
  readonly unread?: Json;
  /** Paths to what was replaced in its report or command, as a secret that must not be kept; cut off where there are many. */
  readonly redacted?: readonly string[];
  /** What the stream had come to before this event, for those who come to a long one (event-store/fold-mark.ts). */
  readonly fold?: unknown;
}

/** What any report about the work may carry. */
export interface Particulars {
  readonly worker?: string;
  readonly status_reason?: string;
  readonly message?: string;
  readonly data?: Json;
}

/** Those a report or event carries, and nothing else of it. */
export const particulars = ({ worker, status_reason, message, data }: Particulars): Particulars =>
  compact({ worker, status_reason, message, data }) as Particulars;

interface AttemptReference {
  readonly attempt?: number;
}

interface Outcome extends AttemptReference, Particulars {
  readonly authority?: Authority;
  readonly error?: string;
  readonly error_details?: Json;
  readonly error_status_code?: number;
  readonly duration_ms?: number;
  readonly completed_at?: Instant;
}

/** Identity and input: what an opening event says, and any later report or registration may add. */
export interface Description {
  readonly run_id?: string;
  readonly workflow_id?: string;
  readonly parent_execution_id?: string;
  readonly target?: string;
  readonly kind?: string;
  readonly input?: Json;
  readonly labels?: Readonly<Record<string, string>>;
  readonly deadline?: Instant;
  readonly timeout_ms?: number;
}

/** How an attempt can fail before or while it is executed (docs/semantics.md §2). */
export const FAILURE_PHASES = ['staging', 'dispatch', 'execution'] as const;
export type FailurePhase = (typeof FAILURE_PHASES)[number];

/** What the outcome or pause looked like that a resume left behind. */
export interface PreviousOutcome {
  readonly status: Status;
  readonly error?: string;
  readonly authority: Authority | null;
}

interface Pause {
  readonly authority?: Authority;
  readonly reason?: string;
  readonly previous_status?: Status;
}

/** The data of each event type of an execution's stream (docs/semantics.md §2). */
export interface EventDataByType {
  ExecutionRegistered: Description & { readonly created_by_report?: boolean };
  /** `by_report`: a report adds it; else a registration, which may thereby claim what a report opened. */
  ExecutionDescribed: AttemptReference & Description & { readonly by_report?: boolean };
  ExecutionDispatched: AttemptReference & { readonly handle?: Json };
  ExecutionQueued: AttemptReference & Particulars;
  ExecutionStarted: AttemptReference & Particulars;
  ExecutionWaiting: AttemptReference & Particulars;
  ExecutionPaused: AttemptReference & Particulars & Pause;
  /** `status`: the standing one, where the report named it beside its news. `outcome`: the one this news came with. */
  ExecutionProgressed: AttemptReference &
    Particulars & { readonly progress?: number; readonly status?: OpenStatus; readonly outcome?: TerminalStatus };
  HeartbeatRecorded: AttemptReference & { readonly worker?: string };
  /** `doubt`: the producer's own word for the success casts it. */
  ExecutionSucceeded: Outcome & { readonly result?: Json; readonly doubt?: boolean };
  ExecutionFailed: Outcome & { readonly result?: Json; readonly phase?: FailurePhase };
  ExecutionTimedOut: Outcome & { readonly result?: Json };
  ExecutionCancelled: Outcome & { readonly result?: Json; readonly reason?: string; readonly previous_status?: Status };
  ExecutionResumed: AttemptReference & {
    readonly previous?: PreviousOutcome;
    readonly takeover?: boolean;
    readonly unnumbered?: boolean;
    readonly deadline?: Instant;
    readonly timeout_ms?: number;
    readonly deadline_dropped?: boolean;
    readonly reason?: string;
  };
}

/** The event types of an execution's stream; any other is foreign to it. */
export type ExecutionEventType = keyof EventDataByType;

/** The event that says that an attempt has come to a status; `pending` is where a registration leaves it. */
export const STATUS_EVENTS = {
  queued: 'ExecutionQueued',
  running: 'ExecutionStarted',
  waiting: 'ExecutionWaiting',
  paused: 'ExecutionPaused',
  succeeded: 'ExecutionSucceeded',
  failed: 'ExecutionFailed',
  timeout: 'ExecutionTimedOut',
  cancelled: 'ExecutionCancelled',
} as const satisfies Record<Exclude<Status, 'pending'>, ExecutionEventType>;

/** The status that an event names, if it names one. */
export const STATUS_BY_EVENT = Object.fromEntries(
  Object.entries(STATUS_EVENTS).map(([status, type]) => [type, status]),
) as Readonly<Partial<Record<ExecutionEventType, Status>>>;

/** An event of an execution as it is decided: past tense, data only. */
export type ExecutionEvent = {
  [T in ExecutionEventType]: { readonly type: T; readonly data: EventDataByType[T] };
}[ExecutionEventType];

/** The same event as a stream gives it back: with its place, its moment and who said it. */
export type RecordedEvent = ExecutionEvent & {
  readonly revision: number;
  readonly position: bigint;
  readonly recorded_at: Instant;
  readonly event_id: string;
  readonly metadata: EventMetadata;
};

/** What the refused stream holds (docs/semantics.md §2, §3). */
export interface ReportRefusedData {
  readonly verdict: string;
  readonly report: Json;
  readonly against: { status: Status; attempt: number; authority: Authority | null; revision: number } | null;
}

/** How many refused reports are kept of one execution before the marker `ReportsOmitted` (docs/semantics.md §3). */
export const REFUSED_KEPT = 1000;
