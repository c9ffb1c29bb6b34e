import { after } from './clock.js';
import type { Authority, OpenStatus, TerminalStatus } from './status.js';
import type { Description, FailurePhase, Instant } from './events.js';
import type { Json } from './json.js';
import { NO_STREAM } from './stream.js';

/** What an append straight to the store said that the write side would have refused (domain.md §6). */
export interface Anomalies {
  readonly regressions: number;
  readonly dropped: number;
  readonly conflicts: number;
  readonly fenced: number;
  readonly superseded: number;
}

/** Where the stream stood when the state was folded. */
interface Place {
  readonly revision: number;
  readonly position: bigint;
}

/** When the current attempt began to run, on which clock. */
export interface Started {
  readonly at: Instant;
  /** Whether `at` is the reporter's clock. */
  readonly reported: boolean;
  /** The ledger's clock. */
  readonly recorded_at: Instant;
}

/** No execution (though foreign events may stand in its stream). */
export interface NoExecution extends Place {
  readonly status: 'none';
}

/** What is known of an execution whatever its status. */
interface Existing extends Place {
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
  readonly started?: Started;
  readonly progress?: number;
  readonly message?: string;
  readonly data?: Json;
  readonly worker?: string;
  readonly status_reason?: string;
  readonly last_activity_at: Instant;
  /** A moment for the whole execution. */
  readonly deadline?: Instant;
  /** Counted from `clock_from`, less the time spent waiting or paused. */
  readonly timeout_ms?: number;
  readonly clock_from: Instant;
  readonly stood_ms: number;
  /** Since when the clock stands, while it does. */
  readonly standing_since?: Instant;
  readonly anomalies: Anomalies;
}

/** Carried by a terminal state; a cancel of a failed execution and a pause keep what they found. */
export interface Results {
  readonly result?: Json;
  readonly error?: string;
  readonly error_details?: Json;
  readonly error_status_code?: number;
  readonly duration_ms?: number;
  readonly phase?: FailurePhase;
}

export interface OpenExecution extends Existing {
  readonly status: Exclude<OpenStatus, 'paused'>;
}

export interface PausedExecution extends Existing {
  readonly status: 'paused';
  /** Where a resume within the attempt continues. */
  readonly paused_from: Exclude<OpenStatus, 'paused'>;
  readonly paused_at: Instant;
  readonly paused_revision: number;
}

export interface TerminalExecution extends Existing, Results {
  readonly status: TerminalStatus;
  readonly authority: Authority;
  readonly completed_at: Instant;
}

/** An execution as the fold of its stream: a union by status (domain.md §1). */
export type ExistingExecution = OpenExecution | PausedExecution | TerminalExecution;
export type ExecutionState = NoExecution | ExistingExecution;

/** The fold of an empty stream. */
export const initial: NoExecution = { status: 'none', revision: NO_STREAM, position: 0n };

/**
 * Passes over an event that is not ours (domain.md §6): the stream is one longer, and nothing else changed.
 */
export const skip = <S extends ExecutionState>(state: S, place: Place): S => ({
  ...state,
  revision: place.revision,
  position: place.position,
});

/** The moment `timeout_ms` runs out, while its clock runs. */
function clockEnds(state: ExistingExecution): Instant | undefined {
  if (state.timeout_ms === undefined || state.standing_since !== undefined) return undefined;
  return after(state.clock_from, state.stood_ms + state.timeout_ms);
}

/** The deadline that counts now: the earlier of the execution's and the attempt's (domain.md §4); none once terminal. */
export function deadlineOf(state: ExistingExecution): Instant | undefined {
  if ('authority' in state) return undefined;
  const ends = clockEnds(state);
  if (state.deadline === undefined || ends === undefined) return state.deadline ?? ends;
  return ends < state.deadline ? ends : state.deadline;
}

/** The attempt that speaks when none is named (domain.md §3.1). */
export const attemptMeant = (state: ExistingExecution, named: number | undefined): number =>
  named ?? (state.unnumbered ? state.attempt : 1);

/** Opened by a report, and no registration has described it since. */
export const isUndescribed = (state: ExistingExecution): boolean =>
  state.created_by_report && state.registrations.length === 0;
