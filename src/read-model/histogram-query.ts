import { outcomeHistogram, type HistogramScope } from '../../projections/outcome-histogram.js';
import { durationOf } from '../../projections/target-health.js';
import { decodeText } from '../encoding/json.js';
import { after, EPOCH } from '../domain/clock.js';
import type { CheckpointRow } from '../projection-tables/checkpoint.js';
import { keyText } from '../projection-tables/rows.js';
import { viewOf } from '../projection-tables/table.js';
import { INTERVALS, type HistogramBucket, type HistogramKey, type HistogramRequest } from './summaries.js';
import { Parameters } from './text-conditions.js';

/** So many values have a count of their own: those with the most outcomes in the range. */
const MOST_VALUES = 10;
const COLUMNS: Readonly<Record<HistogramKey, string>> = {
  status: 'status',
  workflow: 'workflow_id',
  target: 'target',
  kind: 'kind',
};

export interface HistogramRow extends CheckpointRow {
  /** Null where there is nothing to show. */
  readonly begins: Date | null;
  /** How many have one of the values with the most of them; null for the others together, and for those without one. */
  readonly counts: readonly (readonly [value: string | null, count: number, absent: boolean])[];
  /** The buckets of the sketch that the quantiles lie in. */
  readonly p50: number | null;
  readonly p95: number | null;
}

/** Where the outcomes are counted, and where their durations: in the smallest rows that have what is asked for. */
function scopesOf({
  interval,
  by,
  workflow_id,
  target,
}: HistogramRequest): Record<'counted' | 'timed', HistogramScope> {
  if (interval !== '1d') return { counted: 'minute', timed: 'minute' };
  if (workflow_id !== undefined || target !== undefined) return { counted: 'day', timed: 'day' };
  const counted = by === 'target' ? 'day-targets' : by === 'workflow' ? 'day-workflows' : 'day-durations';
  return { counted, timed: 'day-durations' };
}

/**
 * What the values with the most outcomes are found in, each interval with each of its values. Of a status or a kind there are
 * few, and they are summed first. Of a workflow or a target there are nearly as many as rows: to sum them first would cost more
 * than all that follows.
 */
const SUMMED: Readonly<Record<HistogramKey, string>> = {
  status: 'select begins, value, sum(count) as n from counted group by 1, 2',
  kind: 'select begins, value, sum(count) as n from counted group by 1, 2',
  workflow: 'select begins, value, count as n from counted',
  target: 'select begins, value, count as n from counted',
};

const FILTERED = ['workflow_id', 'target', 'kind'] as const;

/** The outcomes of a range, interval by interval, with the checkpoint they stand at. */
export function histogramStatement(request: HistogramRequest): { text: string; values: unknown[] } {
  const { interval, by, status, '-status': left, from, to } = request;
  const parameters = new Parameters();
  const name = parameters.add(outcomeHistogram.name);
  const step = `${parameters.add(INTERVALS[interval].ms / 1_000)} * interval '1 second'`;
  const conditions = [
    `at >= ${parameters.add(from)}::timestamptz and at < ${parameters.add(to)}::timestamptz and count <> 0`,
    ...(status === undefined ? [] : [`status = any(${parameters.add(status)}::text[])`]),
    ...(left === undefined ? [] : [`status <> all(${parameters.add(left)}::text[])`]),
    ...FILTERED.flatMap((column) =>
      request[column] === undefined ? [] : [`${column} = ${parameters.add(keyText(request[column]))}`],
    ),
  ].join(' and ');
  const { counted, timed } = scopesOf(request);
  const read = (scope: HistogramScope): string =>
    `select date_bin(${step}, at, '${EPOCH}') as begins, ${COLUMNS[by]} as value, bucket, count::float8 as count
       from ${viewOf(outcomeHistogram)} where scope = '${scope}' and ${conditions}`;
  const text = `with counted as (${read(counted)}),
    timed as (${timed === counted ? 'select * from counted' : read(timed)}),
    summed as materialized (${SUMMED[by]}),
    most as (select value from summed where value is not null group by 1 order by sum(n) desc, value limit ${MOST_VALUES}),
    sums as (
      select begins, most.value, s.value is null as absent, sum(n) as n
        from summed s left join most using (value) group by 1, 2, 3
    ),
    counts as (select begins, json_agg(json_build_array(value, n, absent) order by n desc, value) as counts from sums group by 1),
    buckets as (select begins, bucket, sum(count) as n from timed where bucket is not null group by 1, 2),
    ranks as (
      select begins, bucket, sum(n) over (partition by begins order by bucket rows unbounded preceding) as upto, sum(n) over (partition by begins) as total
        from buckets
    ),
    quantiles as (
      select begins, ${[50, 95].map((p) => `min(bucket) filter (where upto > ${p / 100} * (total - 1)) as p${p}`).join(', ')}
        from ranks group by 1
    )
    select c.position as checkpoint, c.recorded_at as checkpoint_at, found.*
      from ledger.checkpoints c left join (select * from counts left join quantiles using (begins)) found on true
     where c.projection = ${name} and c.live`;
  return { text, values: parameters.values };
}

/** All intervals of the range, those included in which nothing ended. */
export function bucketsOf(rows: readonly HistogramRow[], { from, to, interval }: HistogramRequest): HistogramBucket[] {
  const found = new Map(rows.map((row) => [row.begins?.toISOString(), row]));
  const buckets: HistogramBucket[] = [];
  for (let at = from; at < to; at = after(at, INTERVALS[interval].ms)) buckets.push(bucketOf(at, found.get(at)));
  return buckets;
}

function bucketOf(from: string, row: HistogramRow | undefined): HistogramBucket {
  if (row === undefined) return { from, counts: {} };
  const values = row.counts.flatMap(([value, n]) => (value === null ? [] : [[decodeText(value), n] as const]));
  const rest = row.counts.flatMap(([value, n, absent]) =>
    value === null ? [[absent ? 'absent' : 'others', n] as const] : [],
  );
  return {
    ...{ from, counts: Object.fromEntries(values), ...Object.fromEntries(rest) },
    ...(row.p50 !== null && { p50_ms: durationOf(row.p50) }),
    ...(row.p95 !== null && { p95_ms: durationOf(row.p95) }),
  };
}
