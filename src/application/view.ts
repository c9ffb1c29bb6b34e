import { showExecution, type ExecutionView } from '../contract/execution.js';
import type { ExistingExecution } from '../domain/execution.js';
import type { HandleExecution } from './handle-execution.js';
import { nowOf, type Runtime } from './ports.js';
import type { Handled } from './request.js';

/** The whole execution as a request left it, for the doors that answer with it. */
export async function viewOf(handled: Handled, executions: HandleExecution, runtime: Runtime): Promise<ExecutionView> {
  const refused = await executions.refusals.count(handled.executionId);
  return showExecution(handled.executionId, handled.state as ExistingExecution, nowOf(runtime), refused);
}
