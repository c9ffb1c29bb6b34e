import type { LogReads } from '../event-store/event-store.js';
import type { Position } from '../event-store/position.js';
import type { Checkpoint } from '../read-model/checkpoint.js';

/** How far a projection is behind the log. */
export interface Lag {
  /** Absent where positions do not count events. */
  readonly lag_events?: number;
  /** The age of the oldest event that is not projected, in milliseconds; 0 where there is none. */
  readonly lag_ms: number;
}

/** How far the projection at `checkpoint` is behind, at the moment `now` (milliseconds since 1970). `known`: the head. */
export async function lagOf(store: LogReads, { position }: Checkpoint, now: number, known?: Position): Promise<Lag> {
  const head = known ?? (await store.head());
  const behind = head > position ? head - position : 0n;
  // Of the oldest unprojected event, not of the checkpoint: after a quiet night the first report is not a night late.
  const [oldest] = behind > 0n ? await store.readAll(position, 1) : [];
  const lag_ms = oldest ? Math.max(0, now - Date.parse(oldest.recordedAt)) : 0;
  return store.densePositions ? { lag_events: Number(behind), lag_ms } : { lag_ms };
}
