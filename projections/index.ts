import { executionStatus } from './execution-status.js';
import type { Projection } from './projection.js';
import { statusCounts } from './status-counts.js';

/** Every read model; adding one is one file and one line. */
export const PROJECTIONS: readonly Projection[] = [executionStatus, statusCounts];
