import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { problem } from '../../../src/contract/problem.js';
import { endpointsWithBody } from './before-body.js';
import { addressOf, expectProblem, fresh, lines, serving, type Http, type Start } from './http.js';
import { eventually } from '../../support/eventually.js';

/** Stands in everything that a producer wrote, and in nothing that its reader sent. */
const MARKER = 'written-by-a-producer';
const SECRET = 'it is a secret';
const WHSEC = `whsec_${Buffer.from(SECRET).toString('base64')}`;
const key = (name: string) => ({ authorization: `Bearer key-of-${name}` });
const NDJSON = { 'content-type': 'application/x-ndjson' };

const RECEIPT =
  'verdict applied replayed execution_id position current success created updated line ignored allowed cancelled attempt ' +
  'report_as takeover previous_status paused_at cancelled_at';
const PROJECTION =
  'name version state checkpoint head lag_events lag_ms leader retrying previous_version parked_count rebuild verify rollback';
/** What an answer may show, by the scope of its endpoint. */
const MEMBERS: Record<string, ReadonlySet<string>> = {
  report: new Set([...RECEIPT.split(' '), 'receipts']),
  command: new Set(RECEIPT.split(' ')),
  public: new Set([...RECEIPT.split(' '), 'receipts', 'name', 'scopes', 'expires_at']),
  operate: new Set(PROJECTION.split(' ')),
};
const OF_PROBLEMS = new Set(Object.keys(problem.shape));

/** An execution whose every field a producer wrote, by the state that it is in; its parent is of the same kind. */
const STATES: Record<string, (http: Http, id: string) => Promise<unknown>> = {
  running: async () => undefined,
  paused: async (http, id) => {
    await http.post(`/executions/${id}/pause`, { reason: MARKER }, key('all'));
    await tellAll(http, id, 'running'); // is kept as refused, and told at the resume
  },
  failed: (http, id) => tellAll(http, id, 'failed'),
};

const tellAll = (http: Http, execution_id: string, status: string) =>
  http.post(
    '/workflow/executions/events',
    {
      execution_id,
      status,
      status_reason: MARKER,
      message: MARKER,
      worker: MARKER,
      data: { [MARKER]: MARKER },
      ...(status === 'failed' ? { error: { message: MARKER }, error_details: MARKER, error_status_code: 500 } : {}),
      ...(status === 'failed' ? { result: MARKER } : {}),
    },
    key('all'),
  );

async function marked(http: Http, state: string, id: string): Promise<string> {
  const identity = { run_id: MARKER, workflow_id: MARKER, target: MARKER, kind: MARKER };
  const opened = { execution_id: id, ...identity, input: { [MARKER]: 1 }, labels: { [MARKER]: MARKER } };
  expect((await http.post('/executions', opened, key('all'))).status).toBe(201);
  await http.post(`/executions/${id}/dispatch`, { handle: { [MARKER]: MARKER } }, key('all'));
  await tellAll(http, id, 'running');
  await STATES[state]!(http, id);
  const child = { execution_id: `${MARKER}-${randomUUID()}`, parent_execution_id: id };
  await http.post('/executions', child, key('all'));
  return id;
}

