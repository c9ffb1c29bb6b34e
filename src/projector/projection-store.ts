import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import type { Instant } from '../domain/events.js';
import type { Position } from '../event-store/position.js';
import { inTransaction } from '../postgres/transaction.js';
import { PROJECTED } from '../read-model/channels.js';
import { tableOf, writeStatement } from '../read-model/table.js';
import type { PageChanges } from './page-fold.js';
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

/** From where to where a page moves the checkpoint, and when its last event was recorded. */
export interface Step {
  readonly from: Position;
  readonly to: Position;
  readonly at: Instant;
}

/** One version of a projection's table, as the projector writes it. Every method is given the connection to use. */
export class ProjectionStore {
  readonly parked: ParkedEvents;
  private readonly table: string;
  private readonly moving: string;
  private readonly identity: readonly [string, number];
  private readonly refusedCounts: RefusedCounts | undefined;

  constructor(
    readonly projection: Projection,
    readonly version: number,
  ) {
    this.table = tableOf(projection, version);
    this.moving = `with moved as (
        update ledger.checkpoints set position = $4, recorded_at = $5, moved_at = now()
         where projection = $2 and version = $3 and position = $6 returning live
      ), written as (${writeStatement(projection, version, 'exists (select from moved)')})
      select case when live then pg_notify('${PROJECTED}', $7) end from moved`;
    this.identity = [projection.name, version];
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
    const refusals = this.refusedCounts?.concerns(changes) ? this.refusedCounts : undefined;
    if (!refusals && !retried && changes.parked.length === 0) return this.move(client, step, changes);
    await inTransaction(client, async () => {
      await this.move(client, step, changes);
      await refusals?.write(client, changes);
      if (retried) await this.parked.unpark(client, retried);
      await this.parked.park(client, changes.parked);
    });
  }

  private async move(client: pg.ClientBase, { from, to, at }: Step, { encoded }: PageChanges): Promise<void> {
    const told = `${this.projection.name} ${to}`;
    const values = [encoded, ...this.identity, String(to), at, String(from), told];
    const { rowCount } = await client.query({ name: `move-${this.table}`, text: this.moving, values });
    if (rowCount !== 1) throw new CheckpointLost(`${this.projection.name} is not at ${from} any more`);
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
