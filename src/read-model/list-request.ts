import type { Instant } from '../domain/events.js';
import type { DecisionTime } from '../domain/decision-time.js';
import type { ListFilter, Sort } from '../contract/queries.js';

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
