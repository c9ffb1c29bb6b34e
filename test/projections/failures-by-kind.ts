import type { ExecutionState } from '../../src/domain/execution.js';
import { moved, type CounterProjection, type Row } from '../../projections/projection.js';

/** How many executions of each kind have failed, by the phase they failed in. */
export const failuresByKind: CounterProjection = {
  kind: 'counters',
  name: 'failures-by-kind',
  version: 1,
  key: ['kind', 'phase'],
  columns: {
    kind: { type: 'text', nullable: true },
    phase: { type: 'text', short: true },
    count: { type: 'bigint' },
  },
  indexes: [],
  contribute: (before, after) => moved(failureOf(before), failureOf(after)),
};

function failureOf(state: ExecutionState): Row[] {
  if (state.status !== 'failed') return [];
  return [{ kind: state.description.kind ?? null, phase: state.phase ?? 'execution' }];
}
