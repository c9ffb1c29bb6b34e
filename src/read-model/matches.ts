import { errorOf, momentsOf } from '../../projections/execution-status.js';
import { failureGroupOf } from '../../projections/failure-pattern.js';
import { searchText } from '../../projections/short-text.js';
import { encodeText } from '../encoding/json.js';
import type { Instant } from '../domain/events.js';
import { isInDoubt, isPastDue, type ExistingExecution } from '../domain/execution.js';
import { runOf } from '../domain/identity.js';
import { isResumable, isStale } from '../domain/resumable.js';
import type { DecisionTime } from '../domain/decision-time.js';
import { awaitsWorker, isSilent, isSilentFor } from '../domain/silence.js';
import { isSealed } from '../domain/status.js';
import { authorityOf } from '../domain/verdict.js';
import { labelAsked, type ComparedValues, type Selection } from './list-request.js';

/** An execution that a filter is asked about. */
export interface Candidate {
  readonly executionId: string;
  readonly state: ExistingExecution;
  readonly refusedCount: number;
  readonly contradictedAttempt: number;
  readonly fencedAttempt: number;
}

type Predicate<V> = (wanted: V, one: Candidate, now: DecisionTime) => boolean;
/** What every filter of `F` means: one that is not told here does not compile. */
export type FilterPredicates<F> = { readonly [K in keyof F]-?: Predicate<NonNullable<F[K]>> };

/** Whether the whole text begins so, by characters: half of one is the beginning of none. */
const begins = (text: string | undefined, beginning: string): boolean =>
  text !== undefined && encodeText(text).startsWith(encodeText(beginning));

type InstantComparison = (at: Instant, wanted: Instant) => boolean;
const after: InstantComparison = (at, wanted) => at > wanted;
const before: InstantComparison = (at, wanted) => at < wanted;

/** What never happened was neither after nor before a moment. */
const moment =
  (key: keyof ReturnType<typeof momentsOf>, way: InstantComparison): Predicate<Instant> =>
  (wanted, { state }) => {
    const at = momentsOf(state)[key];
    return at !== undefined && way(at, wanted);
  };

/** What is true for none of these values. */
const none =
  <V>(predicate: Predicate<V>): Predicate<readonly V[]> =>
  (values, one, now) =>
    !values.some((value) => predicate(value, one, now));

/** The meaning of those filters that can be asked the other way round, for one value. */
const IS: { readonly [K in keyof ComparedValues]: Predicate<ComparedValues[K]> } = {
  status: (wanted, { state }) => state.status === wanted,
  workflow_id: (wanted, { state }) => state.description.workflow_id === wanted,
  run_id: (wanted, { executionId, state }) => runOf(executionId, state) === wanted,
  target: (wanted, { state }) => state.description.target === wanted,
  kind: (wanted, { state }) => state.description.kind === wanted,
  parent_execution_id: (wanted, { state }) => state.description.parent_execution_id === wanted,
  label: (wanted, { state }) => {
    const [key, value] = labelAsked(wanted);
    const labels = state.description.labels ?? {};
    return Object.hasOwn(labels, key) && labels[key] === value;
  },
  error: (wanted, { state }) => errorOf(state)?.includes(searchText(wanted)) ?? false,
  failure_group: (wanted, { state }) => failureGroupOf(state) === wanted,
};

/** The exact meaning of each filter (docs/http-api.md, Reads). Its SQL in `list-query.ts` is held to it by a property test. */
export const PREDICATES: FilterPredicates<Selection> = {
  ...IS,
  within: (wanted, { executionId }) => begins(executionId, wanted),
  status: (wanted, one, now) => wanted.some((status) => IS.status(status, one, now)),
  label: (wanted, one, now) => wanted.every((label) => IS.label(label, one, now)),
  '-status': none(IS.status),
  '-workflow_id': none(IS.workflow_id),
  '-run_id': none(IS.run_id),
  '-target': none(IS.target),
  '-kind': none(IS.kind),
  '-parent_execution_id': none(IS.parent_execution_id),
  '-label': none(IS.label),
  '-error': none(IS.error),
  '-failure_group': none(IS.failure_group),
  q: (wanted, { executionId, state }) =>
    [executionId, runOf(executionId, state), state.description.workflow_id].some((id) => begins(id, wanted)),
  resumable: (wanted, { state }, now) => isResumable(state, now) === wanted,
  stale: (wanted, { state }, now) => isStale(state, now) === wanted,
  silent: (wanted, { state }, now) => isSilent(state, now) === wanted,
  silent_for: (ms, { state }, now) => isSilentFor(state, ms, now),
  dispatched: (wanted, { state }) => state.dispatched === wanted,
  awaiting_worker: (wanted, { state }) => awaitsWorker(state) === wanted,
  cancellable: (wanted, { state }) => isSealed(state.status, authorityOf(state)) !== wanted,
  doubt: (wanted, { state, contradictedAttempt }) =>
    (isInDoubt(state) || contradictedAttempt === state.attempt) === wanted,
  zombie: (wanted, { state, fencedAttempt }) =>
    (fencedAttempt === state.attempt && !isSealed(state.status, authorityOf(state))) === wanted,
  past_due: (wanted, { state }, now) => isPastDue(state, now.at) === wanted,
  refused: (wanted, { refusedCount }) => refusedCount > 0 === wanted,
  attempt_above: (wanted, { state }) => state.attempt > wanted,
  created_after: moment('created_at', after),
  created_before: moment('created_at', before),
  started_after: moment('started_at', after),
  started_before: moment('started_at', before),
  completed_after: moment('completed_at', after),
  completed_before: moment('completed_at', before),
  last_activity_after: moment('last_activity_at', after),
  last_activity_before: moment('last_activity_at', before),
};

/** Whether a filter lets an execution through, as it is. */
export const matches = (filter: Selection, one: Candidate, now: DecisionTime): boolean =>
  (Object.keys(PREDICATES) as (keyof Selection)[]).every((key) => {
    const predicate = PREDICATES[key] as Predicate<unknown>;
    return filter[key] === undefined || predicate(filter[key], one, now);
  });
