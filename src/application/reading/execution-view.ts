import { showExecution, type ExecutionView } from '../../contract/execution.js';
import type { ExistingExecution } from '../../domain/execution.js';
import { nowOf, type Runtime } from '../ports.js';
import type { DecisionResult } from '../request.js';

/** The whole execution as a request left it, for the endpoints that answer with it; how many reports were refused is read apart. */
export function executionView(
  { executionId, state }: DecisionResult,
  runtime: Runtime,
): Omit<ExecutionView, 'refused_count'> {
  return showExecution(executionId, state as ExistingExecution, nowOf(runtime), undefined);
}
