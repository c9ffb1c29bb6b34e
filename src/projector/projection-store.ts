import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import type { Instant } from '../domain/events.js';
import type { Position } from '../event-store/position.js';
import { inTransaction } from '../postgres/transaction.js';
import { tableOf } from '../projection-tables/table.js';
import type { PageChanges } from './page-fold.js';
import { PageStatement, type Step } from './page-statement.js';
import { ParkedEvents, type ParkedPosition } from './parked-events.js';
import { RefusedCounts } from './refused-counts.js';

/** Another writer moved the checkpoint: whoever finds this out no longer leads. */
export class CheckpointLost extends Error {
  override readonly name = 'CheckpointLost';
}

/** Where a projection stands, and what its keeper wants of it. */
export interface CheckpointStatus {
  readonly position: Position;
  readonly at: Instant;
  readonly paused: boolean;
  /** Parked events are to be tried again. */
  readonly retry: boolean;
}

/** One version of a projection's table, as the projector writes it. Every method is given the connection to use. */
export class ProjectionStore {
  readonly parked: ParkedEvents;
  readonly refusedCounts: RefusedCounts | undefined;
  private readonly table: string;
  private readonly identity: readonly [string, number];
  private readonly alone: PageStatement;

  constructor(
    readonly projection: Projection,
    readonly version: number,
  ) {
    this.table = tableOf(projection, version);
    this.identity = [projection.name, version];
    this.alone = new PageStatement([this], 'for no key update');
    const isRows = projection.kind === 'rows';
    this.parked = new ParkedEvents(this.identity, isRows ? this.table : undefined);
    if (isRows && projection.countsRefusals) this.refusedCounts = new RefusedCounts(this.table, this.identity);
  }

  /** Where to go on from; nothing that an earlier lead knew counts. */
  async begin(client: pg.ClientBase): Promise<CheckpointStatus> {
    await this.refusedCounts?.begin(client);
    await this.parked.begin(client);
    const { rows } = await client.query<{ position: string; at: Date | null; paused: boolean; retry: boolean }>(
      `select position, recorded_at as at, paused, retry from ledger.checkpoints
        where projection = $1 and version = $2`,
      [...this.identity],
    );
    const { position, at, ...asked } = rows[0]!;
    return { position: BigInt(position), at: (at ?? new Date(0)).toISOString(), ...asked };
  }

  /**
   * Writes what a page changes and moves the checkpoint, in one transaction: one statement, unless there is more to say.
   * `retried`: the parked event that it is about.
   * @throws CheckpointLost when it does not stand at `from`; then nothing is written
   */
  async write(client: pg.ClientBase, step: Step, changes: PageChanges, retried?: ParkedPosition): Promise<void> {
    const move = async (): Promise<void> => {
      const moved = await this.alone.run(client, step, [changes]);
      if (moved.size === 0) throw new CheckpointLost(`${this.projection.name} is not at ${step.from} any more`);
    };
    if (!this.hasMore(changes) && !retried) return move();
    await inTransaction(client, async () => {
      await move();
      await this.refusedCounts?.write(client, changes);
      if (retried) await this.parked.unpark(client, retried);
      await this.parked.park(client, changes.parked);
    });
  }

  /** Whether a page has more to say than what its statement writes. */
  hasMore(changes: PageChanges): boolean {
    return changes.parked.length > 0 || (this.refusedCounts?.concerns(changes) ?? false);
  }

  /** Nothing is left to be tried again. */
  async retried(client: pg.ClientBase): Promise<void> {
    const text = 'update ledger.checkpoints set retry = false where projection = $1 and version = $2';
    await client.query(text, [...this.identity]);
  }

  /** Tells the planner what the table has become; it runs beside the pages, on a connection of its own. */
  async analyze(client: pg.ClientBase): Promise<void> {
    await client.query(`analyze ${this.table}`);
  }
}
