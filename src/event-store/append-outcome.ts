import type { Instant } from '../domain/events.js';
import type { StreamName } from '../domain/stream.js';
import type { Position } from './position.js';

/** The events stand in the stream now; these are the last one's place and the moment they were recorded. */
export interface AppendedEvents {
  readonly outcome: 'appended';
  readonly revision: number;
  readonly position: Position;
  readonly recordedAt: Instant;
}

/** Nothing was to be appended, and the stream (and the guard) stood where the caller said. */
export interface ConfirmedAppend {
  readonly outcome: 'confirmed';
}

/**
 * An id that the append (or its guard) brought stands in the stream already; nothing was written.
 * Names the first such event's place.
 */
export interface EventAlreadyThere {
  readonly outcome: 'already_there';
  readonly stream: StreamName;
  readonly revision: number;
  readonly position: Position;
}

/** The stream named here stands at `actual` (−1: does not exist), not where the caller believed; nothing was written. */
export interface AppendConflict {
  readonly outcome: 'conflict';
  readonly stream: StreamName;
  readonly actual: number;
}

/** What became of one append. A lost race is a value, never an exception. */
export type AppendOutcome = AppendedEvents | ConfirmedAppend | EventAlreadyThere | AppendConflict;
