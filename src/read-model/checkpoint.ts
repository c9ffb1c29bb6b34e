import type { Instant } from '../domain/events.js';
import type { Position } from '../event-store/position.js';

/** How far the projection is. */
export interface Checkpoint {
  readonly position: Position;
  /** When the event at it was recorded, by which it is told whether the log is still the same (see same-log.ts). */
  readonly at: Instant;
}
