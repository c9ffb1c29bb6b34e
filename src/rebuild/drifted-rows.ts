import type pg from 'pg';
import { encodeText } from '../encoding/json.js';
import type { DifferingRow } from './row-check.js';

/** A projection's version, whose rows are looked at. */
type Identity = readonly [projection: string, version: number];

/** Of the rows that were found wrong those that nobody has looked at for longest. */
export async function driftToCheck(client: pg.ClientBase, identity: Identity, most: number): Promise<string[]> {
  const { rows } = await client.query<{ execution_id: string }>(
    `select execution_id from ledger.drifted_rows where projection = $1 and version = $2 order by looked_at limit $3`,
    [...identity, most],
  );
  return rows.map(({ execution_id }) => execution_id);
}

/** Keeps which of the rows that were looked at are wrong, each with the moment when that was found first. */
export async function keepDrift(
  client: pg.ClientBase,
  identity: Identity,
  lookedAt: readonly string[],
  differing: readonly DifferingRow[],
): Promise<void> {
  const ids = differing.map(({ executionId }) => encodeText(executionId));
  await client.query(
    `with right_again as (
       delete from ledger.drifted_rows
        where projection = $1 and version = $2 and execution_id = any($3) and execution_id <> all($4)
     )
     insert into ledger.drifted_rows (projection, version, execution_id, field)
     select $1, $2, wrong.execution_id, wrong.field from unnest($4::text[], $5::text[]) as wrong (execution_id, field)
     on conflict (projection, version, execution_id) do update set field = excluded.field, looked_at = excluded.looked_at`,
    [...identity, lookedAt, ids, differing.map(({ fields }) => fields[0]!)],
  );
}
