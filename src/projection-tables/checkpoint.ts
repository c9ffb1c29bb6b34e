import { EPOCH } from '../domain/clock.js';
import type { Instant } from '../domain/events.js';
import type { Position } from '../event-store/position.js';

/** Where the projector tells how far the live table is: `<projection> <position>`. */
export const PROJECTED = 'ledger_live_projected';
/** Where a follower is told that something else is wanted of it: `<projection>`. */
export const CONTROLLED = 'ledger_controlled';

/** How far the projection is. */
export interface Checkpoint {
  readonly position: Position;
  /** When the event at it was recorded, by which it is told whether the log is still the same (see same-log.ts). */
  readonly at: Instant;
}

/** How far a projection was, as every statement that reads one answers beside what it read. */
export interface CheckpointRow {
  readonly checkpoint: string;
  readonly checkpoint_at: Date | null;
}

export const checkpointOf = (row: CheckpointRow | undefined): Checkpoint => ({
  position: BigInt(row?.checkpoint ?? 0),
  at: row?.checkpoint_at?.toISOString() ?? EPOCH,
});
