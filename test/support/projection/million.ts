import type pg from 'pg';
import { executionStatus } from '../../../projections/execution-status.js';
import { failureGroups } from '../../../projections/failure-groups.js';
import { outcomeHistogram } from '../../../projections/outcome-histogram.js';
import type { CounterProjection } from '../../../projections/projection.js';
import { statusCounts } from '../../../projections/status-counts.js';
import { targetHealth } from '../../../projections/target-health.js';
import { createVersion, dropVersion, indexVersion } from '../../../src/projection-tables/versions.js';
import { createView, tableOf, viewOf } from '../../../src/projection-tables/table.js';

/** The moment of the newest of the generated executions; they go back from it for a year. */
export const NEWEST = '2030-01-01T00:00:00.000Z';

/** A share of the executions, told by a number that is spread evenly over 0 to 1. */
const GENERATED = `
  select n, 'exec-' || lpad(n::text, 8, '0') as id,
         $2::timestamptz - (1000000 - n) * interval '31 seconds' as created,
         random() as a, random() as b, random() as c, random() as d, random() as e
    from generate_series(1, $1::integer) as n`;

/** Nearly all are over; the newest are under way, and now and then one was left behind. */
const STATUS = `case
    when n > 990000 then (array['running', 'running', 'running', 'pending', 'queued', 'waiting', 'succeeded'])[1 + floor(a * 7)]
    when a < 0.0010 then 'running'
    when a < 0.0013 then 'paused'
    when a < 0.0018 then 'waiting'
    when a < 0.0500 then 'failed'
    when a < 0.0580 then 'timeout'
    when a < 0.0700 then 'cancelled'
    else 'succeeded' end`;

const ROWS = `
  select id, case when b < 0.02 then 'run-huge' else 'run-' || n / 8 end as run,
         case when c < 0.3 then 'nightly' when c < 0.35 then null else 'wf-' || floor(power(b, 3) * 5000) end as workflow,
         case when d < 0.02 then 'exec-huge' when d < 0.4 then 'exec-' || lpad((n / 20 * 20)::text, 8, '0') end as parent,
         case when e < 0.4 then 'agents.summarise' else 'node-' || floor(power(e, 4) * 300) end as target,
         case when a < 0.7 then 'workflow' when b < 0.9 then 'agent' when b < 0.9995 then 'job' else 'task' end as kind,
         array[case when d < 0.9 then 'env:prod' else 'env:dev' end, 'team:' || floor(power(c, 2) * 40), 'tenant:' || n % 20000]
           as labels,
         ${STATUS} as status, created, created + e * e * interval '20 minutes' as active, n, a, b, c
    from (${GENERATED}) g`;

const ENDED = `('succeeded', 'failed', 'timeout', 'cancelled')`;

/** Most say the same, of a place of their own. */
const ERROR = `'step ' || n % 97 || ' failed: connection refused by host-' || n % 20000 || case when b < 0.01 then ', out of memory' else '' end`;

/** Spread over all targets, of which one takes next to nothing. */
const DURATION = `case when target = 'node-8' then 0.001 else 1 end * exp(8 * (n::bigint * 7919 % 10007) / 10007.0)`;

const STATE = `'{"status":"' || status || '","description":{"run_id":"' || run || '","target":"' || target || '"},"created_at":"'
    || to_char(created, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '","last_activity_at":"'
    || to_char(active, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '","attempt":1,"created_by_report":true,"registrations":[],'
    || '"dispatched":true,"anomalies":{"regressions":0,"dropped":0,"conflicts":0,"fenced":0,"superseded":0}}'`;

/** Fills the table of lists, without its indexes, with so many executions, unevenly as life is. */
async function generateRows(client: pg.ClientBase, count: number, newest: string): Promise<void> {
  await client.query(`drop view ${viewOf(executionStatus)}`);
  await dropVersion(client, executionStatus, 1); // the one that every test database has is indexed
  await createVersion(client, executionStatus, 1, false);
  await client.query(`alter table ${tableOf(executionStatus, 1)} set unlogged`); // it is thrown away: no need to survive
  await client.query('update ledger.checkpoints set position = $1', [4 * count]);
  await client.query('select setseed(0.5)');
  await client.query(`set maintenance_work_mem = '256MB'`);
  await client.query(`set max_parallel_maintenance_workers = 1`);
  await client.query(
    `insert into ${tableOf(executionStatus, 1)}
       (execution_id, run_id, workflow_id, parent_execution_id, target, kind, labels, status, sealed, doubt, dispatched, attempt, created_at,
        started_at, completed_at, duration_ms, last_activity_at, activity_minute, error_text, failure_group, revision, position, state, refused_revision,
        deadline, fenced_attempt)
     select id, run, workflow, parent, target, kind, labels, status, status in ('succeeded', 'cancelled') and b < 0.9995,
            status = 'succeeded' and c > 0.999, status <> 'pending' and b >= 0.001,
            case when b < 0.001 then 2 else 1 end,
            created, case when status not in ('pending', 'queued') then created + (active - created) / 10 end,
            case when status in ${ENDED} then active end,
            case when status in ${ENDED} then ${DURATION} end, active, date_trunc('minute', active),
            case when status in ('failed', 'timeout') then ${ERROR} end,
            case when status in ('failed', 'timeout') then lpad((n % 97)::text, 16, '0') end, 3, n * 4, ${STATE}, case when b < 0.004 then 2 else -1 end,
            case when status not in ${ENDED} and c < 0.2 then created + interval '2 hours' end, case when b < 0.0005 then 2 else 0 end
       from (${ROWS}) r`,
    [count, newest],
  );
  await client.query(createView(executionStatus, 1));
}

