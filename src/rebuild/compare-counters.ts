import type pg from 'pg';
import type { CounterProjection } from '../../projections/projection.js';
import { noDrift, countDrift, type ComparisonResult } from './drift.js';

/** The comparison of counters, which only says something when both tables stand at the same position. */
export async function compareCounters(
  client: pg.ClientBase,
  projection: CounterProjection,
  live: string,
  rebuilt: string,
): Promise<ComparisonResult> {
  const key = projection.key.join(', ');
  const counts = Object.keys(projection.columns).filter((column) => !projection.key.includes(column));
  const side = (table: string, sign: 0 | 1): string =>
    `select ${key}, ${counts.flatMap((c) => [`${c} * ${1 - sign} as live_${c}`, `${c} * ${sign} as rebuilt_${c}`]).join(', ')} from ${table}`;
  const sums = counts.flatMap((c) => [`sum(live_${c}) as live_${c}`, `sum(rebuilt_${c}) as rebuilt_${c}`]);
  const differ = counts.map((c) => `sum(live_${c}) <> sum(rebuilt_${c})`).join(' or ');
  const { rows } = await client.query<Record<string, string | null>>(
    `select ${key}, ${sums.join(', ')} from (${side(live, 0)} union all ${side(rebuilt, 1)}) versions
      group by ${key} having ${differ} order by ${key}`,
  );
  const drift = noDrift();
  for (const row of rows) {
    const fields = counts.filter((c) => row[`live_${c}`] !== row[`rebuilt_${c}`]);
    const values = (prefix: string) => Object.fromEntries(counts.map((c) => [c, row[`${prefix}_${c}`] ?? null]));
    const name = JSON.stringify(Object.fromEntries(projection.key.map((column) => [column, row[column]])));
    countDrift(drift, {
      execution_id: name,
      same_place: true,
      fields,
      live: values('live'),
      rebuilt: values('rebuilt'),
    });
  }
  const { rows: all } = await client.query<{ rows: string }>(`select count(*) as rows from ${rebuilt}`);
  return { rows: Number(all[0]!.rows), drift };
}
