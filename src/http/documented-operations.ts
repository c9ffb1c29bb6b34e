import * as examples from './document-examples.js';
import { ASKED, CONDITIONAL, GITHUB, GITLAB, ORIGIN, TAGGED, WEBHOOK, type HeaderName } from './documented-headers.js';
import { STARTS_NOTHING } from './outcomes.js';

/** What the document says of an operation that its schemas do not. */
export interface OperationText {
  readonly summary: string;
  readonly headers?: readonly HeaderName[];
  /** A body to send. */
  readonly body?: unknown;
  /** What the ledger answers to it; of lines the first. */
  readonly answer: unknown;
  /** The type of an answer that is not JSON, or a line of JSON each. */
  readonly type?: 'application/json' | 'application/x-ndjson' | 'text/event-stream' | 'text/plain';
}

const { CURRENT, EXECUTION, PROJECTION, SHOWN, SUMMARY, AS_OF, receipt } = examples;
const REPORT = { execution_id: 'build-7', status: 'running', target: 'ci.build', worker: 'runner-3' };
const LINEAGE = {
  eventType: 'START',
  eventTime: '2026-11-21T11:40:40.745Z',
  run: { runId: '019127de-fd25-7707-bfa4-3ec02693a531' },
  job: { namespace: 'airflow', name: 'nightly.load' },
  producer: 'https://github.com/OpenLineage/OpenLineage',
};
const SPAN = {
  ...{ traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', name: 'invoke_agent desk' },
  ...{ startTimeUnixNano: '1795260040000000000', endTimeUnixNano: '1795260041500000000' },
  attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'invoke_agent' } }],
};
const SPANS = { resourceSpans: [{ scopeSpans: [{ spans: [SPAN] }] }] };
const SESSION = { name: 'dana', scopes: ['command', 'read'], expires_at: '2026-11-21T23:40:40.000Z' };
const LINES = 'application/x-ndjson';
const CANCELLED = { ...CURRENT, status: 'cancelled', authority: 'operator', sealed: true, revision: 2 };
const BULK = { filter: { workflow_id: 'nightly', status: ['failed'] }, dry_run: true };
const resumed = {
  previous_status: 'failed',
  takeover: false,
  attempt: 2,
  report_as: 'build-7~2',
  note: STARTS_NOTHING,
};
const FRAME = `id: 14\nevent: execution\ndata: {"execution_id":"build-7","status":"running", …}\n\n`;

const control = (summary: string, body?: object): OperationText => ({
  ...{ summary, headers: ORIGIN, answer: PROJECTION },
  ...(body && { body }),
});

