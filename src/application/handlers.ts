import { CascadeCancelHandler } from './deciding/cascade-cancel.handler.js';
import { DryRunHandler } from './deciding/dry-run.handler.js';
import { COMMAND_HANDLERS } from './deciding/command-handlers.js';
import { ControlProjectionHandler } from './operating/control-projection.handler.js';
import { ReadInboxHandler } from './operating/read-inbox.handler.js';
import { ReadOperationsHandler } from './operating/read-operations.handler.js';
import { ReadProjectionsHandler } from './operating/read-projections.handler.js';
import { BatchStatusHandler } from './reading/batch-status.handler.js';
import { CountStatusesHandler } from './reading/count-statuses.handler.js';
import { GetExecutionHandler } from './reading/get-execution.handler.js';
import { ListExecutionsHandler } from './reading/list-executions.handler.js';
import { ReadFailureGroupsHandler } from './reading/read-failure-groups.handler.js';
import { ReadHistogramHandler } from './reading/read-histogram.handler.js';
import { ReadHistoryHandler } from './reading/read-history.handler.js';
import { ReadLogHandler } from './reading/read-log.handler.js';
import { ReadRefusedHandler } from './reading/read-refused.handler.js';
import { ReadRowsHandler } from './reading/read-rows.handler.js';
import { ReadTargetHealthHandler } from './reading/read-target-health.handler.js';
import { ReadTreeHandler } from './reading/read-tree.handler.js';
import { RefusedWhilePausedHandler } from './reading/refused-while-paused.handler.js';
import { StateAtHandler } from './reading/state-at.handler.js';

/** What answers the commands and the queries: each handler is told its own by the bus. */
export const HANDLERS = [
  // deciding
  ...COMMAND_HANDLERS,
  CascadeCancelHandler,
  DryRunHandler,
  // operating
  ControlProjectionHandler,
  ReadInboxHandler,
  ReadOperationsHandler,
  ReadProjectionsHandler,
  // reading
  BatchStatusHandler,
  CountStatusesHandler,
  GetExecutionHandler,
  ListExecutionsHandler,
  ReadFailureGroupsHandler,
  ReadHistogramHandler,
  ReadLogHandler,
  ReadRefusedHandler,
  ReadRowsHandler,
  ReadHistoryHandler,
  ReadTargetHealthHandler,
  ReadTreeHandler,
  RefusedWhilePausedHandler,
  StateAtHandler,
];
