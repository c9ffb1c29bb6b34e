import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expectProblem, fresh, serving, type Http, type Start } from './http.js';

const secretOf = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;
const [OPENAI, BEFORE, CLAUDE] = ['of openai', 'of openai before', 'of claude'].map(secretOf) as [
  string,
  string,
  string,
];

/** A delivery as the library of npm signs it. */
function signed(body: string, secret: string | readonly string[] = OPENAI, at = new Date(), id: string = randomUUID()) {
  const signatures = [secret].flat().map((one) => new Webhook(one).sign(id, at, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}

/** What OpenAI sends (its API reference, "Webhook Events"). */
const ofOpenAI = (type: string, id: string = fresh()) => ({
  ...{ id: `evt_${id}`, object: 'event', created_at: 1_719_168_000 },
  ...{ type, data: { id } },
});
/** What Claude Managed Agents send (the types of `@anthropic-ai/sdk`, `BetaWebhookEvent`). */
const ofClaude = (type: string, id: string = fresh()) => ({
  ...{ type: 'event', id: `event_${id}`, created_at: '2026-11-21T11:40:40.745Z' },
  data: { type, id, organization_id: 'org', workspace_id: 'wrkspc' },
});

function describeDeliveries(http: Http): void {
  const deliver = (event: unknown, headers?: Record<string, string>, name = 'openai', secret = OPENAI) => {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    return http.post(`/sources/webhooks/${name}`, body, headers ?? signed(body, secret));
  };

  it.each([
    ['response.completed', 'succeeded'],
    ['response.cancelled', 'cancelled'],
    ['response.failed', 'failed'],
    ['response.incomplete', 'failed'],
    ['response.queued', 'queued'],
    ['response.in_progress', 'running'],
    ['batch.validating_files', 'queued'],
    ['batch.finalizing', 'running'],
    ['batch.completed', 'succeeded'],
    ['batch.cancelled', 'cancelled'],
    ['batch.expired', 'timeout'],
    ['batch.failed', 'failed'],
    ['fine_tuning.job.created', 'pending'],
    ['fine_tuning.job.running', 'running'],
    ['fine_tuning.job.paused', 'paused'],
    ['fine_tuning.job.succeeded', 'succeeded'],
    ['fine_tuning.job.cancelled', 'cancelled'],
    ['fine_tuning.job.failed', 'failed'],
    ['eval.run.succeeded', 'succeeded'],
    ['eval.run.canceled', 'cancelled'],
    ['eval.run.failed', 'failed'],
  ])('OpenAI: %s → %s', async (type, status) => {
    const event = ofOpenAI(type);
    const answer = await deliver(event);
    const [kind, word] = [type.slice(0, type.lastIndexOf('.')), type.slice(type.lastIndexOf('.') + 1)];
    expect([answer.status, answer.body.receipts]).toMatchObject([202, [{ verdict: 'applied' }]]);
    const shown = await http.show(`openai-${event.data.id}`);
    expect(shown).toMatchObject({ status, target: `openai.${kind}`, labels: { source: 'openai', resource: kind } });
    if (['succeeded', 'failed', 'cancelled', 'timeout'].includes(status))
      expect(shown).toMatchObject({ status_reason: word, completed_at: '2024-06-23T18:40:00.000Z' });
    if (['failed', 'timeout'].includes(status)) expect(shown['error']).toBe(type);
  });

  it.each([
    ['session.created', 'pending'],
    ['session.pending', 'pending'],
    ['session.status_rescheduled', 'queued'],
    ['session.status_run_started', 'running'],
    ['session.running', 'running'],
    ['session.status_idled', 'waiting'],
    ['session.idled', 'waiting'],
    ['session.requires_action', 'waiting'],
    ['session.budget_reached', 'paused'],
    ['session.status_terminated', 'failed'],
  ])('Claude: %s → %s', async (type, status) => {
    const event = ofClaude(type);
    const answer = await deliver(event, undefined, 'claude', CLAUDE);
    expect([answer.status, answer.body.receipts]).toMatchObject([202, [{ verdict: 'applied' }]]);
    const shown = await http.show(`claude-${event.data.id}`);
    expect(shown).toMatchObject({ status, target: 'claude.session', labels: { source: 'claude' } });
    if (status === 'failed')
      expect(shown).toMatchObject({ status_reason: 'status_terminated', error: type, completed_at: event.created_at });
  });

  it.each([
    ['session.updated', ofClaude('session.updated')],
    ['session.thread_terminated', ofClaude('session.thread_terminated')],
    ['vault.created', ofClaude('vault.created')],
    ['realtime.call.incoming', ofOpenAI('realtime.call.incoming')],
    ['invoice.paid', { type: 'invoice.paid', timestamp: '2026-11-21T11:40:40Z', data: {} }],
  ])('%s is accepted, and ignored by its name', async (type, event) => {
    expect(await deliver(event)).toMatchObject({ status: 202, body: { receipts: [], ignored: type } });
  });

  it('the ledger’s own words are taken as the fire-and-forget endpoint takes them', async () => {
    const data = { execution_id: fresh(), status: 'running', worker: 'w' };
    const event = { type: 'executionledger.report.v1', data };
    const headers = signed(JSON.stringify(event));
    expect((await deliver(event, headers)).body.receipts).toMatchObject([{ verdict: 'applied' }]);
    const { body } = await http.get(`/executions/${data.execution_id}/events`);
    expect(body.events.at(-1)).toMatchObject({ event_id: headers['webhook-id'], source: 'webhooks' });
    expectProblem(await deliver({ ...event, data: 7 }), 400, 'validation');
    expectProblem(await deliver({ ...event, data: {} }), 400, 'validation');
  });

  it('a delivery that comes again is the same report; its id with another body decides nothing', async () => {
    const event = ofOpenAI('response.in_progress');
    const id = randomUUID();
    const send = (one: object) => deliver(one, signed(JSON.stringify(one), OPENAI, new Date(), id));
    expect((await send(event)).body.receipts).toMatchObject([{ verdict: 'applied' }]);
    expect((await send(event)).body.receipts).toMatchObject([{ replayed: true }]);
    const other = await send(ofOpenAI('response.failed', event.data.id));
    expect([other.status, other.body.receipts]).toMatchObject([202, [{ verdict: 'id_reused', applied: false }]]);
    expect((await http.show(`openai-${event.data.id}`))['status']).toBe('running');
  });

  it('a word that the table lacks is kept as refused', async () => {
    const { status, body } = await deliver(ofOpenAI('batch.pondering'));
    expect([status, body.receipts]).toMatchObject([202, [{ verdict: 'unsupported_status' }]]);
  });

  it('while a secret is replaced both are taken, and of several signatures one is enough', async () => {
    const body = JSON.stringify(ofOpenAI('response.completed'));
    const other = secretOf('of nobody');
    for (const secret of [OPENAI, BEFORE, [other, OPENAI], [BEFORE, other]])
      expect((await deliver(body, signed(body, secret))).status).toBe(202);
  });

  it('a signature that does not fit is 401, and nothing is decided; an unknown name is told apart by nothing', async () => {
    const event = ofOpenAI('response.completed');
    const body = JSON.stringify(event);
    const now = new Date();
    const minutes = (n: number) => new Date(now.getTime() + n * 60_000);
    const refused = [
      await deliver(body, {}),
      await deliver(body, signed(`${body} `)),
      await deliver(body, signed(body, CLAUDE)),
      await deliver(body, signed(body, secretOf('of nobody'))),
      await deliver(body, signed(body, OPENAI, minutes(-6))),
      await deliver(body, signed(body, OPENAI, minutes(6))),
      await deliver(body, { ...signed(body), 'webhook-id': 'another' }),
      await deliver(body, { ...signed(body), 'webhook-signature': 'v1a,AAAA' }),
      await deliver(body, { ...signed(body), 'webhook-timestamp': 'soon' }),
      await deliver(body, signed(body), 'claude'),
      await deliver(body, signed(body), 'nobody'),
      await deliver(body, { authorization: 'Bearer key-of-ci' }),
    ];
    for (const answer of refused) expectProblem(answer, 401, 'unauthorized');
    expect(new Set(refused.map(({ body: { detail } }) => detail)).size).toBe(1);
    const known = await http.get(`/executions/openai-${event.data.id}`);
    expect(known.status).toBe(404);
    expect((await deliver(body, signed(body, OPENAI, minutes(-4)))).status).toBe(202);
  });

  it.each([
    ['not JSON', '{', 400],
    ['a number', '7', 400],
    ['no type', '{"data":{"id":"x"}}', 400],
    ['a type that is no text', '{"type":7,"data":{"id":"x"}}', 400],
    ['no data', '{"type":"batch.failed"}', 400],
    ['no id', '{"type":"batch.failed","data":{}}', 400],
    ['an id that is no text', '{"type":"batch.failed","data":{"id":7}}', 400],
    ['a session without an id', '{"type":"event","data":{"type":"session.running"}}', 400],
    ['too deep', `{"type":"a","data":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400],
    ['too large', JSON.stringify({ type: 'a', data: 'x'.repeat(2 << 20) }), 413],
  ])('%s: nothing is decided', async (_what, body, status) => {
    expectProblem(await deliver(body), status, status === 413 ? 'too_large' : 'validation');
  });
}

/** docs/sources.md, "Standard Webhooks". */
export function describeWebhooks(start: Start): void {
  describe('Standard Webhooks', () => {
    describe('with secrets', () =>
      describeDeliveries(serving(start, { WEBHOOK_SECRETS: `openai:${OPENAI}, openai:${BEFORE},claude:${CLAUDE}` })));
    describe('with keys and without secrets', () => {
      const http = serving(start, { API_KEYS: 'ci:key-of-ci' });
      it('the endpoint of every name is 404', async () => {
        const body = JSON.stringify(ofOpenAI('response.completed'));
        expectProblem(await http.post('/sources/webhooks/openai', body, signed(body)), 404, 'no_such_endpoint');
      });
    });
    describe('without secrets, on loopback', () => {
      const http = serving(start);
      it('any name is taken, and a delivery without an id is 400', async () => {
        const event = ofOpenAI('response.completed');
        expect((await http.post('/sources/webhooks/any', event, { 'webhook-id': fresh() })).status).toBe(202);
        expectProblem(await http.post('/sources/webhooks/any', event), 400, 'validation');
      });
    });
  });
}
