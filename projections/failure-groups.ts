import type { ExecutionState } from '../src/domain/execution.js';
import { isTerminal } from '../src/domain/status.js';
import { minuteOf } from './execution-status.js';
import { failurePattern, fingerprintOf, isFailure } from './failure-pattern.js';
import { moved, type CounterProjection, type Row } from './projection.js';
import { inCalendar } from './target-health.js';

/**
 * What failed by what it has in common, minute by minute. `failures` happened: they stand when the execution is resumed, and are
 * taken back when the outcome itself is replaced. `standing` are those of executions that stand so now.
 */
export const failureGroups: CounterProjection = {
  kind: 'counters',
  name: 'failure-groups',
  version: 1,
  key: ['minute', 'fingerprint', 'pattern', 'status', 'workflow_id', 'target', 'kind'],
  columns: {
    /** Begins it; of when the outcome was, not of when it was heard of. */
    minute: { type: 'instant' },
    fingerprint: { type: 'text', short: true },
    pattern: { type: 'text' },
    status: { type: 'text', short: true },
    workflow_id: { type: 'text', nullable: true },
    target: { type: 'text', nullable: true },
    kind: { type: 'text', nullable: true },
    failures: { type: 'bigint' },
    standing: { type: 'bigint' },
  },
  indexes: [],
  contribute: (before, after) => {
    const isReplaced = isTerminal(after.status);
    return moved(failureOf(before), failureOf(after), 'standing').map(({ key, add: { standing = 0 } }) => ({
      key,
      add: { standing, failures: standing < 0 && !isReplaced ? 0 : standing },
    }));
  },
};

function failureOf(state: ExecutionState): Row[] {
  if (!isFailure(state)) return [];
  const { description, status, completed_at, error } = state;
  const { workflow_id = null, target = null, kind = null } = description;
  const pattern = failurePattern(error);
  const fingerprint = fingerprintOf(pattern);
  return [{ minute: minuteOf(inCalendar(completed_at)), fingerprint, pattern, status, workflow_id, target, kind }];
}
