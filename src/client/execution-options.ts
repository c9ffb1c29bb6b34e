import type { Current, EventBody, Verdict } from './report.js';

/** What is known of an execution when it begins. */
export interface ExecutionOptions {
  /** What is run, such as `etl.load`. */
  readonly target: string;
  /** A new one where unset. `<id>~<n>`: the attempt that a resume opened for this worker; nothing is registered then. */
  readonly id?: string | undefined;
  readonly workflow?: string | undefined;
  readonly run?: string | undefined;
  /** The id of the execution that started this one. */
  readonly parent?: string | undefined;
  readonly kind?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly input?: unknown;
  /** After so long the ledger counts it as timed out, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Who does the work, such as the host's name. */
  readonly worker?: string | undefined;
  /** Where it is run, such as a process or a pod; shown beside the execution. */
  readonly handle?: unknown;
  /** How often a sign of life is sent, in milliseconds; 15,000 where unset. Each tells whether to go on. */
  readonly heartbeatMs?: number | undefined;
  /** How long the answer to the outcome is waited for, in milliseconds; 10,000 where unset. */
  readonly patienceMs?: number | undefined;
  /** Aborts `execution.signal` as well. */
  readonly signal?: AbortSignal | undefined;
}

/** How an execution ended, as its worker says. */
export interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'timeout' | 'cancelled';
  readonly result?: unknown;
  readonly error?: string | undefined;
  readonly error_details?: unknown;
  readonly error_status_code?: number | undefined;
  readonly status_reason?: string | undefined;
}

/** What the ledger made of an outcome. */
export interface Ending {
  readonly status: Outcome['status'];
  /** Whether this outcome counts: `undefined` while the ledger has not answered; the outbox still delivers it. */
  readonly won: boolean | undefined;
  readonly verdict?: Verdict | undefined;
  /** What stands instead, where it was lost. */
  readonly current?: Current | undefined;
}

/** What somebody at work says of it. */
export type Progress = Pick<EventBody, 'progress' | 'message' | 'data' | 'status_reason'>;
