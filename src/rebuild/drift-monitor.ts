import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { RowProjection } from '../../projections/projection.js';
import type { EventStore } from '../event-store/event-store.js';
import { DRIFT_MONITOR_LOCK_KEY } from '../projection-tables/locks.js';
import { tableOf } from '../projection-tables/table.js';
import { isOfThisProgram, liveVersion } from '../projection-tables/versions.js';
import { ExclusiveRunner } from '../projector/exclusive-runner.js';
import { driftToCheck, keepDrift } from './drifted-rows.js';
import { LogPages } from './log-pages.js';
import { RowCheck, type DifferingRow } from './row-check.js';

/** How often it looks, in milliseconds, and at how many rows. */
const EVERY_MS = 5_000;
const ROWS = 10;
/** How many new pages of the log it remembers in a look. */
const PAGES = 10;
/** Of the time of a core, the monitor takes one part in so many at most. */
const SHARE = 100;

/** How long the monitor rests after a look that took so long, in milliseconds. */
export const restAfter = (tookMs: number, everyMs: number, share = SHARE): number =>
  Math.max(everyMs, tookMs * (share - 1));

/** What the monitor tells whoever runs it. */
export interface DriftListener {
  checked(projection: string, rows: number): void;
  drifted(projection: string, row: DifferingRow): void;
  /** What is wrong with pages of the log that were looked at, and how many are in all. */
  logHeld(found: ReadonlyMap<number, string | undefined>, wrong: number): void;
  failed(error: unknown): void;
}

export interface DriftMonitorParts {
  readonly projections: readonly RowProjection[];
  readonly store: EventStore;
  /** A new connection; it is ended here. */
  readonly connect: () => Promise<pg.Client>;
  readonly listener: DriftListener;
  readonly everyMs?: number;
  readonly rows?: number;
  readonly share?: number;
}

/**
 * Holds the tables against the log while they are in use, a few rows at a time, round and round: what is wrong shows before
 * somebody asks. The log itself is held against what it was. Of several processes one does it; the pages of the project call
 * it the patrol. What counts is left to those who verify: it is only right as a whole.
 */
export class DriftMonitor {
  /** The last key that was looked at in each table. */
  private readonly reached = new Map<string, string>();
  private readonly everyMs: number;
  private readonly log: LogPages;
  private readonly runner: ExclusiveRunner;

  constructor(private readonly parts: DriftMonitorParts) {
    const { connect, listener, store, everyMs = EVERY_MS } = parts;
    this.everyMs = everyMs;
    this.log = new LogPages(store);
    this.runner = new ExclusiveRunner(
      {
        lockKey: DRIFT_MONITOR_LOCK_KEY,
        canRun: (client) => this.canRun(client),
        run: (client, signal) => this.run(client, signal),
      },
      { connect, onError: (error) => listener.failed(error), retryMs: everyMs },
    );
  }

  start(): void {
    this.runner.start();
  }

  stop(): Promise<void> {
    return this.runner.stop();
  }

  /** What another program's code made is not what this one's comes to: while there is such a table, that one patrols. */
  private async canRun(client: pg.Client): Promise<boolean> {
    for (const projection of this.parts.projections) if (!(await isOfThisProgram(client, projection))) return false;
    return true;
  }

  /** Until a table is another program's, or it is to stop. */
  private async run(client: pg.Client, signal: AbortSignal): Promise<void> {
    for (let n = 0; !signal.aborted && (await this.canRun(client)); n++) {
      const since = performance.now();
      await this.checkLog(client);
      await this.check(client, this.parts.projections[n % this.parts.projections.length]!, signal);
      await pause(restAfter(performance.now() - since, this.everyMs, this.parts.share), undefined, { signal });
    }
  }

  private async checkLog(client: pg.Client): Promise<void> {
    const found = await this.log.check(client, PAGES);
    const { pages } = await this.log.wrong(client);
    this.parts.listener.logHeld(found, pages);
  }

  private async check(client: pg.Client, projection: RowProjection, signal: AbortSignal): Promise<void> {
    const { store, listener, rows: most = ROWS } = this.parts;
    const live = await liveVersion(client, projection);
    if (live?.foldVersion !== projection.version) return;
    const { rows } = await client.query<{ execution_id: string }>(
      `select execution_id from ${tableOf(projection, live.version)} where execution_id > $1 order by execution_id limit $2`,
      [this.reached.get(projection.name) ?? '', most],
    );
    const next = rows.map(({ execution_id }) => execution_id);
    this.reached.set(projection.name, next.length < most ? '' : next.at(-1)!);
    const identity = [projection.name, live.version] as const;
    // What was put right meanwhile must not count as wrong until the round comes by again.
    const ids = [...new Set([...next, ...(await driftToCheck(client, identity, most))])];
    const found = await new RowCheck(store, projection, live.version).of(client, ids, signal);
    await keepDrift(client, identity, ids, found.differing);
    listener.checked(projection.name, found.rows);
    for (const row of found.differing) listener.drifted(projection.name, row);
  }
}