const E = '/api/v1/executions';
type SentRequest = readonly [body: unknown, headers?: Record<string, string>];
/** What is sent to each endpoint that writes, about an execution. */
const WRITES: Record<string, (id: string) => SentRequest> = {
  '/api/v1/workflow/executions/events': (id) => [{ execution_id: id, status: 'running' }],
  '/api/v1/reports': (id) => [
    [{ execution_id: id, status: 'failed' }, { execution_id: id }, {}].map((one) => JSON.stringify(one)).join('\n'),
    NDJSON,
  ],
  '/api/v1/lineage': (id) => [
    {
      ...{ eventType: 'START', eventTime: '2026-01-01T00:00:00Z', job: { namespace: 'a', name: 'b' } },
      run: { runId: id.replace('openlineage-', '') },
    },
  ],
  '/v1/traces': (id) => {
    const [, traceId, spanId] = id.split('-');
    const attributes = [{ key: 'gen_ai.operation.name', value: { stringValue: 'invoke_agent' } }];
    const span = { traceId, spanId, attributes, endTimeUnixNano: '1795260041500000000' };
    return [{ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }];
  },
  '/api/v1/sources/cloudevents': (execution_id) => [
    {
      ...{ specversion: '1.0', id: randomUUID(), source: '/a', type: 'executionledger.report.v1' },
      data: { execution_id, status: 'running' },
    },
  ],
  '/api/v1/sources/github': (id) => {
    const [run, run_attempt] = id.replace('github-run-', '').split('.');
    const workflow_run = { id: Number(run), run_attempt: Number(run_attempt), name: 'ci', status: 'in_progress' };
    const times = { created_at: '2026-01-01T00:00:00Z', run_started_at: '2026-01-01T00:00:00Z' };
    const body = JSON.stringify({
      action: 'in_progress',
      repository: { full_name: 'a/b' },
      workflow_run: { ...workflow_run, ...times, updated_at: '2026-01-01T00:00:00Z' },
    });
    const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
    return [body, { 'x-github-event': 'workflow_run', 'x-hub-signature-256': signature }];
  },
  '/api/v1/sources/gitlab': (id) => [
    {
      ...{ object_kind: 'build', build_id: id.replace('gitlab-job-', ''), build_status: 'running', pipeline_id: 1 },
      project: { web_url: 'https://gitlab.com/a/b' },
    },
    { 'x-gitlab-event': 'Job Hook', 'x-gitlab-token': SECRET },
  ],
  '/api/v1/sources/webhooks/{name}': (execution_id) => {
    const body = JSON.stringify({ type: 'executionledger.report.v1', data: { execution_id, status: 'running' } });
    const [id, at] = [randomUUID(), new Date()];
    const signature = new Webhook(WHSEC).sign(id, at, body);
    const seconds = String(Math.floor(at.getTime() / 1_000));
    return [body, { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature }];
  },
  '/api/v1/session': () => [{ key: 'key-of-report' }],
  [E]: (id) => [{ execution_id: id }],
  [`${E}/{id}/status`]: () => [{ status: 'failed' }],
  [`${E}/{id}/progress`]: () => [{ progress: 7 }],
  [`${E}/{id}/heartbeat`]: () => [undefined],
  [`${E}/{id}/dispatch`]: () => [undefined],
  [`${E}/{id}/abort`]: () => [{ phase: 'dispatch', error: 'e' }],
  [`${E}/{id}/resume`]: () => [undefined],
  [`${E}/{id}/pause`]: () => [undefined],
  [`${E}/{id}/cancel`]: () => [{ cascade: true }],
  '/api/v1/bulk/resume': (id) => [{ execution_ids: [id] }],
  '/api/v1/bulk/cancel': (id) => [{ execution_ids: [id] }],
  ...Object.fromEntries(
    ['retry', 'rollback', 'prune', 'verify', 'pause', 'resume', 'rebuild'].map((action) => [
      `/api/v1/projections/{name}/${action}`,
      () => [undefined] as SentRequest,
    ]),
  ),
};

/** Those of the dialects that name their executions. */
const IDS: Readonly<Record<string, () => string>> = {
  '/api/v1/sources/github': () => `github-run-${parseInt(randomUUID().slice(0, 8), 16) + 10_000_000_000}.1`,
  '/api/v1/sources/gitlab': () => `gitlab-job-${fresh()}`,
  '/api/v1/lineage': () => `openlineage-${fresh()}`,
  '/v1/traces': () => `otel-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}`,
};
/** An id that none of the others has. */
const idFor = (path: string): string => (IDS[path] ?? fresh)();

function send(http: Http, path: string, id: string, caller: string) {
  const [body, headers = {}] = WRITES[path]!(id);
  const at = addressOf(path).replace('{id}', id).replace('{name}', 'status-counts');
  return http.post(at, body, { ...headers, ...(/\/sources\/(?!cloudevents)/.test(path) ? {} : key(caller)) });
}

