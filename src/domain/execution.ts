import { after } from './clock.js';
import { isTerminal, type Authority, type OpenStatus, type Status, type TerminalStatus } from './status.js';
import type { Description, FailurePhase, Instant } from './events.js';
import type { Json } from './json.js';
import { NO_STREAM } from './stream.js';

/** What an append straight to the store said that the write side would have refused (docs/semantics.md §6). */
export interface Anomalies {
  readonly regressions: number;
  readonly dropped: number;
  readonly conflicts: number;
  readonly fenced: number;
  readonly superseded: number;
}

/** Where the stream stood when the state was folded. */
interface StreamPosition {
  readonly revision: number;
  readonly position: bigint;
}

/** When the current attempt began to run, on which clock. */
export interface StartMoment {
  readonly at: Instant;
  /** Whether `at` is the reporter's clock. */
  readonly reported: boolean;
  /** The ledger's clock. */
  readonly recorded_at: Instant;
}

/** No execution (though foreign events may stand in its stream). */
export interface NoExecution extends StreamPosition {
  readonly status: 'none';
}

/** What is known of an execution whatever its status. */
interface ExecutionCommon extends StreamPosition {
  readonly description: Description;
  readonly created_at: Instant;
  readonly created_by_report: boolean;
  /** The registrations that stand, by the digest of their request and the revision they were recorded at. */
  readonly registrations: readonly { readonly digest: string | undefined; readonly revision: number }[];
  readonly attempt: number;
  /** The latest resume of this attempt said that its workers can carry no number. */
  readonly unnumbered: boolean;
  readonly dispatched: boolean;
  readonly handle?: Json;
  /** A worker's own `running` stands in this attempt. */
  readonly worker_ran: boolean;
  readonly started?: StartMoment | undefined;
  readonly progress?: number | undefined;
  readonly message?: string | undefined;
  readonly data?: Json;
  readonly worker?: string | undefined;
  readonly status_reason?: string | undefined;
  readonly last_activity_at: Instant;
  /** A moment for the whole execution. */
  readonly deadline?: Instant | undefined;
  /** Counted from `clock_from`, less the time spent waiting or paused. */
  readonly timeout_ms?: number | undefined;
  readonly clock_from: Instant;
  readonly stood_ms: number;
  /** Since when the clock stands, while it does. */
  readonly standing_since?: Instant | undefined;
  readonly anomalies: Anomalies;
}

/** Carried by a terminal state; a cancel of a failed execution and a pause keep what they found. */
export interface Results {
  readonly result?: Json;
  readonly error?: string | undefined;
  readonly error_details?: Json;
  readonly error_status_code?: number | undefined;
  readonly duration_ms?: number | undefined;
  readonly phase?: FailurePhase | undefined;
  /** A success that is none without doubt. */
  readonly doubt?: true | undefined;
}

export interface OpenExecution extends ExecutionCommon {
  readonly status: Exclude<OpenStatus, 'paused'>;
}

export interface PausedExecution extends ExecutionCommon {
  readonly status: 'paused';
  /** Where a resume within the attempt continues. */
  readonly paused_from: Exclude<OpenStatus, 'paused'>;
  readonly paused_at: Instant;
  readonly paused_revision: number;
}

export interface TerminalExecution extends ExecutionCommon, Results {
  readonly status: TerminalStatus;
  readonly authority: Authority;
  readonly completed_at: Instant;
}

/** An execution as the fold of its stream: a union by status (docs/semantics.md §1). */
export type ExistingExecution = OpenExecution | PausedExecution | TerminalExecution;
export type ExecutionState = NoExecution | ExistingExecution;

/** A state while its event fills it in: every member that one can have. */
export interface Draft extends Mutable<ExecutionCommon & Results> {
  status: Exclude<Status, 'none'>;
  authority?: Authority | undefined;
  completed_at?: Instant | undefined;
  paused_from?: PausedExecution['paused_from'] | undefined;
  paused_at?: Instant | undefined;
  paused_revision?: number | undefined;
}
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A state of one's own to fill in. Spelled out, so that every state has all members in one order, whatever its status:
 * copying a state is what folding costs, and this takes a twentieth of the time that `{...state}` takes of so many members.
 * A member that is left out here, and would be lost at the next event, does not compile.
 */
export const draftOf = (said: Draft): Draft =>
  ({
    status: said.status,
    revision: said.revision,
    position: said.position,
    description: said.description,
    created_at: said.created_at,
    created_by_report: said.created_by_report,
    registrations: said.registrations,
    attempt: said.attempt,
    unnumbered: said.unnumbered,
    dispatched: said.dispatched,
    handle: said.handle,
    worker_ran: said.worker_ran,
    started: said.started,
    progress: said.progress,
    message: said.message,
    data: said.data,
    worker: said.worker,
    status_reason: said.status_reason,
    last_activity_at: said.last_activity_at,
    deadline: said.deadline,
    timeout_ms: said.timeout_ms,
    clock_from: said.clock_from,
    stood_ms: said.stood_ms,
    standing_since: said.standing_since,
    anomalies: said.anomalies,
    result: said.result,
    error: said.error,
    error_details: said.error_details,
    error_status_code: said.error_status_code,
    duration_ms: said.duration_ms,
    phase: said.phase,
    doubt: said.doubt,
    authority: said.authority,
    completed_at: said.completed_at,
    paused_from: said.paused_from,
    paused_at: said.paused_at,
    paused_revision: said.paused_revision,
  }) satisfies Record<keyof Draft, unknown>;

/** The event at which the reading of a stream breaks off, and why (docs/semantics.md §6). */
export interface UnreadablePoint {
  readonly revision: number;
  readonly error: string;
}

/** The fold of an empty stream. */
export const initial: NoExecution = { status: 'none', revision: NO_STREAM, position: 0n };

/**
 * Passes over an event that is not ours (docs/semantics.md §6): the stream is one longer, and nothing else changed.
 */
export const skip = <S extends ExecutionState>(state: S, place: StreamPosition): S => ({
  ...state,
  revision: place.revision,
  position: place.position,
});

/** The moment `timeout_ms` runs out, while its clock runs. */
function clockEnds(state: ExistingExecution): Instant | undefined {
  if (state.timeout_ms === undefined || state.standing_since !== undefined) return undefined;
  return after(state.clock_from, state.stood_ms + state.timeout_ms);
}

/** The deadline that counts: the earlier of the execution's and the attempt's; none once terminal (docs/semantics.md §4). */
export function deadlineOf(state: ExistingExecution): Instant | undefined {
  if (isTerminal(state.status)) return undefined;
  const ends = clockEnds(state);
  if (state.deadline === undefined || ends === undefined) return state.deadline ?? ends;
  return ends < state.deadline ? ends : state.deadline;
}

/** Whether it is open though its deadline has passed: while it waits or is paused nothing times it out. */
export function isPastDue(state: ExistingExecution, at: Instant): boolean {
  const deadline = deadlineOf(state);
  return deadline !== undefined && deadline <= at;
}

/** A success that somebody should look at: beside an error, or by a word that casts doubt on it (docs/semantics.md §1). */
export const isInDoubt = (state: ExistingExecution): boolean => (state as Partial<Results>).doubt === true;

/** The attempt that speaks when none is named (docs/semantics.md §3.1). */
export const targetAttempt = (state: ExistingExecution, named: number | undefined): number =>
  named ?? (state.unnumbered ? state.attempt : 1);

/** Opened by a report, and claimed by no registration since. */
export const isUnclaimed = (state: ExistingExecution): boolean =>
  state.created_by_report && state.registrations.length === 0;
