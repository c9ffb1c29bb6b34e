import type { Checkpoint } from './checkpoint.js';

/** How far a projection was, as every statement that reads one answers beside what it read. */
export interface CheckpointRow {
  readonly checkpoint: string;
  readonly checkpoint_at: Date | null;
}

const EPOCH = new Date(0).toISOString();

export const checkpointOf = (row: CheckpointRow | undefined): Checkpoint => ({
  position: BigInt(row?.checkpoint ?? 0),
  at: row?.checkpoint_at?.toISOString() ?? EPOCH,
});
