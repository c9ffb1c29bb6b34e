import type { ExistingExecution } from '../src/domain/execution.js';
import type { Json } from '../src/domain/json.js';

/** What a column holds; the read model knows how each is written. `json` and `text` take any string, NUL included. */
export type ColumnType = 'text' | 'text[]' | 'integer' | 'bigint' | 'boolean' | 'instant' | 'json';

export interface Column {
  readonly type: ColumnType;
  readonly nullable?: boolean;
  /** A text of the ledger's own, always short enough for an index entry: indexed as it is. */
  readonly short?: boolean;
}

/** An index that a read model is looked up by. `where` is a condition over its columns. */
export interface Index {
  readonly columns: readonly string[];
  readonly method?: 'btree' | 'gin';
  readonly where?: string;
}

/**
 * A read model as a pure fold: one row per execution. The same functions serve the live table, a rebuild and its
 * verification, so that a row always equals the fold of its stream (domain.md §6).
 */
export interface Projection {
  /** Names the table, the checkpoint and the door. */
  readonly name: string;
  /** Rises when a row would look different for the same stream; a new version is a new table. */
  readonly version: number;
  readonly key: string;
  readonly columns: Readonly<Record<string, Column>>;
  readonly indexes: readonly Index[];
  /** The row of an execution in this state, a value for each column. */
  row(executionId: string, state: ExistingExecution): Readonly<Record<string, Json>>;
}
