import type { ListFilter } from '../../../src/read-model/list-request.js';
import { STATUSES, type Status } from '../../../src/domain/status.js';
import { NEWEST } from './million.js';

/** So many days before the newest of the generated executions. */
const daysAgo = (days: number): string => new Date(Date.parse(NEWEST) - days * 86_400_000).toISOString();

/** Every filter of the list alone, with values that few, some and most of the generated executions have. */
export const FILTERS: readonly ListFilter[] = [
  {},
  ...STATUSES.map((status) => ({ status: [status] })),
  { status: ['running', 'failed'] },
  { status: ['paused', 'timeout'] },
  { status: ['succeeded', 'waiting'] },
  ...['nightly', 'wf-0', 'wf-40', 'wf-4321', 'nobody'].map((workflow_id) => ({ workflow_id })),
  ...['run-huge', 'run-70000', 'nobody'].map((run_id) => ({ run_id })),
  ...['agents.summarise', 'node-8', 'node-250', 'nobody'].map((target) => ({ target })),
  ...['workflow', 'job', 'task', 'nobody'].map((kind) => ({ kind })),
  ...['exec-huge', 'exec-00500000', 'nobody'].map((parent_execution_id) => ({ parent_execution_id })),
  ...['env:prod', 'env:dev', 'team:0', 'team:37', 'tenant:77', 'no:body'].map((label) => ({ label: [label] })),
  { label: ['env:dev', 'team:37'] },
  ...['exec-0000', 'exec-005', 'exec-00999', 'run-huge', 'run-1234', 'wf-2', 'nightly', 'e', 'nobody'].map((q) => ({
    q,
  })),
  ...(
    [
      'resumable',
      'stale',
      'cancellable',
      'doubt',
      'zombie',
      'past_due',
      'refused',
      'silent',
      'dispatched',
      'awaiting_worker',
    ] as const
  ).flatMap((flag) => [{ [flag]: true }, { [flag]: false }]),
  ...[0.01, 1, 30].map((days) => ({ silent_for: days * 86_400_000 })),
  ...(['created', 'started', 'completed', 'last_activity'] as const).flatMap((name) =>
    [0.01, 1, 30, 340].flatMap((days) => [{ [`${name}_after`]: daysAgo(days) }, { [`${name}_before`]: daysAgo(days) }]),
  ),
  ...[0, 1, 2].map((attempt_above) => ({ attempt_above })),
  ...['refused', 'out of memory', 'host-12345', 'nobody'].map((error) => ({ error })),
  ...['0000000000000007', 'ffffffffffffffff'].map((failure_group) => ({ failure_group })),
  { '-failure_group': ['0000000000000007'], status: ['failed'] },
  ...[['succeeded'], ['running', 'failed'], ['succeeded', 'failed', 'cancelled', 'timeout']].map((statuses) => ({
    '-status': statuses as Status[],
  })),
  ...['nightly', 'nobody'].map((workflow_id) => ({ '-workflow_id': [workflow_id] })),
  { '-run_id': ['run-huge'] },
  ...[['agents.summarise'], ['agents.summarise', 'node-0', 'node-1']].map((targets) => ({ '-target': targets })),
  ...[['workflow'], ['workflow', 'agent', 'job']].map((kinds) => ({ '-kind': kinds })),
  { '-parent_execution_id': ['exec-huge'] },
  ...[['env:prod'], ['env:prod', 'team:0']].map((labels) => ({ '-label': labels })),
  { '-error': ['refused'] },
  { status: ['failed'], '-error': ['out of memory'] },
  { status: ['failed'], '-workflow_id': ['nightly'] },
  { status: ['failed'], completed_after: daysAgo(1) },
];
