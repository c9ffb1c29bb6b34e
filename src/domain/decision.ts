import type { Command } from './commands.js';
import type { ExecutionEvent } from './events.js';
import { deadlineOf, isUndescribed, type ExistingExecution } from './execution.js';
import type { Heartbeat, Report } from './report.js';
import { isSilent, type Now } from './resumable.js';
import { isSealed, type Authority } from './status.js';
import type { Condition } from './transitions.js';
import { authorityOf, type Refusal, type Verdict } from './verdict.js';

/** Everything that can be decided. */
export type Input = Report | Heartbeat | Command;

/** What the ledger decided (domain.md §3–§5). Nothing is true of it before its events are appended, or the head confirmed. */
export interface Decision {
  readonly verdict: Verdict;
  /** To be appended at the revision of the state; empty where the verdict writes nothing. */
  readonly events: readonly ExecutionEvent[];
  /** A report that changed nothing and is kept in the refused stream. */
  readonly kept: boolean;
  /** The revision of the event whose receipt is given again: a registration repeated without an id. */
  readonly repeats?: number;
}

/** It happens: these events are to be appended. */
export const applied = (...events: ExecutionEvent[]): Decision => ({ verdict: 'applied', events, kept: false });
/** It does not, and writes nothing; `kept`: the report goes to the refused stream. */
export const refused = (verdict: Refusal, kept = false): Decision => ({ verdict, events: [], kept });
/** It stands already. */
export const DUPLICATE: Decision = { verdict: 'duplicate', events: [], kept: false };

/** The authority a request speaks with: commands are an operator's but those that infer (domain.md §1, §4). */
export function authorityOfInput(input: Input): Authority {
  if (input.kind === 'report') return input.authority;
  if (input.kind === 'heartbeat') return 'worker';
  return input.kind === 'abort' || input.kind === 'time_out' ? 'watchdog' : 'operator';
}

/** Later than every moment. */
const NEVER = '9999';

/** The conditions of the transition table, put to a request and the state it meets. */
export function conditions(input: Input, state: ExistingExecution, now: Now): (condition: Condition) => boolean {
  const authority = authorityOf(state);
  const holds: Record<Condition, () => boolean> = {
    strict: () => input.kind === 'report' && input.door === 'strict',
    correctable: () => authority === 'watchdog' && authorityOfInput(input) === 'worker',
    sealed: () => isSealed(state.status, authority),
    dispatched: () => state.dispatched,
    stale: () => isSilent(state.last_activity_at, now),
    undescribed: () => isUndescribed(state),
    due: () => (deadlineOf(state) ?? NEVER) <= now.at,
  };
  return (condition) => holds[condition]();
}
