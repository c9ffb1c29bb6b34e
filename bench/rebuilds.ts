import pg from 'pg';
import { executionStatus } from '../projections/execution-status.js';
import type { Projection } from '../projections/projection.js';
import { createPostgresEventStore } from '../src/event-store/postgres/postgres-event-store.js';
import { prepareDatabase } from '../src/ledger.js';
import { connectSession } from '../src/postgres/session.js';
import { rebuild } from '../src/projector/rebuild/rebuild.js';
import type { Databases } from './database.js';

const LIMITS = { connectMs: 2_000, statementMs: 600_000, lockMs: 10_000 };

/** Fills a log as appends would have: executions side by side, `each` events of about 300 bytes in every one. */
export async function fillLog(url: string, events: number, each: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const padding = 'x'.repeat(180);
  await client.query(`set synchronous_commit = off`);
  await client.query(
    `insert into ledger.events (position, recorded_at, revision, stream, event_id, type, data, metadata)
     select p, timestamptz '2026-01-01' + p * interval '1 ms', rev, 'execution-' || md5((grp * 64 + lane)::text), gen_random_uuid()::text,
       case when rev = 0 then 'ExecutionRegistered' when rev = $2 - 1 then 'ExecutionSucceeded' when rev = 1 then 'ExecutionStarted' else 'ExecutionProgressed' end,
       case when rev = 0 then '{"run_id":"run-' || grp || '","workflow_id":"workflow-' || (grp % 50) || '","target":"target-' || lane || '","input":"${padding}"}'
            when rev = $2 - 1 then '{"attempt":1,"authority":"worker","result":{"text":"${padding}"},"duration_ms":' || (p % 10000) || '}'
            else '{"attempt":1,"progress":' || (rev * 10 % 100) || ',"message":"${padding}"}' end,
       '{"source":"strict","digest":"0123456789abcdef","reporter":{"actor":"worker-1","authority":"worker"},"correlation_id":"c-' || grp || '"}'
      from (select p, ((p - 1) / (64 * $2))::int as grp, ((p - 1) % 64)::int as lane, (((p - 1) / 64) % $2)::int as rev
              from generate_series(1, $1) p) g`,
    [events, each],
  );
  await client.query('vacuum analyze ledger.events');
  await client.end();
}

export async function measureRebuild(databases: Databases, events: number, each: number, projection: Projection = executionStatus) {
  const url = await databases.create(`rebuild_${each}`);
  await prepareDatabase(url);
  await fillLog(url, events, each);
  const store = createPostgresEventStore({ connectionString: url, requireDurability: false });
  const connect = () => connectSession(url, LIMITS, 'rebuild', { synchronous_commit: 'off' });
  const cpu0 = process.cpuUsage();
  const began = performance.now();
  const result = await rebuild({ store, connect, projection, signal: new AbortController().signal }, 'rebuild');
  const ms = performance.now() - began;
  const cpu = process.cpuUsage(cpu0);
  console.log('node cpu us/event', ((cpu.user + cpu.system) / events).toFixed(2));
  const client = await connect();
  const { rows } = await client.query('select phase, events, ran_ms, upto from ledger.rebuilds');
  await client.end();
  await store.close();
  await databases.drop(`rebuild_${each}`);
  return { events, each, ms: Math.round(ms), per_second: Math.round((events / ms) * 1000), rows, result };
}
