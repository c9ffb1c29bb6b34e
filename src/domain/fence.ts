import type { ExistingExecution } from './execution.js';
import type { Refusal } from './verdict.js';

/** Whether what is meant for `attempt` reaches the current one (docs/semantics.md §3.1). */
export function fence(state: ExistingExecution, attempt: number): Refusal | undefined {
  if (attempt < state.attempt) return 'fenced';
  return attempt > state.attempt ? 'unknown_attempt' : undefined;
}
