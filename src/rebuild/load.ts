import type pg from 'pg';
import type { Position } from '../event-store/position.js';
import type { StreamScan } from '../event-store/event-store.js';
import { executionStream, refusedStream } from '../domain/stream.js';
import { tableOf } from '../projection-tables/table.js';
import { indexVersion } from '../projection-tables/versions.js';
import { loadPartition } from './load-partition.js';
import { holdBack, writeHeldBack } from './long-ids.js';
import type { Partition } from './rebuild-record.js';
import type { LoadContext } from './write-folds.js';

/** From how many events on whole streams are written together. */
export const BATCH = 10_000;
/** More than an index entry holds. */
const PROGRAM_LIMIT_EXCEEDED = '54000';
/** About how many events a partition of the log has: the database sorts it. */
const PARTITION_EVENTS = 500_000;

/** Others who load partitions, at the same time as each other. */
export interface LoadWorkers {
  readonly count: number;
  /** From how many events on it is worth their while. */
  readonly atLeast: number;
  /** Loads these partitions of the record. @throws whatever {@link loadPartition} throws */
  load(context: LoadContext, partitions: readonly number[]): Promise<void>;
}

/** The streams that begin so: up to the prefix whose last character is the next one; no stream of ours has that name. */
const rangeOf = (prefix: string): Partition => ({
  after: prefix,
  to: prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1),
});
const EXECUTIONS = rangeOf(executionStream(''));
const REFUSED = rangeOf(refusedStream(''));

/** The log up to a position, in partitions that are loaded independently of each other. */
export async function partition(streamScan: StreamScan, upTo: Position, workerCount = 1): Promise<Partition[]> {
  const count = Math.max(workerCount, Math.ceil(Number(upTo) / PARTITION_EVENTS));
  const ranges = await streamScan.split({ ...EXECUTIONS, upTo }, count);
  return [...ranges.map(({ after, to }) => ({ after, to })), REFUSED];
}

/** Fills a version from the log up to `record.upTo`, into a table without indexes, and makes these, on two connections. */
export async function load(to: LoadContext, helper: pg.Client, loadWorkers: LoadWorkers | undefined): Promise<void> {
  const { client, projection, record } = to;
  const table = tableOf(projection, record.version);
  // Cleaning and counting what is added to without end is work in vain.
  await client.query(`alter table ${table} set (autovacuum_enabled = off)`);
  if (projection.kind === 'counters') await indexVersion([client], projection, record.version);
  const refused = record.partitions.length - 1;
  const executions = [...record.partitions.keys()].slice(0, refused);
  // What is to go slowly, one can do: several would hold as many snapshots and read as much anew.
  const enough =
    loadWorkers && record.upTo >= BigInt(loadWorkers.atLeast) && (await to.rebuilds.rate(client)) === undefined;
  await (enough ? distribute(to, loadWorkers, executions) : loadAll(to, executions));
  await to.rebuilds.enter(client, 'indexing');
  // Each index by one process: there are many, and a small one is made before a second process has begun.
  for (const one of [client, helper])
    await one.query(`set maintenance_work_mem = '256MB'; set max_parallel_maintenance_workers = 0`);
  await index(to, helper);
  await client.query(`alter table ${table} reset (autovacuum_enabled)`);
  if (projection.kind !== 'rows') return;
  await writeHeldBack(to);
  await markParked(to);
  if (projection.countsRefusals) await loadPartition(to, refused);
}

async function index(to: LoadContext, helper: pg.Client): Promise<void> {
  const { client, projection, record } = to;
  const make = (): Promise<void> => indexVersion([client, helper], projection, record.version);
  try {
    await make();
  } catch (error) {
    if ((error as { code?: unknown }).code !== PROGRAM_LIMIT_EXCEEDED) throw error;
    await holdBack(to);
    await make();
  }
}

/** Loads partitions one after the other. */
export async function loadAll(to: LoadContext, partitions: readonly number[]): Promise<void> {
  // What the last moments wrote may be lost with the server, and with it how far it came: then it is written again.
  await to.client.query('set synchronous_commit = off');
  for (const n of partitions) await loadPartition(to, n);
  await to.client.query('reset synchronous_commit');
}

async function distribute(to: LoadContext, loadWorkers: LoadWorkers, partitions: readonly number[]): Promise<void> {
  const count = Math.min(loadWorkers.count, partitions.length);
  const shares = Array.from({ length: count }, (_, worker) => partitions.filter((_, i) => i % count === worker));
  // The first to fail stops the others, and nothing of them is left at work when it is told.
  const failed = new AbortController();
  const signal = AbortSignal.any([to.signal, failed.signal]);
  const all = shares.map((share) =>
    loadWorkers.load({ ...to, workerCount: count, signal }, share).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(all);
  await Promise.all(all);
}

async function markParked({ client, projection, record }: LoadContext): Promise<void> {
  await client.query(
    `update ${tableOf(projection, record.version)} as stored set unreadable_revision = p.revision
       from (select execution_id, min(revision) as revision from ledger.parked_events
              where projection = $1 and version = $2 group by execution_id) p
      where stored.execution_id = p.execution_id`,
    [projection.name, record.version],
  );
}
