import { executionStatus } from '../../projections/execution-status.js';
import { failureGroups } from '../../projections/failure-groups.js';
import { decodeText, encodeText } from '../encoding/json.js';
import type { CheckpointRow } from '../projection-tables/checkpoint.js';
import { keyText } from '../projection-tables/rows.js';
import { viewOf } from '../projection-tables/table.js';
import type { FailureGroup, FailuresRequest } from './summaries.js';
import { equals, Parameters } from './text-conditions.js';

/** How many groups are shown: those with the most failures. */
const MOST_GROUPS = 100;
/** How many targets of each are named. */
const MOST_TARGETS = 5;

export interface GroupRow extends CheckpointRow {
  /** Null where there is nothing to show. */
  readonly fingerprint: string | null;
  readonly pattern: string;
  readonly count: string;
  readonly standing: string;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly targets: readonly string[] | null;
  readonly example: string | null;
}

const DESCRIBED = ['workflow_id', 'target', 'kind'] as const;

/**
 * The groups of a range with the checkpoint they stand at, the largest first and one more than is shown. The example is looked
 * up among the executions that stand so now.
 */
export function failuresStatement({ status, from, to, ...asked }: FailuresRequest): {
  text: string;
  values: unknown[];
} {
  const parameters = new Parameters();
  const name = parameters.add(failureGroups.name);
  const [begin, end] = [from, to].map((at) => `${parameters.add(at)}::timestamptz`);
  const statuses = status === undefined ? [] : [`status = any(${parameters.add(status)}::text[])`];
  const wanted = DESCRIBED.flatMap((column) => (asked[column] === undefined ? [] : [[column, asked[column]] as const]));
  const counted = wanted.map(([column, text]) => `${column} = ${parameters.add(keyText(text))}`);
  const standing = wanted.map(([column, text]) => equals(column, encodeText(text), parameters));
  const text = `with found as (
      select fingerprint, pattern, target, sum(failures) as failures, sum(standing) as standing,
             min(minute) as first_at, max(minute) as last_at
        from ${viewOf(failureGroups)}
       where ${[`minute >= ${begin}`, `minute < ${end}`, 'failures > 0', ...statuses, ...counted].join(' and ')}
       group by fingerprint, pattern, target
    ), groups as (
      select fingerprint, pattern, sum(failures) as count, sum(standing) as standing, min(first_at) as first_at, max(last_at) as last_at,
             (array_agg(target order by failures desc, target) filter (where target is not null))[1:${MOST_TARGETS}] as targets
        from found group by fingerprint, pattern order by count desc, fingerprint limit ${MOST_GROUPS + 1}
    )
    select c.position as checkpoint, c.recorded_at as checkpoint_at, groups.*, case when standing > 0 then (
        select execution_id from ${viewOf(executionStatus)}
         where ${['failure_group = groups.fingerprint', `completed_at >= ${begin}`, `completed_at < ${end} + interval '1 minute'`, ...statuses, ...standing].join(' and ')}
         order by completed_at desc, execution_id desc limit 1) end as example
      from ledger.checkpoints c left join groups on true
     where c.projection = ${name} and c.live order by count desc, fingerprint`;
  return { text, values: parameters.values };
}

/** The groups that were found, and whether there are more. */
export function failuresOf(rows: readonly GroupRow[]): { groups: FailureGroup[]; more: boolean } {
  const found = rows.filter(({ fingerprint }) => fingerprint !== null);
  const groups = found.slice(0, MOST_GROUPS).map((row) => ({
    fingerprint: row.fingerprint!,
    pattern: decodeText(row.pattern),
    count: Number(row.count),
    standing: Number(row.standing),
    first_at: row.first_at.toISOString(),
    last_at: row.last_at.toISOString(),
    targets: (row.targets ?? []).map(decodeText),
    ...(row.example !== null && { example: decodeText(row.example) }),
  }));
  return { groups, more: found.length > MOST_GROUPS };
}
