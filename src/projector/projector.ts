import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import { initial } from '../domain/execution.js';
import { parseStream } from '../domain/stream.js';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import type { Position } from '../event-store/position.js';
import { isSameLog } from '../event-store/same-log.js';
import { projectionLockKey } from '../projection-tables/locks.js';
import { isOfThisProgram, liveVersion } from '../projection-tables/versions.js';
import type { ExecutionStates } from './execution-states.js';
import { foldPage, requiredRevisions, type KnownState, type PageChanges } from './page-fold.js';
import { stepOver } from './page-statement.js';
import { park } from './parked-events.js';
import { CheckpointLost, ProjectionStore } from './projection-store.js';
import { retryParked } from './retry.js';
import { isPoison } from './poison.js';

/** What a projector tells whoever runs it. */
export interface ProjectorListener {
  /** An event could not be read, or its row not be written, and was passed over. */
  parked(event: { readonly position: string; readonly error: string }): void;
  /** So many events were of types that are not ours. */
  skipped(events: number): void;
  /** So many members of events of ours could not be read, and were left out. */
  unread(members: number): void;
  /** The log is not the one that it was projected from up to there. */
  lost(position: Position): void;
  /** The tables have doubled since the planner was last told: time to {@link ProjectionStore.analyze} them. */
  grown(tables: ProjectionStore): void;
}

/** How many rows are written before the planner is told for the first time. */
const FIRST_ANALYZED = 1_000;

/**
 * Follows the log for one projection: what a page contributes is written with its checkpoint (docs/architecture.md, An
 * event, to the read models).
 */
export class Projector {
  readonly name: string;
  /** Tells the lead of this projection from others. */
  readonly lockKey: number;
  /** The version that it writes, once its lead has begun. */
  tables!: ProjectionStore;
  private checkpoint: Position = 0n;
  private written = 0;
  /** Where it was said to have lost its log; said once. */
  private lost: Position | undefined;
  private analyzeAt = FIRST_ANALYZED;

  constructor(
    private readonly projection: Projection,
    private readonly store: EventStore,
    private readonly states: ExecutionStates,
    private readonly listener: ProjectorListener,
    /** Which version to write; default: whichever is live when the lead is won. */
    private readonly version?: number,
  ) {
    this.name = projection.name;
    this.lockKey = projectionLockKey(projection.name);
  }

  /** Where it stands. */
  get position(): Position {
    return this.checkpoint;
  }

  /**
   * Whether this program can do it now; while it cannot, the lead is left to one that can. A live version that another
   * program's code made is left to that program, until the rebuild of it is swapped in.
   */
  async canRun(client: pg.ClientBase): Promise<boolean> {
    return this.version !== undefined || isOfThisProgram(client, this.projection);
  }

  /**
   * Where to go on from, undefined while it is paused or cannot go on; called whenever the lead is won, and whenever it is told:
   * another process may have led since, and the projection's keeper may want something else of it.
   */
  async begin(client: pg.ClientBase): Promise<Position | undefined> {
    const live = await liveVersion(client, this.projection);
    const version = this.version ?? (live?.foldVersion === this.projection.version ? live.version : undefined);
    if (version === undefined) throw new CheckpointLost(`${this.name} is of another program's version now`);
    this.tables = new ProjectionStore(this.projection, version);
    const status = await this.tables.begin(client);
    this.checkpoint = status.position;
    if (!(await isSameLog(this.store, status))) return this.stopAt(status.position);
    if (status.paused) return undefined;
    if (status.retry) await retryParked(client, this.tables, this.states, this.store, status);
    return this.checkpoint;
  }

  /** Events would be missed that were given those positions anew: it stays where it is, and is to be rebuilt. */
  private stopAt(position: Position): undefined {
    if (this.version !== undefined)
      throw new Error(`version ${this.version} of ${this.name} was made from another log: it stands at ${position}`);
    if (this.lost !== position) this.listener.lost(position);
    this.lost = position;
  }

  /** Projects a page and moves the checkpoint, in one transaction. Throwing ends the lead. */
  async handle(client: pg.ClientBase, page: readonly StoredEvent[]): Promise<void> {
    const unread = page.filter(({ position }) => position > this.checkpoint);
    if (unread.length > 0) await this.project(client, unread);
  }

  /** A page that cannot be projected is halved until the event that it cannot be for is alone. */
  private async project(client: pg.ClientBase, page: readonly StoredEvent[]): Promise<void> {
    const before = await this.before(client, page);
    try {
      await this.write(client, page, foldPage(this.projection, page, before, this.states.fold));
    } catch (error) {
      if (!isPoison(error)) throw error;
      if (page.length === 1) return this.parkAlone(client, page[0]!, error as Error);
      const middle = page.length >> 1;
      await this.project(client, page.slice(0, middle));
      await this.project(client, page.slice(middle));
    }
  }

  private async before(client: pg.ClientBase, page: readonly StoredEvent[]): Promise<Map<string, KnownState>> {
    const wanted = requiredRevisions(page);
    const stopped = await this.tables.parked.stopped(client, [...wanted.keys()]);
    for (const id of stopped) wanted.delete(id);
    const before = await this.states.at(client, wanted);
    for (const id of stopped) before.set(id, STOPPED);
    return before;
  }

  private async write(client: pg.ClientBase, page: readonly StoredEvent[], changes: PageChanges): Promise<void> {
    const step = stepOver(page, this.checkpoint);
    await this.tables.write(client, step, changes);
    for (const [id, state] of changes.states) this.states.keep(id, state);
    this.passed(step.to, changes);
  }

  /** A page is written, up to there. */
  passed(position: Position, changes: PageChanges): void {
    this.checkpoint = position;
    for (const event of changes.parked) this.listener.parked(event);
    if (changes.foreign > 0) this.listener.skipped(changes.foreign);
    if (changes.unread > 0) this.listener.unread(changes.unread);
    this.written += changes.count;
    if (this.written < this.analyzeAt) return;
    this.analyzeAt *= 2;
    this.listener.grown(this.tables);
  }

  /** Its execution stays as it was, and the log goes on. */
  private async parkAlone(client: pg.ClientBase, stored: StoredEvent, error: Error): Promise<void> {
    const stream = parseStream(stored.stream);
    const parked = park(stream?.executionId ?? stored.stream, stored, error.message);
    // A refusal that cannot be counted stops no execution: it is no event of it.
    if (stream?.kind !== 'execution') this.listener.parked(parked);
    const parks = stream?.kind === 'execution' ? [parked] : [];
    await this.write(client, [stored], { ...foldPage(this.projection, [], new Map()), parked: parks });
  }
}

const STOPPED: KnownState = { state: initial, stopped: true };
