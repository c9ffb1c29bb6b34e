import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { STATUSES } from '../../../src/domain/status.js';
import { expectProblem, fresh, serving, type Http, type Start } from './http.js';
import { eventually } from '../../support/eventually.js';

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as { name: string; examples: object[] }[];
/* eslint-disable @typescript-eslint/no-explicit-any -- GitHub's payloads, as published */
const exampleOf = (name: string, suits: (payload: any) => boolean = () => true): any =>
  structuredClone(examples.find((event) => event.name === name)!.examples.find(suits));
/* eslint-enable @typescript-eslint/no-explicit-any */

/** An id no delivery before had. */
const freshId = () => parseInt(randomUUID().slice(0, 8), 16) + 10_000_000_000;

const deliver = (http: Http, event: string, payload: object, headers: Record<string, string> = {}) =>
  http.post('/sources/github', payload, { 'x-github-event': event, 'x-github-delivery': randomUUID(), ...headers });

function describeDeliveries(http: Http): void {
  it('a delivery as a form says what it says as JSON', async () => {
    const payload = exampleOf('workflow_run');
    Object.assign(payload.workflow_run, { id: freshId(), run_attempt: 1, status: 'queued', conclusion: null });
    const form = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const headers = { 'x-github-event': 'workflow_run', 'content-type': 'application/x-www-form-urlencoded' };
    const { status, body } = await http.call('POST', '/sources/github', form, headers);
    expect([status, body.receipts]).toMatchObject([
      202,
      [{ applied: true, execution_id: `github-run-${payload.workflow_run.id}.1` }],
    ]);
    const other = await http.call('POST', '/sources/github', 'a=b', headers);
    expect(expectProblem(other, 400, 'validation').detail).toContain('payload');
  });

  it('workflow_run → github-run-<id>.<run_attempt>, through its life', async () => {
    const payload = exampleOf('workflow_run');
    const run = Object.assign(payload.workflow_run, { id: freshId(), run_attempt: 3 });
    const delivery = randomUUID();
    for (const [status, conclusion] of [
      ['queued', null],
      ['in_progress', null],
      ['completed', 'timed_out'],
    ]) {
      Object.assign(run, { status, conclusion });
      const answer = await deliver(http, 'workflow_run', payload, { 'x-github-delivery': `${delivery}-${status}` });
      expect(answer.status).toBe(202);
      expect(answer.body).toEqual({
        receipts: [
          {
            verdict: 'applied',
            applied: true,
            execution_id: `github-run-${run.id}.3`,
            position: expect.any(String),
            current: expect.any(Object),
          },
        ],
      });
    }
    const id = `github-run-${run.id}.3`;
    expect(await http.show(id)).toMatchObject({
      status: 'timeout',
      authority: 'worker',
      status_reason: 'timed_out',
      target: expect.stringContaining(payload.repository.full_name),
      completed_at: new Date(run.updated_at).toISOString(),
    });
    const again = await deliver(http, 'workflow_run', payload, { 'x-github-delivery': `${delivery}-completed` });
    expect(again.body.receipts).toMatchObject([{ applied: true, replayed: true }]);
    expect((await http.history(id)).events.at(-1).event_id).toBe(`${delivery}-completed`);
    expect((await deliver(http, 'workflow_run', payload)).body.receipts).toMatchObject([{ verdict: 'duplicate' }]);
  });

  it.each([
    ['success', 'succeeded'],
    ['neutral', 'succeeded'],
    ['skipped', 'succeeded'],
    ['failure', 'failed'],
    ['startup_failure', 'failed'],
    ['timed_out', 'timeout'],
    ['cancelled', 'cancelled'],
    ['stale', 'timeout'],
    ['action_required', 'waiting'],
  ])('completed with %s is %s, the original word in status_reason; no run_attempt: 1', async (conclusion, status) => {
    const payload = exampleOf('workflow_run');
    Object.assign(payload.workflow_run, { id: freshId(), status: 'completed', conclusion });
    delete payload.workflow_run.run_attempt;
    await deliver(http, 'workflow_run', payload);
    expect(await http.show(`github-run-${payload.workflow_run.id}.1`)).toMatchObject({
      status,
      status_reason: conclusion,
      authority: status === 'waiting' ? null : conclusion === 'stale' ? 'watchdog' : 'worker',
    });
  });

  it('a job that a rule holds is pending, so that it may be queued afterwards', async () => {
    const payload = exampleOf('workflow_job');
    const job = Object.assign(payload.workflow_job, { id: freshId(), status: 'waiting', conclusion: null });
    await deliver(http, 'workflow_job', payload);
    expect(await http.show(`github-job-${job.id}`)).toMatchObject({ status: 'pending', status_reason: 'waiting' });
    const queued = await deliver(http, 'workflow_job', { ...payload, workflow_job: { ...job, status: 'queued' } });
    expect(queued.body.receipts).toMatchObject([{ verdict: 'applied', current: { status: 'queued' } }]);
  });

  it('workflow_job → github-job-<id>, parent its run', async () => {
    const payload = exampleOf('workflow_job');
    const job = Object.assign(payload.workflow_job, {
      id: freshId(),
      run_attempt: 2,
      workflow_name: 'build',
      status: 'in_progress',
      conclusion: null,
    });
    await deliver(http, 'workflow_job', payload);
    expect(await http.show(`github-job-${job.id}`)).toMatchObject({
      status: 'running',
      parent_execution_id: `github-run-${job.run_id}.2`,
      workflow_id: job.workflow_name,
    });
  });

  it('check_run → github-check-<id>; those of the app github-actions are ignored', async () => {
    const payload = exampleOf('check_run');
    Object.assign(payload.check_run, { id: freshId(), app: { ...payload.check_run.app, slug: 'other' } });
    const { body } = await deliver(http, 'check_run', payload);
    expect(body.receipts).toMatchObject([{ applied: true, execution_id: `github-check-${payload.check_run.id}` }]);
    Object.assign(payload.check_run, { id: freshId(), app: { slug: 'github-actions' } });
    const ignored = await deliver(http, 'check_run', payload);
    expect(ignored).toMatchObject({ status: 202, body: { receipts: [], ignored: 'check_run' } });
  });

  it('a check run started again on its id after its end is an execution of its own, each time', async () => {
    const payload = exampleOf('check_run');
    const id = freshId();
    const said = async (status: string, conclusion: string | null, started_at: string, completed_at?: string) => {
      Object.assign(payload.check_run, { id, app: { slug: 'other' }, status, conclusion, started_at, completed_at });
      const { body } = await deliver(http, 'check_run', payload);
      return body.receipts[0];
    };
    const first = `github-check-${id}`;
    const [again, third] = [`${first}.2024-05-01T11:00:00Z`, `${first}.2024-05-01T12:00:00Z`];
    const began = await said('in_progress', null, '2024-05-01T10:00:00Z');
    const failed = await said('completed', 'failure', '2024-05-01T10:00:00Z', '2024-05-01T10:05:00Z');
    expect([began, failed]).toMatchObject(Array(2).fill({ execution_id: first, applied: true }));
    expect(await said('in_progress', null, '2024-05-01T11:00:00Z')).toMatchObject({
      execution_id: again,
      applied: true,
    });
    expect(await said('completed', 'success', '2024-05-01T11:00:00Z', '2024-05-01T11:05:00Z')).toMatchObject({
      execution_id: again,
      applied: true,
    });
    expect(await said('in_progress', null, '2024-05-01T12:00:00Z')).toMatchObject({
      execution_id: third,
      applied: true,
    });
    // What comes late of the first, and what does not say when it started, is about the first.
    for (const late of ['2024-05-01T10:00:00Z', ''])
      expect(await said('in_progress', null, late)).toMatchObject({ execution_id: first, verdict: 'regression' });
    expect(await http.show(first)).toMatchObject({ status: 'failed', attempt: 1 });
    expect(await http.show(again)).toMatchObject({ status: 'succeeded', started_at: '2024-05-01T11:00:00.000Z' });
  });

  it.each([
    ['success', 'succeeded'],
    ['failure', 'failed'],
    ['error', 'failed'],
    ['in_progress', 'running'],
    ['queued', 'queued'],
  ])('deployment_status %s is %s, under github-deployment-<deployment id>', async (state, status) => {
    const payload = exampleOf('deployment_status');
    Object.assign(payload.deployment, { id: freshId() });
    Object.assign(payload.deployment_status, { state });
    await deliver(http, 'deployment_status', payload);
    expect(await http.show(`github-deployment-${payload.deployment.id}`)).toMatchObject({
      status,
      status_reason: state,
    });
  });

  it('a deployment’s first outcome stands; a later one is a conflict, and listed by doubt', async () => {
    const payload = exampleOf('deployment_status');
    Object.assign(payload.deployment, { id: freshId() });
    const verdicts = [];
    for (const state of ['in_progress', 'success', 'failure']) {
      Object.assign(payload.deployment_status, { state });
      verdicts.push((await deliver(http, 'deployment_status', payload)).body.receipts[0].verdict);
    }
    expect(verdicts).toEqual(['applied', 'applied', 'conflict']);
    const id = `github-deployment-${payload.deployment.id}`;
    const { body } = await eventually(
      () => http.get(`/executions?q=${id}&doubt=true`),
      (answer) => answer.body.executions.length > 0,
    );
    expect(body.executions).toMatchObject([{ execution_id: id, status: 'succeeded' }]);
  });

  it('inactive deployments, and events it has no use for: 202 with no receipts and the event’s name', async () => {
    const payload = exampleOf('deployment_status');
    Object.assign(payload.deployment_status, { state: 'inactive' });
    expect((await deliver(http, 'deployment_status', payload)).body).toEqual({
      receipts: [],
      ignored: 'deployment_status',
    });
    for (const event of ['star', 'ping', 'constructor', '__proto__'])
      expect(await deliver(http, event, {})).toMatchObject({ status: 202, body: { receipts: [], ignored: event } });
  });

  it('a word that nobody knows is kept, and the receipt names those that are', async () => {
    const payload = exampleOf('workflow_run');
    Object.assign(payload.workflow_run, { id: freshId(), status: 'exploded', conclusion: null });
    const { body } = await deliver(http, 'workflow_run', payload);
    expect(body.receipts).toMatchObject([{ verdict: 'unsupported_status', applied: false, allowed: STATUSES }]);
    Object.assign(payload.workflow_run, { status: 'completed', conclusion: 'expired' });
    await deliver(http, 'workflow_run', payload);
    expect(await http.show(body.receipts[0].execution_id)).toMatchObject({
      status: 'timeout',
      status_reason: 'expired',
      completed_at: new Date(payload.workflow_run.updated_at).toISOString(),
    });
  });

  it('a body that is no delivery is 400', async () => {
    expectProblem(await deliver(http, 'workflow_run', {}), 400, 'validation');
    expectProblem(await deliver(http, 'workflow_run', []), 400, 'validation');
    expectProblem(await http.post('/sources/github', {}), 400, 'validation');
    expectProblem(await http.post('/sources/github', '{', { 'x-github-event': 'star' }), 400, 'validation');
  });
}

