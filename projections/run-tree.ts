import { runOf } from '../src/domain/identity.js';
import { inShort } from '../src/domain/in-short.js';
import type { ExistingExecution } from '../src/domain/execution.js';
import type { Row, RowProjection } from './projection.js';

/** Who started whom, and how they stand: the little that a tree of executions shows of each, found from its parent. */
export const runTree: RowProjection = {
  kind: 'rows',
  name: 'run-tree',
  version: 3,
  key: 'execution_id',
  columns: {
    execution_id: { type: 'text' },
    run_id: { type: 'text' },
    parent_execution_id: { type: 'text', nullable: true },
    target: { type: 'text', nullable: true },
    target_cut: { type: 'boolean' },
    status: { type: 'text', short: true },
    attempt: { type: 'integer' },
    created_at: { type: 'instant' },
    revision: { type: 'integer' },
  },
  indexes: [
    { columns: ['parent_execution_id', 'created_at'], where: 'parent_execution_id is not null' },
    // Not with the status: what changes often stays out of every index, so that the row is rewritten in its place.
    { columns: ['run_id'] },
  ],
  contribute: (_before, after, { execution_id }) => node(execution_id, after),
};

const node = (execution_id: string, state: ExistingExecution, short = inShort(state)): Row => ({
  execution_id,
  run_id: runOf(execution_id, state),
  parent_execution_id: state.description.parent_execution_id ?? null,
  target: short.state.description.target ?? null,
  target_cut: short.truncated.includes('target'),
  status: state.status,
  attempt: state.attempt,
  created_at: state.created_at,
  revision: state.revision,
});