/** docs/operations.md, Keys: who may write and not read. */
export function describeTold(start: Start): void {
  describe('a caller that may not read', () => {
    const scopes = ['report', 'command', 'operate'];
    const http = serving(start, {
      API_KEYS: ['all:key-of-all', ...scopes.map((one) => `${one}:key-of-${one}:${one}`)].join(),
      GITHUB_WEBHOOK_SECRET: SECRET,
      GITLAB_WEBHOOK_TOKEN: SECRET,
      WEBHOOK_SECRETS: `status-counts:${WHSEC}`,
    });

    it('is told by no endpoint what producers wrote, whatever becomes of what it asks', async () => {
      const endpoints = (await endpointsWithBody()).filter(([, scope]) => scope !== 'read');
      expect(endpoints.map(([path]) => path).sort()).toEqual(Object.keys(WRITES).sort());
      const statuses = new Set<number>();
      const walk = async (path: string, scope: string, state: string): Promise<void> => {
        const id = scope === 'operate' ? '' : await marked(http, state, idFor(path));
        for (const _twice of [1, 2]) {
          const { status, headers, text } = await send(http, path, id, scope);
          statuses.add(status);
          expect([path, state, text, JSON.stringify([...headers])].join(' ')).not.toContain(MARKER);
          const members = status < 400 ? MEMBERS[scope]! : OF_PROBLEMS;
          for (const shown of lines(text).flatMap((one) => [one, ...(one.receipts ?? [])])) {
            const failed = shown.verdict === 'malformed' ? ['error'] : [];
            const extra = Object.keys(shown).filter((one) => !members.has(one) && !failed.includes(one));
            expect([path, state, extra]).toEqual([path, state, []]);
          }
        }
      };
      for (const state of Object.keys(STATES)) {
        const asked = endpoints.filter(([, scope]) => scope !== 'operate' || state === 'running');
        await Promise.all(asked.map(([path, scope]) => walk(path, scope, state)));
      }
      expect([...statuses].sort()).toEqual([200, 202, 409]);
    }, 60_000);

    it.each([
      [`${E}/{id}/status`, 'failed'],
      [`${E}/{id}/progress`, 'running'],
      [`${E}/{id}/resume`, 'paused'],
    ])('%s: who may read is shown what producers wrote', async (path, state) => {
      const { status, text } = await send(http, path, await marked(http, state, fresh()), 'all');
      expect([status, text]).toEqual([200, expect.stringContaining(MARKER)]);
    });

    it('a registration sent again shows what became of it, and not what its worker said', async () => {
      const retry = { ...key('command'), 'idempotency-key': fresh() };
      const { execution_id } = (await http.post('/executions', { kind: 'job' }, retry)).body;
      await tellAll(http, execution_id, 'failed');
      const { status, body } = await http.post('/executions', { kind: 'job' }, retry);
      expect([status, body]).toEqual([
        200,
        {
          verdict: 'applied',
          applied: true,
          replayed: true,
          execution_id,
          attempt: 1,
          report_as: `${execution_id}~1`,
          position: expect.any(String),
          current: expect.objectContaining({ status: 'failed' }),
        },
      ]);
      const read = await http.post('/executions', { execution_id, kind: 'job' }, key('all'));
      expect([read.body.replayed, read.text]).toEqual([true, expect.stringContaining(MARKER)]);
    });

    it.each(['resume', 'cancel'])('a dry run of %s wants the scope read, too', async (kind) => {
      const id = await marked(http, 'failed', fresh());
      for (const asked of [{ execution_ids: [id] }, { filter: { workflow_id: MARKER } }]) {
        const body = { ...asked, dry_run: true };
        expectProblem(await http.post(`/bulk/${kind}`, body, key('command')), 403, 'forbidden');
        const shown = await eventually(
          () => http.post(`/bulk/${kind}`, body, key('all')),
          ({ text }) => text.includes('would_apply'),
        );
        expect(shown.status).toBe(200);
      }
    });
  });
}
