/** What the document of the API shows as answers: what a ledger said, shortened where it repeats itself. */

const AT = '2026-11-21T11:40:40.745Z';
const LATER = '2026-11-21T11:40:40.825Z';

export const CURRENT = {
  ...{ status: 'running', attempt: 1, authority: null, sealed: false, dispatched: true, revision: 1 },
};
const ENDED = { ...CURRENT, status: 'succeeded', authority: 'worker', sealed: true, revision: 2 };

/** The receipt of what was applied to `build-7`. */
export const receipt = (current: object = CURRENT): object => ({
  ...{ verdict: 'applied', applied: true, execution_id: 'build-7', position: '14', current },
});

const COUNTS = { regressions: 0, dropped: 0, conflicts: 0, fenced: 0, superseded: 0 };
export const SUMMARY = {
  ...{ execution_id: 'build-7', run_id: 'nightly', workflow_id: 'nightly', target: 'ci.build', kind: 'job' },
  ...{ labels: { branch: 'main' }, status: 'running', sealed: false, attempt: 1, report_as: 'build-7~1' },
  ...{ authority: null, progress: 40, message: 'compiling', created_at: AT, started_at: AT, last_activity_at: LATER },
  ...{ stale: false, silent: false, resumable: false, cancellable: true, dispatched: true, awaiting_worker: false },
  ...{ refused_count: 0, anomalies: COUNTS },
  ...{ revision: 1, position: '14' },
};
export const EXECUTION = { ...SUMMARY, input: { commit: '9f2c1e' } };
export const TERMINAL = {
  ...{ ...EXECUTION, ...ENDED, completed_at: LATER, duration_ms: 80, cancellable: false, result: { answer: 42 } },
};
/** The execution with the receipt of what was applied to it. */
export const SHOWN = { ...EXECUTION, ...receipt() };

export const EVENT = {
  ...{ revision: 1, position: '14', event_id: '01a1fde8-9846-722c-9596-12aa699ffbaa', type: 'ExecutionStarted' },
  ...{ attempt: 1, status: 'running', recorded_at: AT, reporter: { actor: 'ci', authority: 'worker' } },
  ...{ source: 'status', data: { attempt: 1, worker: 'runner-3' } },
};
export const REFUSED = {
  ...{ revision: 0, position: '15', event_id: '01a1fde8-980d-7601-9926-d62e93ceffb1', type: 'ReportRefused' },
  ...{ attempt: 1, recorded_at: LATER, reporter: { actor: 'ci', authority: 'worker' }, source: 'events' },
  ...{ verdict: 'conflict', against: { status: 'succeeded', attempt: 1, authority: 'worker', revision: 2 } },
  data: { report: { execution_id: 'build-7', status: 'failed' } },
};

export const AS_OF = { position: '142', at: LATER, lag_events: 0, lag_ms: 0 };
const STATUSES = { pending: 0, queued: 1, running: 2, waiting: 0, paused: 0 };
export const COUNTS_BY_STATUS = { ...STATUSES, succeeded: 41, failed: 3, timeout: 1, cancelled: 0 };
export const HEALTH = {
  ...{ from: '2026-11-20T12:00:00.000Z', to: '2026-11-21T12:00:00.000Z' },
  targets: [
    {
      ...{ target: 'ci.build', outcomes: { succeeded: { worker: 41 }, timeout: { watchdog: 1 } } },
      durations_ms: { count: 42, p50: 80, p95: 310, p99: 940 },
    },
  ],
  as_of: AS_OF,
};
export const INBOX = {
  items: [
    {
      ...{ kind: 'silent', count: 2, count_is_exact: true, oldest_at: AT },
      query: '/api/v1/executions?silent=true&sort=last_activity_at',
    },
    { kind: 'drift', count: 0, count_is_exact: true, query: '/api/v1/projections' },
  ],
  as_of: AS_OF,
};

export const FAILURES = {
  ...{ from: '2026-11-20T12:00:00.000Z', to: '2026-11-21T12:00:00.000Z' },
  groups: [
    {
      ...{ fingerprint: '1f7a2b90c4de8836', pattern: 'connection refused by host-<n>', count: 17, standing: 3 },
      ...{ first_at: '2026-11-21T03:12:00.000Z', last_at: '2026-11-21T03:58:00.000Z' },
      ...{ targets: ['ci.build'], example: 'build-7' },
    },
  ],
  as_of: AS_OF,
};
export const HISTOGRAM = {
  ...{ from: '2026-11-21T11:00:00.000Z', to: '2026-11-21T13:00:00.000Z', interval: '1h', by: 'status' },
  buckets: [
    { from: '2026-11-21T11:00:00.000Z', counts: { succeeded: 41, timeout: 1 }, p50_ms: 80, p95_ms: 310 },
    { from: '2026-11-21T12:00:00.000Z', counts: {} },
  ],
  as_of: AS_OF,
};
const leaf = { target: 'ci.test', status: 'running', attempt: 1, created_at: AT, child_counts: {}, children: [] };
export const TREE = {
  ...{ run_id: 'nightly', run_counts: { running: 2 } },
  root: {
    ...{ ...leaf, execution_id: 'build-7', target: 'ci.build', child_counts: { running: 1 } },
    children: [{ execution_id: 'test-8', ...leaf }],
  },
  as_of: AS_OF,
};

/** Of `status-counts`. */
export const ROWS = [{ scope: 'each', workflow_id: 'nightly', target: 'ci.build', status: 'running', count: 2 }];

export const PROJECTION = {
  ...{ name: 'execution-status', version: 7, state: 'live', checkpoint: '142', head: '142', lag_events: 0, lag_ms: 0 },
  ...{ leader: { pid: 4711, since: '2026-11-21T08:00:00.000Z' }, parked_count: 0, parked: [] },
};
export const OPERATION = {
  ...{ number: 1, recorded_at: AT, kind: 'bulk_cancel', actor: 'ops', on_behalf_of: 'Ada', source: 'bulk_cancel' },
  about: { filter: { run_id: 'nightly' }, reason: 'over', counts: { applied: 12 } },
};
const whereabouts = { state: 'live', checkpoint: '142', lag_events: 0, lag_ms: 0 };
export const READINESS = {
  ...{ status: 'ready', head: '142', checkpoint: '142', projections: { 'execution-status': whereabouts } },
  clock: { offset_ms: 0.4 },
};
