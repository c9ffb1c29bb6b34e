import type { Instant } from '../domain/events.js';
import type { Status } from '../domain/status.js';

/** Which executions are counted; all where neither is given. */
export interface CountsRequest {
  readonly workflow_id?: string | undefined;
  readonly target?: string | undefined;
}

/** Whole hours, those that begin in the range: `from` inclusive, `to` exclusive. One target is shown by the hour. */
export interface HealthRequest {
  readonly target?: string | undefined;
  readonly from: Instant;
  readonly to: Instant;
}

/** How a target fared in some time. */
export interface Health {
  /** How many, by status and by who stands behind it. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of the outcomes whose duration is known: how many, and quantiles in milliseconds, a hundredth more or less. */
  readonly durations_ms?: { readonly count: number; readonly p50: number; readonly p95: number; readonly p99: number };
}

export interface TargetHealth extends Health {
  /** Null: of executions without one. */
  readonly target: string | null;
  readonly hours?: readonly (Health & { readonly hour: Instant })[];
}

/** Failures of whole minutes, those that begin in the range: `from` inclusive, `to` exclusive. */
export interface FailuresRequest {
  readonly status?: readonly Status[] | undefined;
  readonly workflow_id?: string | undefined;
  readonly target?: string | undefined;
  readonly kind?: string | undefined;
  readonly from: Instant;
  readonly to: Instant;
}

/** Failures that have their error in common, but for what differs each time. */
export interface FailureGroup {
  readonly fingerprint: string;
  readonly pattern: string;
  /** How many happened. */
  readonly count: number;
  /** Of how many of them the executions stand so now. */
  readonly standing: number;
  /** The minutes of the first and the last. */
  readonly first_at: Instant;
  readonly last_at: Instant;
  /** Those with the most of them. */
  readonly targets: readonly string[];
  /** The execution that failed last of those that stand so. */
  readonly example?: string;
}

const MINUTE_MS = 60_000;
/** How long each part of a histogram is, and of how many days at most there is one: more would be too much to read, or to show. */
export const INTERVALS = {
  '1m': { ms: MINUTE_MS, mostDays: 1 },
  '5m': { ms: 5 * MINUTE_MS, mostDays: 4 },
  '30m': { ms: 30 * MINUTE_MS, mostDays: 8 },
  '1h': { ms: 60 * MINUTE_MS, mostDays: 8 },
  '1d': { ms: 1_440 * MINUTE_MS, mostDays: 31 },
} as const;
export type Interval = keyof typeof INTERVALS;

/** What the outcomes are counted by. */
export const HISTOGRAM_KEYS = ['status', 'workflow', 'target', 'kind'] as const;
export type HistogramKey = (typeof HISTOGRAM_KEYS)[number];

/** Outcomes of whole intervals, `from` inclusive, `to` exclusive: both begin one. */
export interface HistogramRequest extends FailuresRequest {
  readonly interval: Interval;
  /** What the counts are keyed by. */
  readonly by: HistogramKey;
  readonly '-status'?: readonly Status[] | undefined;
}

/** The outcomes of one interval. */
export interface HistogramBucket {
  /** When it begins. */
  readonly from: Instant;
  /** By the values that most have in the whole range. */
  readonly counts: Readonly<Record<string, number>>;
  /** Those with any other value. */
  readonly others?: number;
  /** Those without one. */
  readonly absent?: number;
  /** Quantiles of the durations that are known, a hundredth more or less. */
  readonly p50_ms?: number;
  readonly p95_ms?: number;
}

export type Counts = Readonly<Partial<Record<Status, number>>>;

export interface TreeRequest {
  readonly executionId: string;
  /** How many generations of children. */
  readonly depth: number;
  /** How many executions in all. */
  readonly limit: number;
}

/** An execution in a tree. */
export interface TreeNode {
  readonly executionId: string;
  readonly parentId: string | undefined;
  readonly depth: number;
  readonly target: string | undefined;
  /** It is longer than that. */
  readonly targetCut: boolean;
  readonly status: Status;
  readonly attempt: number;
  readonly createdAt: Instant;
  /** All its children by status, those included that are not shown. */
  readonly children: Counts;
}

export interface Tree {
  readonly runId: string;
  /** All executions of the run by status. */
  readonly run: Counts;
  /** The execution asked for first, each parent before its children. */
  readonly nodes: readonly TreeNode[];
  /** There are more than were asked for. */
  readonly truncated: boolean;
}
