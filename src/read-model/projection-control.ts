import type { Instant } from '../domain/events.js';
import type { Position } from '../event-store/position.js';
import type { Checkpoint } from '../projection-tables/checkpoint.js';

/** Where a projection stands, and what is wanted of it. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  /** Whether this program's code made it; another's is that one's to move. */
  readonly ours: boolean;
  readonly checkpoint: Checkpoint;
  /** For how long the checkpoint has not moved, in milliseconds. */
  readonly stillMs: number;
  readonly paused: boolean;
  /** Parked events are being tried again, or are about to be. */
  readonly retrying: boolean;
  /** How many events are parked. */
  readonly parked: number;
  /** How many rows the patrol found wrong, and has not found right since; and when it found the first of them. */
  readonly drifted: number;
  readonly driftedSince?: Instant;
  /** The database's session that leads it: its process id there, and since when it is connected. None: nobody projects. */
  readonly leader?: { readonly pid: number; readonly since: string };
}

/** An event that was passed over. */
export interface ParkedEvent {
  readonly position: Position;
  readonly eventType: string;
  readonly executionId: string;
  readonly error: string;
}

/** A row that is not the fold of its stream. */
export interface DriftedRow {
  readonly executionId: string;
  /** The first column that differs. */
  readonly field: string;
  readonly foundAt: Instant;
}

/** What can be wanted of a projection; whoever leads it takes note between two pages. */
export interface ControlRequest {
  /** Holds for a rebuild or verification of it, too. */
  readonly paused?: boolean;
  /** Parked events are to be tried again. */
  readonly retry?: true;
}

/** The projections as their keepers see and steer them. Thrown errors are StoreErrors. */
export interface ProjectionControl {
  /** All of this program, in its order. */
  statuses(): Promise<ProjectionStatus[]>;
  /** The oldest parked events of a projection, at most 1,000. */
  parked(projection: string): Promise<ParkedEvent[]>;
  /** The rows of a projection that the patrol found wrong, at most 20, those first that were found first. */
  drifted(projection: string): Promise<DriftedRow[]>;
  /** Says what is wanted from now on. Wanting it twice is wanting it once. */
  request(projection: string, wanted: ControlRequest): Promise<void>;
}
