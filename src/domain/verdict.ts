import type { ExecutionState } from './execution.js';
import { isSealed, type Authority, type Status } from './status.js';

/** What the ledger can decide about a report or command (docs/semantics.md §5). */
export const VERDICTS = [
  'applied',
  'duplicate',
  'regression',
  'conflict',
  'superseded',
  'fenced',
  'unknown_attempt',
  'dropped',
  'not_running',
  'not_resumed',
  'not_resumable',
  'already_dispatched',
  'id_reused',
  'not_found',
  'unsupported_status',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A verdict under which nothing happened and the caller has lost. */
export type Refusal = Exclude<Verdict, 'applied' | 'duplicate'>;
export const isRefusal = (verdict: Verdict): verdict is Refusal => verdict !== 'applied' && verdict !== 'duplicate';

/** Where the execution stands, as every answer shows it (docs/http-api.md, The execution). */
export interface Current {
  readonly status: Status;
  readonly attempt: number;
  readonly authority: Authority | null;
  readonly sealed: boolean;
  readonly dispatched: boolean;
  readonly revision: number;
}

/** The state's {@link Current}, null where there is no execution. */
export function currentOf(state: ExecutionState): Current | null {
  if (state.status === 'none') return null;
  const { status, attempt, dispatched, revision } = state;
  const authority = authorityOf(state);
  return { status, attempt, authority, sealed: isSealed(status, authority), dispatched, revision };
}

/** Who stands behind the outcome; null while there is none. */
export const authorityOf = (state: ExecutionState): Authority | null =>
  (state as { readonly authority?: Authority | undefined }).authority ?? null;