/** Every operation, by its method and path. */
export const OPERATIONS: Readonly<Record<string, OperationText>> = {
  'POST /api/v1/workflow/executions/events': {
    summary: 'Reports what happened; whatever the verdict, the answer is 200',
    headers: ASKED,
    body: REPORT,
    answer: { success: true, updated: true, ...receipt() },
  },
  'POST /api/v1/executions/{id}/status': {
    summary: 'Reports a status; a refused one is 409',
    headers: CONDITIONAL,
    body: { status: 'running', worker: 'runner-3' },
    answer: SHOWN,
  },
  'POST /api/v1/executions/{id}/progress': {
    summary: 'Reports how far it is',
    headers: CONDITIONAL,
    body: { progress: 40, message: 'compiling' },
    answer: SHOWN,
  },
  'POST /api/v1/executions/{id}/heartbeat': {
    summary: 'Says that the worker lives, and asks whether it was cancelled',
    headers: ASKED,
    body: { worker: 'runner-3' },
    answer: { ...receipt(), cancelled: false },
  },
  'POST /api/v1/reports': {
    summary: 'Sends many reports at once, each decided on its own',
    headers: ORIGIN,
    body: REPORT,
    answer: { line: 1, ...receipt() },
    type: LINES,
  },
  'POST /api/v1/sources/github': {
    summary: 'Takes a webhook delivery of GitHub',
    headers: GITHUB,
    answer: { receipts: [receipt()] },
  },
  'POST /api/v1/sources/gitlab': {
    summary: 'Takes a webhook delivery of GitLab about a pipeline or a job',
    headers: GITLAB,
    answer: { receipts: [{ ...receipt(), execution_id: 'gitlab-pipeline-31' }] },
  },
  'POST /api/v1/sources/webhooks/{name}': {
    summary: 'Takes a delivery by Standard Webhooks, as of OpenAI and Claude',
    headers: WEBHOOK,
    body: { type: 'response.completed', created_at: 1_719_168_000, data: { id: 'resp_abc123' } },
    answer: { receipts: [{ ...receipt(), execution_id: 'openai-resp_abc123' }] },
  },
  'POST /api/v1/lineage': {
    summary: 'Takes an OpenLineage event, or an array of them',
    headers: ORIGIN,
    body: LINEAGE,
    answer: { receipts: [{ ...receipt(), execution_id: `openlineage-${LINEAGE.run.runId}` }] },
  },
  'POST /v1/traces': {
    summary: 'Takes spans by OTLP, in JSON or Protocol Buffers',
    headers: ORIGIN,
    body: SPANS,
    answer: { receipts: [{ ...receipt(), execution_id: `otel-${SPAN.traceId}-${SPAN.spanId}` }] },
  },
  'POST /api/v1/sources/cloudevents': {
    summary: 'Takes CloudEvents: Tekton, CDEvents, and the ledger’s own reports',
    headers: ORIGIN,
    body: { ...{ specversion: '1.0', id: '1', source: '/ci', type: 'executionledger.report.v1' }, data: REPORT },
    answer: { receipts: [receipt()] },
  },
  'OPTIONS /api/v1/sources/cloudevents': {
    summary: 'Says that CloudEvents may be delivered here',
    answer: undefined,
  },
  'POST /api/v1/executions': {
    summary: 'Registers an execution before it runs',
    headers: ASKED,
    body: { execution_id: 'build-7', target: 'ci.build', input: { commit: '9f2c1e' }, timeout_ms: 600_000 },
    answer: SHOWN,
  },
  'GET /api/v1/executions': {
    summary: 'Lists executions by filters, page after page',
    answer: { executions: [SUMMARY], as_of: AS_OF },
  },
  'POST /api/v1/executions/{id}/dispatch': {
    summary: 'Records that the attempt was handed over, once',
    headers: CONDITIONAL,
    body: { handle: { pod: 'runner-3' } },
    answer: receipt({ ...CURRENT, status: 'queued' }),
  },
  'POST /api/v1/executions/{id}/abort': {
    summary: 'Records that it could not be staged or dispatched',
    headers: CONDITIONAL,
    body: { phase: 'staging', error: 'no node' },
    answer: receipt({ ...CURRENT, status: 'failed', authority: 'operator' }),
  },
  'POST /api/v1/executions/{id}/resume': {
    summary: 'Opens it again; the ledger starts nothing itself',
    headers: CONDITIONAL,
    body: { reason: 'disk enlarged' },
    answer: { ...receipt({ ...CURRENT, attempt: 2, dispatched: false }), ...resumed },
  },
  'POST /api/v1/executions/{id}/pause': {
    summary: 'Pauses it',
    headers: CONDITIONAL,
    body: { reason: 'maintenance' },
    answer: {
      ...receipt({ ...CURRENT, status: 'paused' }),
      ...{ previous_status: 'running', paused_at: SUMMARY.last_activity_at },
    },
  },
  'POST /api/v1/executions/{id}/cancel': {
    summary: 'Cancels it, and with cascade its descendants',
    headers: CONDITIONAL,
    body: { reason: 'over', cascade: true },
    answer: {
      ...receipt(CANCELLED),
      ...{ cancelled: true, previous_status: 'running', cancelled_at: SUMMARY.last_activity_at, children: [] },
    },
  },
  'POST /api/v1/bulk/resume': {
    summary: 'Resumes many executions, or shows which it would',
    headers: ASKED,
    body: BULK,
    answer: { ...receipt(), applied: false, would_apply: true },
    type: LINES,
  },
  'POST /api/v1/bulk/cancel': {
    summary: 'Cancels many executions, or shows which it would',
    headers: ASKED,
    body: BULK,
    answer: { ...receipt(), applied: false, would_apply: true },
    type: LINES,
  },
  'POST /api/v1/executions/batch-status': {
    summary: 'Shows many executions by their ids',
    body: { execution_ids: ['build-7', 'nobody'] },
    answer: { 'build-7': SUMMARY, nobody: { execution_id: 'nobody', status: 'not_found' } },
  },
  'GET /api/v1/executions/{id}': {
    summary: 'Shows an execution, at once or when it is over',
    headers: TAGGED,
    answer: EXECUTION,
  },
  'GET /api/v1/executions/{id}/events': {
    summary: 'Shows its events, oldest first',
    headers: TAGGED,
    answer: { execution_id: 'build-7', events: [examples.EVENT], next_revision: 2, head_revision: 1, final: false },
  },
  'GET /api/v1/executions/{id}/refused': {
    summary: 'Shows the reports that it refused',
    answer: { execution_id: 'build-7', events: [examples.REFUSED], next_revision: 1, head_revision: 0 },
  },
  'GET /api/v1/executions/{id}/state': {
    summary: 'Shows it as it was at a revision or a time',
    headers: TAGGED,
    answer: examples.TERMINAL,
  },
  'GET /api/v1/events': {
    summary: 'Shows the events of all executions in the order of the log',
    answer: {
      ...{ events: [{ execution_id: 'build-7', ...examples.EVENT }], next_after: '14', head_position: '142' },
    },
  },
  'GET /api/v1/stream': { summary: 'Follows what changes', answer: FRAME, type: 'text/event-stream' },
  'GET /api/v1/status-counts': {
    summary: 'Counts executions by status',
    answer: { counts: examples.COUNTS_BY_STATUS, as_of: AS_OF },
  },
  'GET /api/v1/target-health': { summary: 'Shows outcomes and durations by target', answer: examples.HEALTH },
  'GET /api/v1/failure-groups': {
    summary: 'Shows what failed, by what the errors have in common',
    answer: examples.FAILURES,
  },
  'GET /api/v1/inbox': { summary: 'Counts what needs a person, with where it is shown', answer: examples.INBOX },
  'GET /api/v1/executions/histogram': {
    summary: 'Counts outcomes over time, with their durations',
    answer: examples.HISTOGRAM,
  },
  'GET /api/v1/executions/{id}/tree': { summary: 'Shows it with its descendants', answer: examples.TREE },
  'GET /api/v1/projections': { summary: 'Lists the projections', answer: { projections: [PROJECTION] } },
  'GET /api/v1/projections/{name}': { summary: 'Shows a projection', answer: PROJECTION },
  'GET /api/v1/projections/{name}/rows': {
    summary: 'Shows the rows of a projection, page after page',
    answer: { rows: examples.ROWS, as_of: AS_OF },
  },
  'POST /api/v1/projections/{name}/rebuild': control('Makes its table anew beside the live one', {
    events_per_second: 5_000,
  }),
  'POST /api/v1/projections/{name}/verify': control('Compares its table with one made anew', { sample: 1_000 }),
  'POST /api/v1/projections/{name}/rollback': control('Has readers read the version before'),
  'POST /api/v1/projections/{name}/prune': control('Drops what is kept beside the live version'),
  'POST /api/v1/projections/{name}/pause': control('Has it stand still'),
  'POST /api/v1/projections/{name}/resume': control('Has it go on'),
  'POST /api/v1/projections/{name}/retry': control('Tries its parked events again'),
  'GET /api/v1/operations': {
    summary: 'Shows what was done to the ledger, and by whom',
    answer: { operations: [examples.OPERATION], next_after: 1 },
  },
  'GET /health/live': { summary: 'Says that the process answers', answer: { status: 'live' } },
  'GET /health/ready': { summary: 'Says whether the ledger is ready', answer: examples.READINESS },
  'GET /metrics': {
    summary: 'Metrics for Prometheus',
    answer: 'ledger_verdicts_total{source="events",verdict="applied",replayed="no"} 42\n',
    type: 'text/plain',
  },
  'POST /api/v1/session': {
    summary: 'Signs in: the key in exchange for a cookie',
    body: { key: '<an API key>' },
    answer: SESSION,
  },
  'GET /api/v1/session': { summary: 'Tells as whom one asks, and what that may do', answer: SESSION },
  'DELETE /api/v1/session': { summary: 'Signs out', answer: undefined },
  'GET /': {
    summary: 'Tells where to go',
    answer: { name: 'execution-ledger', version: '0.1.0', links: { docs: '/docs', openapi: '/docs/openapi.json' } },
  },
};
