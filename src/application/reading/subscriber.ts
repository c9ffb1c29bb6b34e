import type { Position } from '../../event-store/position.js';

/** An execution that changed, as it is. */
export interface Change {
  /** Of its last event. Whoever has seen the changes up to here has missed none before. */
  readonly position: Position;
  readonly executionId: string;
  /** Its list shape, as JSON. */
  readonly json: string;
}

/** Why a subscriber is let go. */
export type EndOfFeed = 'slow' | 'shutdown' | 'unavailable' | 'key_ended';

/** Somebody who is told what changes. */
export interface Subscriber {
  /** Changes in the order of their positions; never waits. */
  send(changes: readonly Change[]): void;
  /** Resolves when what was sent has gone out, or the subscriber has. */
  drained(): Promise<void>;
  end(reason: EndOfFeed): void;
}
