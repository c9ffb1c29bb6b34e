import type { Projection } from '../../projections/projection.js';
import type { ExistingExecution, UnreadablePoint } from '../domain/execution.js';
import type { Instant } from '../domain/events.js';
import type { Position } from '../event-store/position.js';
import type { Checkpoint } from '../projection-tables/checkpoint.js';
import type {
  Counts,
  CountsRequest,
  FailureGroup,
  FailuresRequest,
  HealthRequest,
  HistogramBucket,
  HistogramRequest,
  TargetHealth,
  Tree,
  TreeRequest,
} from './summaries.js';
import type { InboxRequest, ListRequest, Total } from './list-request.js';
import type { InboxCount } from './inbox-query.js';
import type { RowsPage, RowsRequest } from './rows-query.js';
import type { ProjectionControl } from './projection-control.js';

/** An execution as it is projected. */
export interface ProjectedExecution {
  readonly executionId: string;
  readonly state: ExistingExecution;
  readonly refusedCount: number;
  /** The last attempt whose outcome a worker contradicted; 0: none. */
  readonly contradictedAttempt: number;
  /** The last attempt that stood while a worker of an older one reported; 0: none. */
  readonly fencedAttempt: number;
  /** The event that could not be read, where the projection of this execution stopped. */
  readonly unreadable?: UnreadablePoint;
  /** The version of the projection's code that made the row. */
  readonly foldVersion: number;
  /** What of it is cut, where it was read in short. */
  readonly truncated?: readonly string[];
}

/** Executions in short (domain/in-short.ts): as many as were asked for, or as few as have {@link SHORT_BYTES} together. */
export interface ShortPage {
  readonly rows: ProjectedExecution[];
  /** Whether there are more behind them. */
  readonly more: boolean;
  /** Where that was asked for. */
  readonly total?: Total;
  readonly checkpoint: Checkpoint;
}

export interface ChangedRequest {
  readonly among: readonly string[];
  /** Exclusive. */
  readonly after: Position;
  readonly upTo: Position;
}

/** An execution whose deadline has passed, as far as is projected. */
export interface DueExecution {
  readonly executionId: string;
  /** Of the row that says so. */
  readonly revision: number;
  readonly dueAt: Instant;
}

export interface DueRequest {
  /** Due by then. */
  readonly at: Instant;
  /** Only those behind this one. */
  readonly after?: DueExecution | undefined;
  readonly limit: number;
}

/**
 * The readers of the projected tables. Thrown errors are StoreErrors: `overloaded` where too many read already. Only what is
 * shown to people waits for others who are shown something: rows, lists, changes, counts, health, trees.
 */
export interface ReadModel {
  /** With the checkpoint that the row was read at. The state is whole. */
  find(executionId: string): Promise<{ row?: ProjectedExecution; checkpoint: Checkpoint }>;
  /** As {@link find}, of many, in short. */
  findMany(executionIds: readonly string[]): Promise<{ rows: Map<string, ProjectedExecution>; checkpoint: Checkpoint }>;
  list(request: ListRequest): Promise<ShortPage>;
  /** How many executions there are of each kind, and how long nobody heard of one. */
  inbox(request: InboxRequest): Promise<{ counted: ReadonlyMap<string, InboxCount>; checkpoint: Checkpoint }>;
  /** Of some executions those whose last change lies in a part of the log, in the order of these changes. */
  changed(request: ChangedRequest): Promise<ShortPage>;
  /** Those that are to be timed out, the longest overdue first; none whose stream cannot be read. */
  due(request: DueRequest): Promise<{ due: DueExecution[]; checkpoint: Checkpoint }>;
  /** How many executions stand in each status; in those that are left out, none. */
  statusCounts(request: CountsRequest): Promise<{ counts: Counts; checkpoint: Checkpoint }>;
  /** How targets fared; of those without any outcome in that time nothing. */
  targetHealth(request: HealthRequest): Promise<{ targets: TargetHealth[]; checkpoint: Checkpoint }>;
  /** What failed, by what it has in common: the groups with the most failures. */
  failureGroups(request: FailuresRequest): Promise<{ groups: FailureGroup[]; more: boolean; checkpoint: Checkpoint }>;
  /** When executions ended, how, and how long they took. */
  histogram(request: HistogramRequest): Promise<{ buckets: HistogramBucket[]; checkpoint: Checkpoint }>;
  /** The projection of a name, of those that this program knows. */
  projection(name: string): Projection | undefined;
  /** The rows of a projection in the order of its key. */
  rows(request: RowsRequest): Promise<RowsPage>;
  /** An execution with its descendants. */
  tree(request: TreeRequest): Promise<{ tree?: Tree; checkpoint: Checkpoint }>;
  /** As {@link tree}, for a command, which waits for no reader. */
  descendants(request: TreeRequest): Promise<{ tree?: Tree; checkpoint: Checkpoint }>;
  /** Of a projection by its name; default: the one that lists are read from. */
  checkpoint(projection?: string): Promise<Checkpoint>;
  /** Resolves true once the projection has passed `position`, false when `ms` are over first. Waiters cost no polling each. */
  waitFor(position: Position, ms: number, projection?: string): Promise<boolean>;
  /** Whoever waits is told now that it is not there yet, and so is everybody from now on. */
  releaseWaiters(): void;
  /** The projections themselves, for whoever keeps them running. */
  readonly projections: ProjectionControl;
  close(): Promise<void>;
}
export const READ_MODEL = Symbol('ReadModel');
