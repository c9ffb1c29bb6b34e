import type { components } from '../../../client/openapi.js';
import type { SortField } from './sorts.js';

type ExecutionSummary = components['schemas']['ExecutionSummary'];

/** The rows that the page holds, in their order, and where each stands. */
export interface HeldRows {
  readonly rows: readonly ExecutionSummary[];
  readonly at: ReadonlyMap<string, number>;
}

/** The rows of some pages. One that moved between two pages while they were read stands on both, and is held once. */
export function held(pages: readonly { readonly executions: readonly ExecutionSummary[] }[]): HeldRows {
  const rows: ExecutionSummary[] = [];
  const at = new Map<string, number>();
  for (const { executions } of pages)
    for (const execution of executions) {
      if (at.has(execution.execution_id)) continue;
      at.set(execution.execution_id, rows.length);
      rows.push(execution);
    }
  return { rows, at };
}

/** What is known of an execution by two answers: the one that reflects more. */
export const later = (one: ExecutionSummary, other: ExecutionSummary | undefined): ExecutionSummary =>
  other !== undefined && BigInt(other.position) >= BigInt(one.position) ? other : one;

/**
 * How many executions a list that is read anew begins with before it comes to one that stands where it stood: those that came,
 * and those that moved to its top. `isMore` where it does not come to one at all.
 */
export function newer(head: readonly ExecutionSummary[], { rows, at }: HeldRows, field: SortField) {
  const first = head.findIndex((execution) => {
    const index = at.get(execution.execution_id);
    return index !== undefined && rows[index]![field] === execution[field];
  });
  const count = first === -1 ? head.length : first;
  return { count, isMore: first === -1 && head.length > 0 && rows.length > 0 };
}
