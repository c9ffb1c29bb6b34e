import type { Instant } from '../domain/events.js';
import type { EventStore } from './event-store.js';
import { START, type Position } from './position.js';

/** How far somebody has read the log, and when the last event was recorded that he read. */
export interface LogPlace {
  readonly position: Position;
  readonly at: Instant;
}

/**
 * Whether the log is the one that was read. One that was restored from a backup ends before the place, or goes on otherwise
 * and has another event there, or none: whoever went on from the place would miss all that was written before it anew.
 */
export const isSameLog = async (store: Pick<EventStore, 'recordedAt'>, { position, at }: LogPlace): Promise<boolean> =>
  position === START || (await store.recordedAt(position)) === at;
