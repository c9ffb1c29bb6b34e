import type { ExecutionState } from '../src/domain/execution.js';
import { moved, type CounterProjection, type Row } from './projection.js';

/**
 * How many executions stand in each status, by workflow and target. Beside each combination one row per status counts them
 * all, so that the whole is nine rows however many workflows there are.
 */
export const statusCounts: CounterProjection = {
  kind: 'counters',
  name: 'status-counts',
  version: 4,
  key: ['scope', 'workflow_id', 'target', 'status'],
  columns: {
    /** `all`, or `each` combination of workflow and target. */
    scope: { type: 'text', short: true },
    workflow_id: { type: 'text', nullable: true },
    target: { type: 'text', nullable: true },
    status: { type: 'text', short: true },
    count: { type: 'bigint' },
  },
  indexes: [{ columns: ['target'] }],
  contribute: (before, after) => moved(keysOf(before), keysOf(after)),
};

function keysOf(state: ExecutionState): Row[] {
  if (state.status === 'none') return [];
  const { workflow_id = null, target = null } = state.description;
  return [
    { scope: 'all', workflow_id: null, target: null, status: state.status },
    { scope: 'each', workflow_id, target, status: state.status },
  ];
}
