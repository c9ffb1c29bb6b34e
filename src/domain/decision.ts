import type { Command } from './commands.js';
import type { Description, ExecutionEvent } from './events.js';
import { isPastDue, isUnclaimed, type ExistingExecution } from './execution.js';
import type { Heartbeat, Report } from './report.js';
import { hasGoneStale } from './resumable.js';
import type { DecisionTime } from './decision-time.js';
import { isSealed, type Authority } from './status.js';
import type { Condition } from './transitions.js';
import { authorityOf, type Refusal, type Verdict } from './verdict.js';

/** Everything that can be decided. */
export type Input = Report | Heartbeat | Command;

/**
 * What the ledger decided (docs/semantics.md §3–§5). Nothing is true of it before its events are appended, or the head
 * confirmed.
 */
export interface Decision {
  readonly verdict: Verdict;
  /** To be appended at the revision of the state; empty where the verdict writes nothing. */
  readonly events: readonly ExecutionEvent[];
  /** A report that changed nothing and is kept in the refused stream. */
  readonly kept: boolean;
  /** The revision of the event whose receipt is given again: a registration repeated without an id. */
  readonly repeats?: number;
  /** What the request says of the identity and stands otherwise: kept as a refused `conflict` of these fields alone. */
  readonly contrary?: Description | undefined;
}

/** It happens: these events are to be appended. */
export const applied = (...events: ExecutionEvent[]): Decision => ({ verdict: 'applied', events, kept: false });
/** It does not, and writes nothing; `kept`: the report goes to the refused stream. */
export const refused = (verdict: Refusal, kept = false): Decision => ({ verdict, events: [], kept });
/** It stands already. */
export const DUPLICATE: Decision = { verdict: 'duplicate', events: [], kept: false };

/** The authority a request speaks with: commands are an operator's but those that infer (docs/semantics.md §1, §4). */
export function authorityOfInput(input: Input): Authority {
  if (input.kind === 'report') return input.authority;
  if (input.kind === 'heartbeat') return 'worker';
  return input.kind === 'abort' || input.kind === 'time_out' ? 'watchdog' : 'operator';
}

/**
 * Whether a condition of the transition table holds for a state and who moves it. Without a moment, what hangs on the clock
 * holds: an event says that it was judged so.
 */
export function conditionHolds(
  condition: Condition,
  state: ExistingExecution,
  authority: Authority,
  isStrict: boolean,
  now: DecisionTime | undefined,
): boolean {
  switch (condition) {
    case 'strict':
      return isStrict;
    case 'correctable':
      return authorityOf(state) === 'watchdog' && authority === 'worker';
    case 'sealed':
      return isSealed(state.status, authorityOf(state));
    case 'dispatched':
      return state.dispatched;
    case 'stale':
      return now === undefined || hasGoneStale(state.last_activity_at, now);
    case 'unclaimed':
      return isUnclaimed(state);
    case 'due':
      return now === undefined || isPastDue(state, now.at);
  }
}

const isStrictReport = (input: Input): boolean => input.kind === 'report' && input.mode === 'strict';

/** The conditions of the transition table, put to a request and the state it meets. */
export const conditionsOf =
  (input: Input, state: ExistingExecution, now: DecisionTime) =>
  (condition: Condition): boolean =>
    conditionHolds(condition, state, authorityOfInput(input), isStrictReport(input), now);
