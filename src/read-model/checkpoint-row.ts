import { EPOCH } from '../domain/clock.js';
import type { Checkpoint } from './checkpoint.js';

/** How far a projection was, as every statement that reads one answers beside what it read. */
export interface CheckpointRow {
  readonly checkpoint: string;
  readonly checkpoint_at: Date | null;
}

export const checkpointOf = (row: CheckpointRow | undefined): Checkpoint => ({
  position: BigInt(row?.checkpoint ?? 0),
  at: row?.checkpoint_at?.toISOString() ?? EPOCH,
});
