import fc from 'fast-check';
import { executionRow } from '../../../projections/execution-status.js';
import { showExecution } from '../../../src/contract/execution.js';
import { initial, type ExecutionState } from '../../../src/domain/execution.js';
import { understood } from '../../../src/domain/words.js';
import { foldEvent } from '../../../src/event-store/read-execution.js';
import { readGitHubDelivery } from '../../../src/sources/github/github.js';
import { events, moments, storedEvent } from '../domain/clocked-events.js';
import { nowAt } from '../domain/given.js';

/** A process that folds what its peers fold, reads words and a delivery's times, and sends its parent what came of it. */
const SAMPLE = { seed: 20_300_101, numRuns: 2_000 };
const streams = fc.sample(fc.array(events, { minLength: 1, maxLength: 8 }), SAMPLE);
const folds = streams.map((all) => {
  const state = all
    .map(storedEvent)
    .reduce<ExecutionState>((before, stored) => foldEvent(before, stored).state, initial);
  return state.status === 'none' ? [] : [executionRow('x', state), showExecution('x', state, nowAt(0), 0)];
});
const words = ['TIMEOUT', 'IN_PROGRESS', 'Initializing', 'FINISHED', 'inProgress', 'KILLED', 'waıting'].map(understood);
const deliveries = fc.sample(moments, SAMPLE).map((at) =>
  readGitHubDelivery('workflow_job', 'd', {
    repository: { full_name: 'a/b' },
    workflow_job: { id: 1, run_id: 1, status: 'completed', conclusion: 'success', started_at: at, completed_at: at },
  }),
);
const shown = JSON.stringify([folds, words, deliveries], (_, value: unknown) =>
  typeof value === 'bigint' ? `${value}` : value,
);
process.send!({ zone: new Date(0).getTimezoneOffset(), locale: Intl.DateTimeFormat().resolvedOptions().locale, shown });
