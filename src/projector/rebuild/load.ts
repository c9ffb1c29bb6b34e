import type pg from 'pg';
import type { Position } from '../../event-store/position.js';
import type { StreamOrder } from '../../event-store/event-store.js';
import { executionStream, refusedStream } from '../../domain/stream.js';
import { tableOf } from '../../read-model/table.js';
import { indexVersion } from '../versions.js';
import { loadPiece } from './load-piece.js';
import { holdBack, writeHeldBack } from './long-ids.js';
import type { Piece } from './record.js';
import type { Loading } from './write-folds.js';

/** From how many events on whole streams are written together. */
export const BATCH = 10_000;
/** More than an index entry holds. */
const PROGRAM_LIMIT_EXCEEDED = '54000';
/** About how many events a piece of the log has: the database sorts it. */
const PIECE = 500_000;

/** Others who load pieces, at the same time as each other. */
export interface Loaders {
  readonly count: number;
  /** From how many events on it is worth their while. */
  readonly atLeast: number;
  /** Loads these pieces of the record. @throws whatever {@link loadPiece} throws */
  load(loading: Loading, pieces: readonly number[]): Promise<void>;
}

/** The streams that begin so: up to the prefix whose last character is the next one; no stream of ours has that name. */
const rangeOf = (prefix: string): Piece => ({
  after: prefix,
  to: prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1),
});
const EXECUTIONS = rangeOf(executionStream(''));
const REFUSED = rangeOf(refusedStream(''));

/** The log up to a position, in pieces that are loaded independently of each other. */
export async function cut(byStream: StreamOrder, upTo: Position, loaders = 1): Promise<Piece[]> {
  const pieces = Math.max(loaders, Math.ceil(Number(upTo) / PIECE));
  const cuts = await byStream.split({ ...EXECUTIONS, upTo }, pieces);
  return [...cuts.map(({ after, to }) => ({ after, to })), REFUSED];
}

/** Fills a version from the log up to `record.upTo`, into a table without indexes, and makes these, on two connections. */
export async function load(to: Loading, helper: pg.Client, loaders: Loaders | undefined): Promise<void> {
  const { client, projection, record } = to;
  const table = tableOf(projection, record.version);
  // Cleaning and counting what is added to without end is work in vain.
  await client.query(`alter table ${table} set (autovacuum_enabled = off)`);
  if (projection.kind === 'counters') await indexVersion([client], projection, record.version);
  const refused = record.pieces.length - 1;
  const executions = [...record.pieces.keys()].slice(0, refused);
  // What is to go slowly, one can do: several would hold as many snapshots and read as much anew.
  const enough = loaders && record.upTo >= BigInt(loaders.atLeast) && (await to.records.rate(client)) === undefined;
  await (enough ? share(to, loaders, executions) : loadAll(to, executions));
  await to.records.enter(client, 'indexing');
  // Each index by one process: there are many, and a small one is made before a second process has begun.
  for (const one of [client, helper])
    await one.query(`set maintenance_work_mem = '256MB'; set max_parallel_maintenance_workers = 0`);
  await index(to, helper);
  await client.query(`alter table ${table} reset (autovacuum_enabled)`);
  if (projection.kind !== 'rows') return;
  await writeHeldBack(to);
  await markParked(to);
  if (projection.countsRefusals) await loadPiece(to, refused);
}

async function index(to: Loading, helper: pg.Client): Promise<void> {
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

/** Loads pieces one after the other. */
export async function loadAll(to: Loading, pieces: readonly number[]): Promise<void> {
  // What the last moments wrote may be lost with the server, and with it how far it came: then it is written again.
  await to.client.query('set synchronous_commit = off');
  for (const n of pieces) await loadPiece(to, n);
  await to.client.query('reset synchronous_commit');
}

async function share(to: Loading, loaders: Loaders, pieces: readonly number[]): Promise<void> {
  const count = Math.min(loaders.count, pieces.length);
  const shares = Array.from({ length: count }, (_, loader) => pieces.filter((_, i) => i % count === loader));
  // The first to fail stops the others, and nothing of them is left at work when it is told.
  const failed = new AbortController();
  const signal = AbortSignal.any([to.signal, failed.signal]);
  const all = shares.map((share) =>
    loaders.load({ ...to, loaders: count, signal }, share).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(all);
  await Promise.all(all);
}

async function markParked({ client, projection, record }: Loading): Promise<void> {
  await client.query(
    `update ${tableOf(projection, record.version)} as stored set unreadable_revision = p.revision
       from (select execution_id, min(revision) as revision from ledger.parked_events
              where projection = $1 and version = $2 group by execution_id) p
      where stored.execution_id = p.execution_id`,
    [projection.name, record.version],
  );
}
