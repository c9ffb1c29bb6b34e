import { BatchStatusHandler } from './batch-status.handler.js';
import { CountStatusesHandler } from './count-statuses.handler.js';
import { DryRunHandler } from './dry-run.handler.js';
import { GetExecutionHandler } from './get-execution.handler.js';
import { ListExecutionsHandler } from './list-executions.handler.js';
import { ReadFailureGroupsHandler } from './read-failure-groups.handler.js';
import { ReadInboxHandler } from './read-inbox.handler.js';
import { ReadHistogramHandler } from './read-histogram.handler.js';
import { ReadLogHandler } from './read-log.handler.js';
import { ReadOperationsHandler } from './read-operations.handler.js';
import { ReadProjectionsHandler } from './read-projections.handler.js';
import { ReadRefusedHandler } from './read-refused.handler.js';
import { ReadRowsHandler } from './read-rows.handler.js';
import { ReadHistoryHandler } from './read-history.handler.js';
import { ReadTargetHealthHandler } from './read-target-health.handler.js';
import { ReadTreeHandler } from './read-tree.handler.js';
import { RefusedWhilePausedHandler } from './refused-while-paused.handler.js';
import { StateAtHandler } from './state-at.handler.js';

export const QUERY_HANDLERS = [
  GetExecutionHandler,
  ListExecutionsHandler,
  CountStatusesHandler,
  BatchStatusHandler,
  DryRunHandler,
  ReadHistoryHandler,
  ReadRefusedHandler,
  RefusedWhilePausedHandler,
  ReadLogHandler,
  StateAtHandler,
  ReadOperationsHandler,
  ReadProjectionsHandler,
  ReadRowsHandler,
  ReadTargetHealthHandler,
  ReadTreeHandler,
  ReadFailureGroupsHandler,
  ReadInboxHandler,
  ReadHistogramHandler,
];
