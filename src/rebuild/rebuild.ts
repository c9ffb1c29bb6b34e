import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import type { EventStore } from '../event-store/event-store.js';
import { StoreError } from '../errors.js';
import type { Position } from '../event-store/position.js';
import { isSameLog } from '../event-store/same-log.js';
import { tableOf } from '../projection-tables/table.js';
import {
  createVersion,
  dropVersion,
  liveVersion,
  previousVersion,
  whileVersionsStand,
} from '../projection-tables/versions.js';
import { ProjectionStore } from '../projector/projection-store.js';
import { LogPages } from './log-pages.js';
import type { ProjectionOperationKind, RebuildKind } from './projection-operation.js';
import { Comparison } from './compare.js';
import type { ComparisonResult } from './drift.js';
import { BATCH, partition, load, type LoadWorkers } from './load.js';
import { catchUp, isBeyondPaused, liveCheckpoint, swap } from './swap.js';
import { acquireRebuildLock } from './rebuild-lock.js';
import { OperationInterrupted, OperationsTable } from './operations-table.js';
import type { RebuildRecord } from './rebuild-record.js';

/** How often two tables are compared, from ever nearer to each other, where too much moves meanwhile. */
const SCANS = 3;
/** Smaller batches cost more than they spare. */
const LEAST_BATCH = 1_000;

/** What a rebuild works with. */
export interface RebuildParts {
  readonly store: EventStore;
  /** A new connection; the caller ends it. */
  readonly connect: () => Promise<pg.Client>;
  readonly projection: Projection;
  readonly signal: AbortSignal;
  /** From how many events on whole streams are written together. Default {@link BATCH}, or what may be done in a second. */
  readonly batch?: number;
  /** Who else loads a large log; default: nobody. */
  readonly loadWorkers?: LoadWorkers | undefined;
  /**
   * What was asked for: not done where somebody else has done it by the time that nobody is at it, or a rollback would be
   * taken back. Default: done whatever was asked for.
   */
  readonly onlyIfStillRequested?: ProjectionOperationKind;
}

export interface RebuildResult extends ComparisonResult {
  readonly version: number;
}

/**
 * Makes a version of a projection's table beside the live one and goes on from where an earlier try was: load, catch up,
 * compare; then has readers read it (`rebuild`) or drops it (`verify`).
 * @throws LockedByOther, OperationInterrupted
 */
export const rebuild = (parts: RebuildParts, kind: RebuildKind): Promise<RebuildResult> =>
  withRebuildLock(parts, (client, helper) => new RebuildRun(parts, kind, client, helper).run());