/** docs/http-api.md, GitHub. */
export function describeGitHub(start: Start): void {
  describe('GitHub', () => {
    describe('without a secret, on loopback', () => describeDeliveries(serving(start)));

    describe('with a secret', () => {
      const http = serving(start, {
        GITHUB_WEBHOOK_SECRET: 'it is a secret',
        GITHUB_WEBHOOK_SECRET_PREVIOUS: 'it was a secret',
        API_KEYS: 'ci:key-of-ci',
      });
      const sign = (body: string, secret = 'it is a secret') =>
        `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

      it('a signature over the bytes as sent opens it, without an API key; a missing or bad one is 401', async () => {
        const payload = exampleOf('workflow_run');
        payload.workflow_run.id = freshId();
        const body = JSON.stringify(payload, undefined, 2); // not as the ledger would write it
        const send = (headers: Record<string, string>) =>
          http.post('/sources/github', body, {
            'x-github-event': 'workflow_run',
            'x-github-delivery': fresh(),
            ...headers,
          });
        expectProblem(await send({}), 401, 'unauthorized');
        for (const signature of ['', 'sha256=', sign(body, 'other'), sign(`${body} `), sign(body).slice(7)])
          expectProblem(await send({ 'x-hub-signature-256': signature }), 401, 'unauthorized');
        expectProblem(await send({ authorization: 'Bearer key-of-ci' }), 401, 'unauthorized');
        const answer = await send({ 'x-hub-signature-256': sign(body) });
        expect(answer).toMatchObject({ status: 202, body: { receipts: [{ applied: true }] } });
        // While the secret is being replaced, both are in use.
        const before = await send({ 'x-hub-signature-256': sign(body, 'it was a secret') });
        expect(before.status).toBe(202);
      });
    });

    describe.each(['0.0.0.0', '127.0.0.1'])('with keys and without a secret, on %s', (HOST) => {
      const http = serving(start, { HOST, API_KEYS: 'ci:key-of-ci-that-nobody-guesses' });

      it('is 404: behind a proxy loopback is the world', async () => {
        expectProblem(await deliver(http, 'star', {}), 404, 'no_such_endpoint');
        expectProblem(await deliver(http, 'star', {}, { authorization: 'Bearer key-of-ci' }), 404, 'no_such_endpoint');
      });
    });
  });
}