/** So many executions in the table of lists, with all its indexes. `newest`: the moment of the last of a million. */
export async function generateExecutions(client: pg.ClientBase, count: number, newest = NEWEST): Promise<void> {
  await generateRows(client, count, newest);
  await indexVersion([client], executionStatus, 1);
  await client.query(`analyze ${tableOf(executionStatus, 1)}`);
}

/** By what each scope of the histogram counts, and in which unit. */
const SCOPES: Readonly<Record<string, readonly [unit: string, target: string, workflow: string, bucket: string]>> = {
  minute: ['minute', 'target', 'workflow_id', 'bucket'],
  day: ['day', 'target', 'workflow_id', 'bucket'],
  'day-durations': ['day', 'null', 'null', 'bucket'],
  'day-targets': ['day', 'target', 'null', 'null::integer'],
  'day-workflows': ['day', 'null', 'workflow_id', 'null::integer'],
};

const LISTED = viewOf(executionStatus);
/** Those that ended since a moment. */
const endedSince = (since: string): string =>
  `(select *, ceil(ln(greatest(0.01, 1000 * extract(epoch from completed_at - started_at))) / 0.02)::integer as bucket
      from ${LISTED} where completed_at > '${since}') ended`;

const histogramOf = (since: string): string[] =>
  Object.entries(SCOPES).map(
    ([scope, [unit, target, workflow, bucket]]) => `(scope, at, status, kind, target, workflow_id, bucket, count)
      select '${scope}', date_trunc('${unit}', completed_at, 'UTC'), status, kind, ${target}, ${workflow}, ${bucket}, count(*)
        from ${endedSince(since)} group by 1, 2, 3, 4, 5, 6, 7 order by 2`,
  );

const STATUSES = [
  `(scope, status, count) select 'all', status, count(*) from ${LISTED} group by 2`,
  `(scope, workflow_id, target, status, count)
     select 'each', workflow_id, target, status, count(*) from ${LISTED} group by 2, 3, 4`,
];

const targetsOf = (since: string): string[] => [
  `(target, hour, status, authority, bucket, count)
     select target, date_trunc('hour', completed_at, 'UTC'), status, 'worker', bucket, count(*)
       from ${endedSince(since)} group by 1, 2, 3, 5 order by 2`,
];

const failuresOf = (since: string): string[] => [
  `(minute, fingerprint, pattern, status, workflow_id, target, kind, failures, standing)
     select date_trunc('minute', completed_at, 'UTC'), failure_group, 'pattern ' || failure_group, status, workflow_id, target, kind,
            count(*), count(*)
       from ${endedSince(since)} where failure_group is not null group by 1, 2, 3, 4, 5, 6, 7`,
];

/** Fills a counter's table with what its projection would count of the listed executions. */
async function count(client: pg.ClientBase, counter: CounterProjection, counts: readonly string[]): Promise<void> {
  const table = tableOf(counter, 1);
  await client.query(`alter table ${table} set unlogged`);
  for (const counted of counts) await client.query(`insert into ${table} ${counted}`);
  await client.query(`vacuum analyze ${table}`);
}

/** Counts the outcomes of so many executions. Nothing lists these: their table has no index. */
export async function generateHistogram(client: pg.ClientBase, executions: number): Promise<void> {
  await generateRows(client, executions, NEWEST);
  await count(client, outcomeHistogram, histogramOf('-infinity'));
}

/**
 * So many executions as `generateExecutions` makes them, and what is counted of them: in each status, and the outcomes since a
 * moment, for a year of them takes longer to count than to make.
 */
export async function generateAll(
  client: pg.ClientBase,
  { executions, newest, since }: { executions: number; newest: string; since: string },
): Promise<void> {
  await generateExecutions(client, executions, newest);
  await count(client, statusCounts, STATUSES);
  await count(client, outcomeHistogram, histogramOf(since));
  await count(client, targetHealth, targetsOf(since));
  await count(client, failureGroups, failuresOf(since));
}
