import { executionStatus } from '../../projections/execution-status.js';
import { decodeText, encodeText } from '../encoding/json.js';
import type { CheckpointRow } from '../projection-tables/checkpoint.js';
import { viewOf } from '../projection-tables/table.js';
import type { DueExecution, DueRequest } from './read-model.js';

export interface DueRow extends CheckpointRow {
  /** Null where nothing is due. */
  readonly execution_id: string | null;
  readonly revision: number;
  readonly due_at: Date;
}

/** What is due, in the order of its index, with the checkpoint it stands at. */
export function dueStatement({ at, after, limit }: DueRequest): { text: string; values: unknown[] } {
  const behind = after ? 'and (due_at, execution_id) > ($4, $5)' : '';
  const text = `select c.position as checkpoint, c.recorded_at as checkpoint_at, r.*
    from ledger.checkpoints c left join lateral (
      select execution_id, revision, due_at from ${viewOf(executionStatus)}
       where due_at <= $2 and unreadable_revision is null ${behind}
       order by due_at, execution_id limit $3) r on true
    where c.projection = $1 and c.live order by due_at, execution_id`;
  const place = after ? [after.dueAt, encodeText(after.executionId)] : [];
  return { text, values: [executionStatus.name, at, limit, ...place] };
}

export const dueOf = (rows: readonly DueRow[]): DueExecution[] =>
  rows
    .filter((row) => row.execution_id !== null)
    .map(({ execution_id, revision, due_at }) => ({
      executionId: decodeText(execution_id!),
      revision,
      dueAt: due_at.toISOString(),
    }));
