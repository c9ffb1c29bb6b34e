import { executionRow, executionStatus } from '../../../projections/execution-status.js';
import { encodeText } from '../../../src/encoding/json.js';
import { encodeRows, writeStatement } from '../../../src/projection-tables/rows.js';
import { tableOf } from '../../../src/projection-tables/table.js';
import type { ListedExecution } from './listed.js';
import type { ProjectedLedger } from './projection.js';

/** Fills the read model with these executions and no others. */
export async function fill(ledger: ProjectedLedger, all: readonly ListedExecution[]): Promise<void> {
  const table = tableOf(executionStatus, 1);
  const rows = all.map(({ executionId, state }) => executionRow(executionId, state));
  await ledger.sql(`truncate ${table}`);
  await ledger.sql(writeStatement(executionStatus, 1, 'true'), encodeRows(executionStatus, rows));
  const refusals = all.map(({ executionId, refusals, contradicted = 0, fenced = 0 }) => ({
    execution_id: encodeText(executionId),
    last: refusals - 1,
    contradicted,
    fenced,
  }));
  await ledger.sql(
    `update ${table} e set refused_revision = r.last, contradicted_attempt = r.contradicted, fenced_attempt = r.fenced
       from json_to_recordset($1) as r (execution_id text, last integer, contradicted integer, fenced integer)
      where e.execution_id = r.execution_id`,
    JSON.stringify(refusals),
  );
}
