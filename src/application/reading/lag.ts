import type { Instant } from '../../domain/events.js';
import type { LogReads } from '../../event-store/event-store.js';
import type { Position } from '../../event-store/position.js';
import type { Checkpoint } from '../../projection-tables/checkpoint.js';

/** How far a projection is behind the log. */
export interface Lag {
  /** Absent where positions do not count events. */
  readonly lag_events?: number;
  /** The age of the oldest event that is not projected, in milliseconds; 0 where there is none. */
  readonly lag_ms: number;
}

/** The head of the log, as far as it can be told at once (see {@link LogReads.soFar}). */
export const headSoFar = (store: LogReads, enough?: Position): Promise<Position> => (store.soFar ?? store).head(enough);

/** When the oldest event was recorded that is behind `position`, where there is one up to `head`. */
async function oldestAfter(store: LogReads, position: Position, head: Position): Promise<Instant | undefined> {
  if (store.soFar) return store.soFar.oldestAfter(position);
  return head > position ? (await store.readAll(position, 1))[0]?.recordedAt : undefined;
}

/** How far the projection at `checkpoint` is behind, at the moment `now` (milliseconds since 1970). `known`: the head. */
export async function lagOf(store: LogReads, { position }: Checkpoint, now: number, known?: Position): Promise<Lag> {
  const head = known ?? (await headSoFar(store));
  const behind = head > position ? head - position : 0n;
  // Of the oldest unprojected event, not of the checkpoint: after a quiet night the first report is not a night late.
  const oldest = await oldestAfter(store, position, head);
  const lag_ms = oldest === undefined ? 0 : Math.max(0, now - Date.parse(oldest));
  return store.densePositions ? { lag_events: Number(behind), lag_ms } : { lag_ms };
}
