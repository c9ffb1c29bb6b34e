import type { Instant } from '../domain/events.js';
import type { DecisionTime } from '../domain/decision-time.js';
import type { Status } from '../domain/status.js';

/** How many there are on all pages of a list; where that is not exact, there are more. */
export interface Total {
  readonly total: number;
  readonly isExact: boolean;
}

/** Of executions in short in one page, beyond which it holds no further one. */
export const SHORT_BYTES = 4 * 1024 * 1024;

/** Where a page of a list goes on: after the execution with this sort key. */
export interface Keyset {
  /** A moment, or a number where the list is sorted by one. */
  readonly key: Instant | number;
  readonly executionId: string;
}

/** What a list may be sorted by; by what not all executions have, it has those that do. */
export const SORT_KEYS = ['created_at', 'started_at', 'completed_at', 'last_activity_at', 'duration_ms'] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export const SORTS = SORT_KEYS.flatMap((key) => [`-${key}`, key] as const);
export type Sort = (typeof SORTS)[number];
/** What a list is sorted by, whichever way. */
export const sortKeyOf = (sort: Sort): SortKey => sort.replace(/^-/, '') as SortKey;

/** What executions are compared with, one value of each. */
export interface ComparedValues {
  readonly status: Status;
  readonly workflow_id: string;
  readonly run_id: string;
  readonly target: string;
  readonly kind: string;
  readonly parent_execution_id: string;
  /** `key:value`: see {@link labelAsked}. */
  readonly label: string;
  /** Text that its error holds. */
  readonly error: string;
  /** A fingerprint. */
  readonly failure_group: string;
}

type Flag =
  | 'resumable'
  | 'stale'
  | 'silent'
  | 'dispatched'
  | 'awaiting_worker'
  | 'cancellable'
  | 'doubt'
  | 'zombie'
  | 'past_due'
  | 'refused';
type Bound = `${'created' | 'started' | 'completed' | 'last_activity'}_${'after' | 'before'}`;
type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What an execution must be like to be listed (docs/http-api.md, Reads). With a `-` before its name: like none of these values. */
export type ListFilter = Optional<
  Omit<ComparedValues, 'status' | 'label'> & {
    readonly status: readonly Status[];
    readonly label: readonly string[];
    /** What its id, its run's or its workflow's begins with. */
    readonly q: string;
    /** For longer than so many milliseconds. */
    readonly silent_for: number;
    readonly attempt_above: number;
  } & Record<Flag, boolean> &
    Record<Bound, Instant> & { readonly [K in keyof ComparedValues as `-${K}`]: readonly ComparedValues[K][] }
>;

/** What a label filter asks for: the first colon ends the key. */
export function labelAsked(label: string): readonly [key: string, value: string] {
  const colon = label.indexOf(':');
  return [label.slice(0, colon), label.slice(colon + 1)];
}

/** What is selected of all executions: by what a caller asks for, among what he may know of. */
export interface Selection extends ListFilter {
  /** What the id begins with. */
  readonly within?: string | undefined;
}

export interface ListRequest {
  readonly filter: Selection;
  readonly sort: Sort;
  readonly limit: number;
  readonly after?: Keyset;
  /** Whether those on all pages are to be counted. */
  readonly count?: boolean | undefined;
  /** The clock that `stale` and `resumable` are judged by. */
  readonly now: DecisionTime;
}

/** What is to be counted at one position: the executions of each kind. */
export interface InboxRequest {
  readonly filters: Readonly<Record<string, Selection>>;
  readonly now: DecisionTime;
}
