import type { Instant, RecordedEvent } from '../src/domain/events.js';
import type { ExecutionState, ExistingExecution } from '../src/domain/execution.js';
import type { Json, JsonObject } from '../src/domain/json.js';

/** What a column holds; the read model knows how each is written. `json` and `text` take any string, NUL included. */
export type ColumnType = 'text' | 'text[]' | 'integer' | 'bigint' | 'double' | 'boolean' | 'instant' | 'json';

export interface Column {
  readonly type: ColumnType;
  readonly nullable?: boolean;
  /** A text of the ledger's own, always short enough for an index entry: indexed as it is. */
  readonly short?: boolean;
  /** Only the ledger's own readers know what it means: the rows are shown without it. */
  readonly internal?: true;
}

/** Parameters and members of `GET /projections/:name/rows`: no column can be called so. */
export const NO_COLUMNS = ['absent', 'limit', 'cursor', 'wait_for', 'wait_ms', 'truncated'] as const;
type Columns = Readonly<Record<string, Column>> & { readonly [K in (typeof NO_COLUMNS)[number]]?: never };

/** An index that a read model is looked up by. `where` is a condition over its columns. */
export interface Index {
  readonly columns: readonly string[];
  /** `trigram`: finds what a text holds anywhere; made where the database has the extension `pg_trgm`. */
  readonly method?: 'btree' | 'gin' | 'trigram';
  readonly where?: string;
}

/** An event in an execution's stream whose type is not ours: it moves the place of the state, and nothing else. */
export interface ForeignEvent {
  readonly type: 'foreign';
  readonly revision: number;
  readonly position: bigint;
  readonly recorded_at: Instant;
}

/** An event as a projection sees it, with the execution it is of. */
export type ProjectedEvent = (RecordedEvent | ForeignEvent) & { readonly execution_id: string };

interface ProjectionBase {
  /** Names the table, the checkpoint and the endpoint. */
  readonly name: string;
  /** Rises when the table would look different for the same log; a new version is a new table. */
  readonly version: number;
  readonly columns: Columns;
  readonly indexes: readonly Index[];
}

export type Row = Readonly<Record<string, Json>>;

/** One row per execution, replaced whole. Among its columns are `execution_id` and `revision`. */
export interface RowProjection extends ProjectionBase {
  readonly kind: 'rows';
  readonly key: 'execution_id';
  /** The row of the execution after this event, a value for each column. Of a page's events only the last is asked for. */
  contribute(before: ExecutionState, after: ExistingExecution, event: ProjectedEvent): Row;
  /**
   * The table also says how many reports were refused: a count that no fold of the execution's stream knows
   * (docs/semantics.md §6).
   */
  readonly countsRefusals?: true;
  /** The inverse, where a row holds the whole fold: whoever needs that state need not read the stream again. */
  restore?(stored: StoredFold): ExistingExecution;
}

/** What a row that holds the whole fold is read back from. */
export interface StoredFold {
  readonly state: JsonObject;
  readonly payload?: JsonObject | null;
  readonly revision: number;
  readonly position: bigint;
}

/** So much more, or less, under a key. A row that nobody ever added to counts 0. */
export interface Increment {
  /** A value for each key column; null where nobody said. */
  readonly key: Row;
  /** A whole number, possibly negative, for each other column. */
  readonly add: Readonly<Record<string, number>>;
}

/** Rows that add up: all columns but the key are numbers, and numbers are only ever added. */
export interface CounterProjection extends ProjectionBase {
  readonly kind: 'counters';
  readonly key: readonly string[];
  /** What this event adds and takes back. Called once for each event of an execution, in the order of its stream. */
  contribute(before: ExecutionState, after: ExistingExecution, event: ProjectedEvent): readonly Increment[];
}

/**
 * A read model as a pure function of the log. `before` and `after` are the fold of the execution's stream, by the one
 * `evolve`, around the event. The same function serves the live table, a rebuild, its verification and a replay, so that a
 * row always equals the fold of its stream, and a count the number of such rows (docs/semantics.md §6).
 */
export type Projection = RowProjection | CounterProjection;

/**
 * What an event changes where each execution counts under some keys for as long as its state says so: it leaves those of
 * `before` and joins those of `after`, each key once. Whatever it stays under is not touched.
 */
export function moved(before: readonly Row[], after: readonly Row[], column = 'count'): Increment[] {
  const left = before.filter((key) => !after.some((other) => sameKey(key, other)));
  const joined = after.filter((key) => !before.some((other) => sameKey(key, other)));
  return [
    ...left.map((key) => ({ key, add: { [column]: -1 } })),
    ...joined.map((key) => ({ key, add: { [column]: 1 } })),
  ];
}

const sameKey = (one: Row, other: Row): boolean => {
  for (const column in one) if (one[column] !== other[column]) return false;
  return true;
};
