import type { Position } from '../event-store/position.js';
import { UNFINISHED_STATES, type OperationState } from '../projection-tables/operation-states.js';
import type { Version } from '../projection-tables/versions.js';
import type { ComparisonResult } from './drift.js';

/** To make a new table and have readers read it, or to make one only to compare the live one with it. */
export type RebuildKind = 'rebuild' | 'verify';
/** What is being done. */
export type Phase = 'loading' | 'indexing' | 'catching up' | 'comparing';

/** What can be asked for of a projection that takes its time. */
export type ProjectionOperationKind = RebuildKind | 'rollback';

/** Something of a {@link ProjectionOperationKind} that was asked for, as far as it has come or as it ended. */
export interface ProjectionOperation {
  readonly kind: ProjectionOperationKind;
  /** The version that it makes; 0 before anybody has begun. */
  readonly version: number;
  readonly foldVersion: number;
  readonly state: OperationState;
  readonly phase: Phase;
  readonly paused: boolean;
  /** How fast it may go, in events per second. */
  readonly eventsPerSecond?: number;
  /** How many executions are verified; absent: all. */
  readonly sample?: number;
  /** The position up to which streams are loaded whole. */
  readonly upTo: Position;
  /** Where the version stands that it makes. */
  readonly checkpoint: Position;
  readonly events: number;
  /** For how long it was worked at, in milliseconds. */
  readonly ranMs: number;
  readonly startedAt: string;
  /** Asked for within the last seconds: whoever asked may not have begun yet. */
  readonly justRequested: boolean;
  readonly finishedAt?: string;
  /** What was compared. */
  readonly compared?: ComparisonResult;
  readonly error?: string;
}

/** Who is at a projection's operation: a session of the database. */
export interface LockHolder {
  readonly pid: number;
  readonly name: string;
  readonly since: string;
}

/** The operations of a projection, and whatever decides whether one can be done. */
export interface OperationsStatus {
  readonly name: string;
  /** In the order in which they were asked for. */
  readonly operations: readonly ProjectionOperation[];
  readonly live: Version & { readonly paused: boolean };
  readonly holder?: LockHolder;
  /** The version that a rollback would go back to. */
  readonly previous?: Version;
}

/** How an operation is to be done. */
export interface OperationOptions {
  readonly eventsPerSecond?: number | undefined;
  readonly sample?: number | undefined;
}

/** `accepted`, or why not now; `by`: the one who is at it. */
export type OperationResponse =
  { readonly accepted: true } | { readonly accepted: false; readonly why: string; readonly by?: LockHolder };

/** The operations as keepers of projections ask for them and see them. Thrown errors are StoreErrors. */
export interface ProjectionOperations {
  statuses(): Promise<OperationsStatus[]>;
  /** Writes down what is wanted and tells those who do it. Asking for what is under way changes nothing. */
  request(projection: string, kind: ProjectionOperationKind, options?: OperationOptions): Promise<OperationResponse>;
  /** Drops what is kept beside the live version. */
  prune(projection: string): Promise<OperationResponse>;
}
/** The dependency-injection token of {@link ProjectionOperations}. */
export const PROJECTION_OPERATIONS = Symbol('ProjectionOperations');

/** Whether somebody has still to do something about it. */
export const isUnfinished = ({ state }: Pick<ProjectionOperation, 'state'>): boolean =>
  UNFINISHED_STATES.includes(state);

/** The state as operators are shown it: a pause of what is unfinished goes before what it was doing. */
export const operationStateOf = ({ state, paused }: Pick<ProjectionOperation, 'state' | 'paused'>) =>
  paused && isUnfinished({ state }) ? 'paused' : state;

/** The operation of a kind that has still to be done. */
export const unfinished = (
  { operations }: Pick<OperationsStatus, 'operations'>,
  kind: ProjectionOperationKind,
): ProjectionOperation | undefined =>
  operations.find((operation) => operation.kind === kind && isUnfinished(operation));

/** Who is at it, in words. */
export const describeHolder = (name: string, { name: session, pid, since }: LockHolder): string =>
  `${session} (session ${pid}) has been at a rebuild, verification or rollback of ${name} since ${since}`;
