import type { Instant } from '../domain/events.js';
import type { Position } from '../event-store/position.js';

/** How far the projection is. */
export interface Checkpoint {
  readonly position: Position;
  /** When the last event at or before it was recorded, or the projection was last seen idle at the head; the later. */
  readonly at: Instant;
}
