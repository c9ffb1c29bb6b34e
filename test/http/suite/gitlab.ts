import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { expectProblem, serving, type Http, type Start } from './http.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- GitLab's payloads, as published */
const { events } = JSON.parse(readFileSync(new URL('../../sources/payloads/gitlab.json', import.meta.url), 'utf8')) as {
  events: any[];
};
const exampleOf = (kind: 'pipeline' | 'build'): any => structuredClone(events.find((one) => one.object_kind === kind));
/* eslint-enable @typescript-eslint/no-explicit-any */

const HOST = '192.168.64.1:3005';
/** An id no delivery before had. */
const freshId = () => parseInt(randomUUID().slice(0, 8), 16) + 10_000_000_000;

function pipeline(status: string, more: object = {}) {
  const payload = exampleOf('pipeline');
  Object.assign(payload.object_attributes, { id: freshId(), status, ...more });
  return payload;
}
const job = (build_status: string, more: object = {}) => ({
  ...exampleOf('build'),
  build_id: freshId(),
  pipeline_id: freshId(),
  build_status,
  ...more,
});

const HOOKS = { pipeline: 'Pipeline Hook', build: 'Job Hook' } as const;
const deliver = (http: Http, payload: { object_kind: keyof typeof HOOKS }, headers: Record<string, string> = {}) =>
  http.post('/sources/gitlab', payload, {
    'x-gitlab-event': HOOKS[payload.object_kind],
    'idempotency-key': randomUUID(),
    ...headers,
  });

const WORDS = [
  ['created', 'pending'],
  ['pending', 'queued'],
  ['preparing', 'queued'],
  ['waiting_for_resource', 'queued'],
  ['running', 'running'],
  ['manual', 'waiting'],
  ['scheduled', 'waiting'],
  ['success', 'succeeded'],
  ['skipped', 'succeeded'],
  ['failed', 'failed'],
  ['canceled', 'cancelled'],
  ['canceling', 'cancelled'],
];

