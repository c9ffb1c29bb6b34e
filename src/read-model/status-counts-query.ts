import { statusCounts } from '../../projections/status-counts.js';
import type { Status } from '../domain/status.js';
import type { CheckpointRow } from '../projection-tables/checkpoint.js';
import { keyText } from '../projection-tables/rows.js';
import { viewOf } from '../projection-tables/table.js';
import type { Counts, CountsRequest } from './summaries.js';

export interface CountRow extends CheckpointRow {
  readonly status: Status | null;
  readonly count: string;
}

/** The counts with the checkpoint they stand at: nine rows for the whole, else those of a workflow, a target or both. */
export function countsStatement(request: CountsRequest): { text: string; values: unknown[] } {
  const values: unknown[] = [statusCounts.name];
  const asked = (['workflow_id', 'target'] as const).filter((column) => request[column] !== undefined);
  const conditions = asked.map((column) => `${column} = $${values.push(keyText(request[column]!))}`);
  const where = [`scope = '${asked.length === 0 ? 'all' : 'each'}'`, ...conditions].join(' and ');
  const text = `select c.position as checkpoint, c.recorded_at as checkpoint_at, s.status, s.count
    from ledger.checkpoints c
    left join (select status, sum(count) as count from ${viewOf(statusCounts)} where ${where} group by status) s on true
   where c.projection = $1 and c.live`;
  return { text, values };
}

export const countsOf = (rows: readonly CountRow[]): Counts =>
  Object.fromEntries(rows.flatMap(({ status, count }) => (status === null ? [] : [[status, Number(count)]])));
