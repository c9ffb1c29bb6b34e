import { executionStatus, stateOf, truncatedIn } from '../../projections/execution-status.js';
import { decodeText, parseJson } from '../encoding/json.js';
import { REFUSED_KEPT } from '../domain/events.js';
import type { UnreadablePoint } from '../domain/execution.js';
import type { JsonObject } from '../domain/json.js';
import type { CheckpointRow } from '../projection-tables/checkpoint.js';
import { viewOf } from '../projection-tables/table.js';
import { bounded, LISTED, LISTED_NAMES } from './list-query.js';
import type { ProjectedExecution } from './read-model.js';

/** An execution of the table, beside how far the table has come; its id is null where there is none. */
export interface ProjectedRow extends CheckpointRow {
  execution_id: string | null;
  state: string;
  payload?: string | null;
  revision: number;
  position: string;
  refused_revision: number;
  contradicted_attempt: number;
  fenced_attempt: number;
  unreadable_revision: number | null;
  unreadable_error: string | null;
  fold_version: number;
  /** Whether there is another behind it, in a page. */
  followed?: boolean;
  /** How many there are on all pages, where that was asked for. */
  total?: number;
}

/** What is parked may be retried at this moment: then the error is gone before the mark. */
const unreadableOf = ({ unreadable_revision, unreadable_error }: ProjectedRow): UnreadablePoint => ({
  revision: unreadable_revision!,
  error: decodeText(unreadable_error ?? 'it is being read again'),
});

/** An execution as the row has it; without its payload, and what is cut then, where that was not asked for. */
export function projected(row: ProjectedRow): ProjectedExecution {
  const state = parseJson(row.state) as JsonObject;
  const payload = row.payload ? (parseJson(row.payload) as JsonObject) : null;
  const truncated = row.payload === undefined ? truncatedIn(state) : undefined;
  return {
    executionId: decodeText(row.execution_id!),
    state: stateOf({ state, payload, revision: row.revision, position: BigInt(row.position) }),
    refusedCount: Math.min(row.refused_revision + 1, REFUSED_KEPT),
    contradictedAttempt: row.contradicted_attempt,
    fencedAttempt: row.fenced_attempt,
    ...(row.unreadable_revision === null ? {} : { unreadable: unreadableOf(row) }),
    foldVersion: row.fold_version,
    ...(truncated && { truncated }),
  };
}

const find = (columns: string): string => `
  select c.position as checkpoint, c.recorded_at as checkpoint_at, c.fold_version, r.*
  from ledger.checkpoints c
  left join (select ${columns} from ${viewOf(executionStatus)} where execution_id = any($2)) r on true
 where c.projection = $1 and c.live`;
/** Executions by their ids, whole. */
export const FIND = find(`${LISTED}, payload`);
/** The same in short. */
export const FIND_MANY = find(LISTED);

/** Of some executions those in short whose last change lies between two positions, in the order of these changes. */
export const CHANGED = `select c.position as checkpoint, c.recorded_at as checkpoint_at, c.fold_version, r.*
  from ledger.checkpoints c
  left join lateral (
    ${bounded(LISTED_NAMES, `select ${LISTED} from ${viewOf(executionStatus)} where execution_id = any($2) and position > $3 and position <= $4`, 'order by position', 'cardinality($2)')}
  ) r on true
 where c.projection = $1 and c.live order by r.position`;