function describeDeliveries(http: Http): void {
  it.each(WORDS)('%s → %s, of a pipeline and of a job', async (word, status) => {
    const [first, second] = [pipeline(word!), job(word!, { build_failure_reason: 'unknown_failure' })];
    const ids = [`gitlab-${HOST}-pipeline-${first.object_attributes.id}`, `gitlab-${HOST}-job-${second.build_id}`];
    for (const [n, payload] of [first, second].entries()) {
      const { status: code, body } = await deliver(http, payload);
      expect([code, body.receipts]).toMatchObject([202, [{ verdict: 'applied', execution_id: ids[n] }]]);
      expect(await http.show(ids[n]!)).toMatchObject({
        status,
        ...(n === 0 && word !== 'created' ? { status_reason: word } : {}),
      });
    }
  });

  it('the published pipeline: its times, its target, and the pipeline that started it', async () => {
    const payload = pipeline('success');
    const { body } = await deliver(http, payload);
    expect(await http.show(body.receipts[0].execution_id)).toMatchObject({
      status: 'succeeded',
      completed_at: '2016-08-12T15:26:29.000Z',
      duration_ms: 63_000,
      target: 'gitlab-org/gitlab-test/Pipeline for branch: master',
      parent_execution_id: `gitlab-${HOST}-pipeline-30`,
      labels: { source: 'gitlab', project: 'gitlab-org/gitlab-test', ref: 'master', trigger: 'merge_request_event' },
    });
  });

  it('the published job through its life: its pipeline is its parent and its run', async () => {
    const payload = job('created');
    await deliver(http, payload);
    const parent = `gitlab-${HOST}-pipeline-${payload.pipeline_id}`;
    const id = `gitlab-${HOST}-job-${payload.build_id}`;
    expect(await http.show(id)).toMatchObject({
      status: 'pending',
      target: 'gitlab-org/gitlab-test/test',
      parent_execution_id: parent,
      run_id: parent,
      labels: { stage: 'test', runner: 'shared-runners-manager-6.gitlab.com' },
    });
    await deliver(http, { ...payload, build_status: 'running', build_started_at: '2021-02-23 03:00:00 +0100' });
    expect(await http.show(id)).toMatchObject({ status: 'running', started_at: '2021-02-23T02:00:00.000Z' });
    const ended = { build_finished_at: '2021-02-23 02:00:05 UTC', build_duration: 4.25 };
    await deliver(http, { ...payload, build_status: 'failed', ...ended });
    expect(await http.show(id)).toMatchObject({
      status: 'failed',
      status_reason: 'script_failure',
      error: 'script_failure',
      duration_ms: 4_250,
      completed_at: '2021-02-23T02:00:05.000Z',
    });
  });

  it.each([
    ['job_execution_timeout', 'timeout', 'worker'],
    ['stuck_or_timeout_failure', 'timeout', 'watchdog'],
    ['runner_system_failure', 'failed', 'worker'],
  ])('a job that failed by %s → %s, on the word of a %s', async (reason, status, authority) => {
    const { body } = await deliver(http, job('failed', { build_failure_reason: reason }));
    const shown = await http.show(body.receipts[0].execution_id);
    expect(shown).toMatchObject({ status, authority, status_reason: reason, error: reason });
  });

  it('on gitlab.com ids name no host, and the parent of a child pipeline is of the same instance', async () => {
    const project = { web_url: 'https://gitlab.com/group/sub/project', path_with_namespace: 'group/sub/project' };
    const child = { ...pipeline('running', { name: null }), project };
    const { object_attributes: made } = child;
    await deliver(http, child);
    expect(await http.show(`gitlab-pipeline-${made.id}`)).toMatchObject({
      target: 'group/sub/project/master',
      parent_execution_id: 'gitlab-pipeline-30',
      run_id: 'gitlab-pipeline-30',
    });
    const own = job('running', { project, repository: undefined });
    await deliver(http, own);
    expect(await http.show(`gitlab-job-${own.build_id}`)).toMatchObject({
      parent_execution_id: `gitlab-pipeline-${own.pipeline_id}`,
    });
  });

  it('a delivery that comes again is the same report, by its Idempotency-Key or by all that it says', async () => {
    for (const key of [{ 'idempotency-key': randomUUID() }, { 'idempotency-key': '' }]) {
      const payload = job('running');
      expect((await deliver(http, payload, key)).body.receipts).toMatchObject([{ verdict: 'applied' }]);
      expect((await deliver(http, payload, key)).body.receipts).toMatchObject([{ replayed: true }]);
    }
  });

  it('an Idempotency-Key that comes again with something else decides nothing', async () => {
    const payload = job('running');
    const key = { 'idempotency-key': randomUUID() };
    await deliver(http, payload, key);
    const { status, body } = await deliver(http, { ...payload, build_status: 'success' }, key);
    expect([status, body.receipts]).toMatchObject([202, [{ verdict: 'id_reused', applied: false }]]);
    expect((await http.show(`gitlab-${HOST}-job-${payload.build_id}`))['status']).toBe('running');
  });

  it('a word that the table lacks is kept as refused', async () => {
    const payload = job('running');
    await deliver(http, payload);
    const { status, body } = await deliver(http, { ...payload, build_status: 'pondering' });
    expect([status, body.receipts]).toMatchObject([202, [{ verdict: 'unsupported_status' }]]);
    expect((await http.get('//metrics')).text).toContain('source="gitlab",word="pondering"');
  });

  it.each(['Push Hook', 'System Hook', '__proto__'])('%s is accepted, and ignored by its name', async (event) => {
    const answer = await http.post('/sources/gitlab', {}, { 'x-gitlab-event': event });
    expect(answer).toMatchObject({ status: 202, body: { receipts: [], ignored: event } });
  });

  const without = (member: string) => JSON.stringify({ ...exampleOf('build'), [member]: undefined });
  it.each([
    ['not JSON', '{', 400],
    ['a number', '7', 400],
    ['nothing of it', '{}', 400],
    ['a pipeline', JSON.stringify(exampleOf('pipeline')), 400],
    ['no id', without('build_id'), 400],
    ['no pipeline', without('pipeline_id'), 400],
    ['no project', without('repository'), 400],
    ['a status that is no text', JSON.stringify(job(7 as unknown as string)), 400],
    ['an address that is none', JSON.stringify(job('running', { repository: { homepage: 'here' } })), 400],
    ['too deep', `{"object_kind":"build","a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400],
    ['too large', JSON.stringify({ ...job('running'), more: 'x'.repeat(2 << 20) }), 413],
  ])('%s for a job: nothing is decided', async (_what, body, status) => {
    const answer = await http.call('POST', '/sources/gitlab', body, {
      'content-type': 'application/json',
      'x-gitlab-event': 'Job Hook',
    });
    expectProblem(answer, status, status === 413 ? 'too_large' : 'validation');
    expect((await http.get(`/executions/gitlab-${HOST}-job-1977`)).status).toBe(404);
  });

  it('without the name of the event it is 400', async () => {
    expectProblem(await http.post('/sources/gitlab', job('running')), 400, 'validation');
  });
}

const SIGNING = `whsec_${Buffer.from('a key of thirty-two bytes, or so').toString('base64')}`;

function describeTokens(http: Http): void {
  const tell = (headers: Record<string, string>, body: string = JSON.stringify(job('running'))) =>
    http.post('/sources/gitlab', body, { 'x-gitlab-event': 'Job Hook', ...headers });

  it('the secret token opens it, without an API key; a missing or another one is 401, and nothing is decided', async () => {
    const payload = job('running');
    const body = JSON.stringify(payload);
    const unsigned = await tell({}, body);
    expectProblem(unsigned, 401, 'unauthorized');
    expect(unsigned.body.title).toBe('The request is not authenticated'); // no API key would help
    for (const token of ['', 'tokén', 'tok', 'tokén of gitlab!', SIGNING])
      expectProblem(await tell({ 'x-gitlab-token': latin1(token) }, body), 401, 'unauthorized');
    expectProblem(await tell({ authorization: 'Bearer key-of-ci' }, body), 401, 'unauthorized');
    const { body: after } = await tell({ 'x-gitlab-token': latin1('tokén of gitlab') }, body);
    expect(after.receipts).toMatchObject([{ verdict: 'applied' }]);
    expect(after.receipts[0]).not.toHaveProperty('replayed');
  });

  const signed = (body: string, at = new Date(), secret = SIGNING, id = randomUUID()) => ({
    'webhook-id': id,
    'idempotency-key': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  });

  it('so does a signature by the signing token over the bytes as sent, at most five minutes old', async () => {
    const body = JSON.stringify(job('running'), undefined, 2);
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const other = `whsec_${Buffer.from('another key of thirty-two bytes.').toString('base64')}`;
    for (const headers of [
      signed(`${body} `),
      signed(body, ago(6)),
      signed(body, ago(-6)),
      signed(body, ago(0), other),
      { ...signed(body), 'webhook-id': 'another' },
      { ...signed(body), 'webhook-signature': '' },
    ])
      expectProblem(await tell(headers, body), 401, 'unauthorized');
    expect((await tell(signed(body, ago(4)), body)).body.receipts).toMatchObject([{ verdict: 'applied' }]);
  });
}

/** A header as Node writes it: its bytes are those of UTF-8. */
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

/** docs/sources.md, "GitLab". */
export function describeGitLab(start: Start): void {
  describe('GitLab', () => {
    describe('without a token, on loopback', () => describeDeliveries(serving(start)));
    describe('with a secret token, and the signing token before it', () =>
      describeTokens(
        serving(start, {
          GITLAB_WEBHOOK_TOKEN: 'tokén of gitlab',
          GITLAB_WEBHOOK_TOKEN_PREVIOUS: SIGNING,
          API_KEYS: 'ci:key-of-ci',
        }),
      ));
    describe('with keys and without a token', () => {
      const http = serving(start, { API_KEYS: 'ci:key-of-ci' });
      it('GitLab’s endpoint is 404', async () => {
        expectProblem(await deliver(http, job('running')), 404, 'no_such_endpoint');
      });
    });
  });
}
