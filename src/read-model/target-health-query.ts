import { quantiles, targetHealth } from '../../projections/target-health.js';
import { decodeText } from '../encoding/json.js';
import type { CheckpointRow } from '../projection-tables/checkpoint.js';
import { keyText } from '../projection-tables/rows.js';
import { viewOf } from '../projection-tables/table.js';
import type { Health, HealthRequest, TargetHealth } from './summaries.js';

/** How many targets are shown where none is asked for: those with the most outcomes. */
const MOST_TARGETS = 200;

export interface HealthRow extends CheckpointRow {
  readonly target: string | null;
  readonly hour: Date | null;
  /** Null where there is nothing to show. */
  readonly status: string | null;
  readonly authority: string;
  readonly bucket: number | null;
  readonly count: string;
}

/** The counts of the whole range by target, or of one target by the hour, with the checkpoint they stand at. */
export function healthStatement({ target, from, to }: HealthRequest): { text: string; values: unknown[] } {
  const { name } = targetHealth;
  const table = viewOf(targetHealth);
  const range = `hour >= $2::timestamptz and hour < $3::timestamptz and count <> 0`;
  const most = `select target from ${table} where ${range} group by target order by sum(count) desc, target limit $4`;
  const [asked, hour] =
    target === undefined
      ? [`exists (select from (${most}) most where most.target is not distinct from h.target)`, 'null::timestamptz']
      : ['target = $4', 'hour'];
  const text = `select c.position as checkpoint, c.recorded_at as checkpoint_at, found.*
    from ledger.checkpoints c
    left join (select target, ${hour} as hour, status, authority, bucket, sum(count) as count from ${table} h
                where ${range} and ${asked} group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5) found on true
   where c.projection = $1 and c.live`;
  return { text, values: [name, from, to, target === undefined ? MOST_TARGETS : keyText(target)] };
}

/** The rows of one target, or of one hour of it, as what they come to. */
function healthOf(rows: readonly HealthRow[]): Health {
  const outcomes: Record<string, Record<string, number>> = {};
  const buckets = new Map<number, number>();
  for (const { status, authority, bucket, count } of rows) {
    const by = (outcomes[status!] ??= {});
    by[authority] = (by[authority] ?? 0) + Number(count);
    if (bucket !== null) buckets.set(bucket, (buckets.get(bucket) ?? 0) + Number(count));
  }
  const durations_ms = quantiles(buckets);
  return durations_ms === undefined ? { outcomes } : { outcomes, durations_ms };
}

const grouped = <K>(rows: readonly HealthRow[], by: (row: HealthRow) => K): [K, HealthRow[]][] => {
  const groups = new Map<K, HealthRow[]>();
  for (const row of rows) groups.set(by(row), [...(groups.get(by(row)) ?? []), row]);
  return [...groups];
};

/** What was found, target by target. */
export function targetsOf(rows: readonly HealthRow[]): TargetHealth[] {
  const found = rows.filter(({ status }) => status !== null);
  return grouped(found, ({ target }) => target).map(([target, all]) => {
    const timed = all.filter(({ hour }) => hour !== null);
    const hours = grouped(timed, ({ hour }) => hour!.toISOString()).map(([hour, some]) => ({
      hour,
      ...healthOf(some),
    }));
    return {
      target: target === null ? null : decodeText(target),
      ...healthOf(all),
      ...(hours.length > 0 ? { hours } : {}),
    };
  });
}
