import { executionStatus } from './execution-status.js';
import { failureGroups } from './failure-groups.js';
import { outcomeHistogram } from './outcome-histogram.js';
import type { Projection } from './projection.js';
import { runTree } from './run-tree.js';
import { statusCounts } from './status-counts.js';
import { targetHealth } from './target-health.js';

/** Every read model; adding one is one file and one line. */
export const PROJECTIONS: readonly Projection[] = [
  executionStatus,
  statusCounts,
  targetHealth,
  runTree,
  failureGroups,
  outcomeHistogram,
];
