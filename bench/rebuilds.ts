import pg from 'pg';
import { executionStatus } from '../projections/execution-status.js';
import type { StreamScan } from '../src/event-store/event-store.js';
import { createPostgresEventStore } from '../src/event-store/postgres/postgres-event-store.js';
import { prepareDatabase } from '../src/composition/prepare-database.js';
import { rebuild } from '../src/rebuild/rebuild.js';
import { loadWorkersOn } from '../src/composition/rebuild-worker-pool.js';
import { connectForOperations } from '../src/rebuild/connect.js';
import type { Databases } from './database.js';
import type { Scale } from './load.js';
import { emmettRebuild } from './peers/emmett.js';
import { row, type Row } from './row.js';

/** How many executions go on side by side, so that their events lie apart as they do in life. */
const SIDE_BY_SIDE = 64;

/** A log as reports would have left it: events of some 300 bytes, `each` in every execution. */
const FILL = `
  insert into ledger.events (position, recorded_at, revision, stream, event_id, type, data, metadata)
  select p, timestamptz '2026-01-01' + p * interval '1 ms', rev, 'execution-' || md5((grp * ${SIDE_BY_SIDE} + lane)::text), gen_random_uuid()::text,
         case when rev = 0 then 'ExecutionRegistered' when rev = $2 - 1 then 'ExecutionSucceeded'
              when rev = 1 then 'ExecutionStarted' else 'ExecutionProgressed' end,
         case when rev = 0 then '{"run_id":"run-' || grp || '","workflow_id":"workflow-' || (grp % 50) || '","target":"target-' || lane || '","input":"' || pad || '"}'
              when rev = $2 - 1 then '{"attempt":1,"authority":"worker","result":{"text":"' || pad || '"},"duration_ms":' || (p % 10000) || '}'
              else '{"attempt":1,"progress":' || (rev * 10 % 100) || ',"message":"' || pad || '"}' end,
         '{"source":"strict","digest":"0123456789abcdef","reporter":{"actor":"worker-1","authority":"worker"},"correlation_id":"c-' || grp || '"}'
    from (select p, ((p - 1) / (${SIDE_BY_SIDE} * $2))::int as grp, ((p - 1) % ${SIDE_BY_SIDE})::int as lane,
                 (((p - 1) / ${SIDE_BY_SIDE}) % $2)::int as rev, repeat('x', 180) as pad
            from generate_series(1, $1) p) g`;

async function fillLog(url: string, events: number, each: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('set synchronous_commit = off');
  await client.query(FILL, [events, each]);
  await client.query('vacuum analyze ledger.events');
  await client.query('checkpoint');
  await client.end();
}

interface Measured {
  readonly loadedPerSecond: number;
  readonly wholePerSecond: number;
  readonly heapGrowth: number;
  /** Reading the log stream by stream and parsing it, in one thread, and nothing else. */
  readonly readPerSecond: number;
}

async function measure(databases: Databases, events: number, each: number): Promise<Measured> {
  const name = `rebuild_${events}_${each}`;
  const url = await databases.create(name);
  await prepareDatabase({ url });
  await fillLog(url, events, each);
  const store = createPostgresEventStore({ connectionString: url });
  const connect = () => connectForOperations(url, 'rebuild');
  const { signal } = new AbortController();
  const parts = { store, connect, loadWorkers: loadWorkersOn(url, 'rebuild'), projection: executionStatus, signal };
  await rebuild(parts, 'rebuild'); // the live table, to compare the next one with
  const readMs = await timeOf(() => readThrough(store.streamScan!, BigInt(events), signal));
  const began = performance.now();
  let loaded = 0;
  const heap = new HeapWatch();
  // The head is asked for in the beginning, and when what there was is loaded and indexed.
  const watched = { ...store, head: async () => ((loaded = performance.now()), store.head()) };
  await rebuild({ ...parts, store: watched }, 'rebuild');
  const whole = performance.now() - began;
  const heapGrowth = heap.end();
  await store.close();
  await databases.drop(name);
  return {
    loadedPerSecond: (events / (loaded - began)) * 1_000,
    wholePerSecond: (events / whole) * 1_000,
    heapGrowth,
    readPerSecond: (events / readMs) * 1_000,
  };
}

async function timeOf(run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

async function readThrough(streamScan: StreamScan, upTo: bigint, signal: AbortSignal): Promise<void> {
  for await (const page of streamScan.read({ after: 'execution-', to: 'execution.', upTo }, signal)) {
    if (page.events.some(({ data }) => typeof data !== 'object')) throw new Error('the log is not what was written');
  }
}

/** How much more memory is in use at the most than in the beginning, in MB. */
class HeapWatch {
  private readonly before = process.memoryUsage().rss;
  private most = this.before;
  private readonly timer = setInterval(() => (this.most = Math.max(this.most, process.memoryUsage().rss)), 50);

  end(): number {
    clearInterval(this.timer);
    return (this.most - this.before) / 1_048_576;
  }
}

/** Rebuilds of the lists' table, beside Emmett's. */
export async function rebuildRows(databases: Databases, scale: Scale): Promise<Row[]> {
  const rows: Row[] = [];
  const url = await databases.create('emmett_rebuild');
  const peer = await emmettRebuild(url, scale.events >= 1_000_000 ? 5_000 : 1_000);
  await databases.drop('emmett_rebuild');
  for (const each of [10, 3, 1]) {
    const { loadedPerSecond, wholePerSecond, heapGrowth, readPerSecond } = await measure(databases, scale.events, each);
    const aim = each === 10 ? { atLeast: 200_000 } : {};
    const limit = { name: 'reading and parsing it, nothing else', value: readPerSecond };
    rows.push(row(`rebuild, ${each} events per execution, indexes included`, loadedPerSecond, 'events/s', aim, peer));
    rows.push(row(`  of the limit`, loadedPerSecond, 'events/s', {}, limit));
    rows.push(row(`  with comparing and swapping`, wholePerSecond, 'events/s'));
    rows.push(row(`  memory above the start, ${scale.events} events`, heapGrowth, 'MB'));
  }
  if (scale.events >= 1_000_000) {
    const { loadedPerSecond, heapGrowth } = await measure(databases, 10 * scale.events, 10);
    rows.push(row(`rebuild of ${10 * scale.events} events`, loadedPerSecond, 'events/s'));
    rows.push(row(`  memory above the start`, heapGrowth, 'MB'));
  }
  return rows;
}