/** Runs something on two connections, the first of which holds the lock of whoever rebuilds this projection. */
export async function withRebuildLock<T>(
  parts: RebuildParts,
  run: (client: pg.Client, helper: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await parts.connect();
  let helper: pg.Client | undefined;
  try {
    // Where there is no connection left for it, the first must not stay: whoever tries again would take up ever more.
    helper = await parts.connect();
    await acquireRebuildLock(client, parts.projection.name, parts.onlyIfStillRequested);
    return await run(client, helper);
  } finally {
    await Promise.all([client, helper].map((one) => one?.end().catch(() => undefined)));
  }
}

/** Whether trying again would fail again: not when it was stopped, nor when the database or the log was lost. */
function isFinal(error: unknown): boolean {
  if (error instanceof OperationInterrupted || error instanceof StoreError || (error as Error).name === 'AbortError')
    return false;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? /^(22|23|42|54|XX|P0)/.test(code) : !/terminated|Connection/.test(String(error));
}

/** Of how many events on streams are written together: what is to go slowly must not come in bursts. */
const inOneGo = (rate = Infinity): number => Math.min(BATCH, Math.max(LEAST_BATCH, rate));

class RebuildRun {
  private readonly rebuilds: OperationsTable;

  constructor(
    private readonly parts: RebuildParts,
    private readonly kind: RebuildKind,
    private readonly client: pg.Client,
    private readonly helper: pg.Client,
  ) {
    this.rebuilds = new OperationsTable(parts.projection.name, kind);
  }

  async run(): Promise<RebuildResult> {
    try {
      await new LogPages(this.parts.store).prove(this.client, this.parts.signal);
      const record = await this.begin();
      await this.load(record);
      await this.rebuilds.enter(this.client, 'catching up');
      const goal = await this.goal();
      await catchUp(this.parts, this.client, record.version, goal, (events, ms) => this.heartbeat(events, ms));
      await this.client.query(`analyze ${tableOf(this.parts.projection, record.version)}`);
      await this.rebuilds.enter(this.client, 'comparing');
      return { version: record.version, ...(await this.compareAndSwap(record)) };
    } catch (error) {
      if (isFinal(error)) await this.rebuilds.fail(this.client, (error as Error).message).catch(() => undefined);
      throw error;
    }
  }

  /**
   * How far the log is folded before anything is compared: to the head, where the live table is about to be. A table that
   * is only compared goes where that one stands: it may be that nobody projects it. So does one whose projection is paused.
   */
  private async goal(): Promise<Position> {
    const [live, head] = await Promise.all([
      liveCheckpoint(this.client, this.parts.projection),
      this.parts.store.head(),
    ]);
    // A log that was restored may end before it.
    return (this.kind === 'verify' || live.paused) && live.position < head ? live.position : head;
  }

  /** Where an earlier try was, unless it was another program's or cannot be read instead of a table that is to stand still. */
  private async begin(): Promise<RebuildRecord> {
    const { projection, store } = this.parts;
    const unfinished = await this.rebuilds.unfinished(this.client);
    if (unfinished && (await this.isToGoOn(unfinished))) return unfinished;
    const upTo = await this.goal();
    return whileVersionsStand(this.client, async () => {
      for (const version of await this.rebuilds.abandoned(this.client))
        await dropVersion(this.client, projection, version);
      if (this.kind === 'rebuild') await this.dropPrevious();
      const version = await this.rebuilds.nextVersion(this.client);
      const { streamScan } = store;
      await createVersion(this.client, projection, version, !streamScan);
      const partitions = streamScan ? await partition(streamScan, upTo, this.parts.loadWorkers?.count) : [];
      const record = { version, foldVersion: projection.version, phase: 'loading' as const, upTo, partitions };
      await this.rebuilds.begin(this.client, record);
      return record;
    });
  }

  /** Not with what another program, or another log, came to, nor beyond a table that is to stand still. */
  private async isToGoOn(begun: RebuildRecord): Promise<boolean> {
    const { projection, store } = this.parts;
    if (begun.foldVersion !== projection.version || begun.upTo > (await store.head())) return false;
    if (!(await isSameLog(store, await new ProjectionStore(projection, begun.version).begin(this.client))))
      return false;
    return !(await isBeyondPaused(this.client, projection, begun));
  }

  private async dropPrevious(): Promise<void> {
    const { projection } = this.parts;
    const previous = await previousVersion(this.client, projection);
    if (previous) await dropVersion(this.client, projection, previous.version);
  }

  /** Stream by stream where the store can; else the version is caught up with from the start, a page at a time. */
  private async load(record: RebuildRecord): Promise<void> {
    const {
      store,
      projection,
      signal,
      batch = inOneGo(await this.rebuilds.rate(this.client)),
      loadWorkers,
    } = this.parts;
    const { streamScan } = store;
    if (!streamScan || !['loading', 'indexing'].includes(record.phase)) return;
    const { client, helper, rebuilds } = this;
    const loading = {
      store: { ...store, streamScan },
      client,
      projection,
      record,
      rebuilds,
      signal,
      batch,
      workerCount: 1,
    };
    await load(loading, helper, loadWorkers);
    const [last] = await store.readAll(record.upTo - 1n, 1);
    await this.client.query(
      `update ledger.checkpoints set position = $3, recorded_at = $4
        where projection = $1 and version = $2 and position < $3`,
      [projection.name, record.version, String(record.upTo), last?.recordedAt],
    );
  }

  /** What was loaded is compared while both tables go on, and in the end when both stand still at one position. */
  private async compareAndSwap({ version }: RebuildRecord): Promise<ComparisonResult> {
    const { projection } = this.parts;
    const live = (await liveVersion(this.client, projection))!;
    const comparison = await Comparison.of(this.client, projection, live.version, version);
    const { parts, client, helper } = this;
    const beat = (events?: number, ms?: number) => this.heartbeat(events, ms);
    for (let scan = 1, stood = ''; scan <= SCANS; scan++) {
      const { position } = await liveCheckpoint(client, projection);
      const at = [position, await catchUp(parts, client, version, position, beat)].join();
      // Where neither table has moved since, another scan finds what the last one found.
      if (at === stood || (await comparison.scan(client, beat))) break;
      stood = at;
    }
    const swapping = { version, drop: this.kind === 'verify' };
    const state = this.kind === 'rebuild' ? 'swapped' : 'verified';
    const settling = {
      settle: (at: pg.ClientBase) => comparison.settle(at),
      finish: (at: pg.ClientBase) => this.rebuilds.finish(at, state, comparison.result()),
    };
    await swap({ ...parts, client, helper }, swapping, settling, () => this.heartbeat());
    return comparison.result();
  }

  private async heartbeat(events = 0, ms = 0): Promise<void> {
    this.parts.signal.throwIfAborted();
    await this.rebuilds.advance(this.client, { events, ms });
  }
}
