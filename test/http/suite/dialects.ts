import { CloudEvent, emitterFor, httpTransport, HTTP, Mode } from 'cloudevents';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expectProblem, fresh, serving, type Http, type Start } from './http.js';

const payloads = <T>(name: string): T[] =>
  (JSON.parse(readFileSync(new URL(`../../sources/payloads/${name}.json`, import.meta.url), 'utf8')) as { events: T[] })
    .events;

/** An OpenLineage RunEvent of a run, as the transports send it. */
const runEvent = (runId: string, eventType: string | undefined, more: object = {}, facets: object = {}) => ({
  eventType,
  eventTime: '2026-11-21T11:40:40.745+01:00',
  producer: 'https://github.com/OpenLineage/OpenLineage/tree/1.40.0/client/python',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
  run: { runId, facets },
  job: { namespace: 'airflow', name: 'nightly.load' },
  inputs: [],
  outputs: [],
  ...more,
});

const verdicts = ({ receipts }: { receipts: { verdict: string }[] }): string[] =>
  receipts.map(({ verdict }) => verdict);

function describeOpenLineage(http: Http): void {
  const lineage = (body: unknown, headers?: Record<string, string>) => http.post('/lineage', body, headers);

  it.each([
    ['START', 'running'],
    ['RUNNING', 'running'],
    ['COMPLETE', 'succeeded'],
    ['FAIL', 'failed'],
    ['ABORT', 'cancelled'],
    ['OTHER', 'pending'],
    [undefined, 'pending'],
  ])('%s → %s', async (word, status) => {
    const runId = randomUUID();
    const { status: code, body } = await lineage(runEvent(runId, word));
    expect([code, verdicts(body)]).toEqual([202, ['applied']]);
    const shown = await http.show(`openlineage-${runId}`);
    expect(shown).toMatchObject({ status, target: 'airflow.nightly.load' });
    if (status !== 'pending') expect(shown).toMatchObject({ status_reason: word });
    if (status === 'running') expect(shown).toMatchObject({ started_at: '2026-11-21T10:40:40.745Z' });
    expect(shown['labels']).toMatchObject({ source: 'openlineage', namespace: 'airflow', job: 'nightly.load' });
  });

  it('parent and root, the error, the nominal time and the engine of a run are kept', async () => {
    const [runId, parent, root] = [randomUUID(), randomUUID(), randomUUID()];
    const facets = {
      parent: { run: { runId: parent }, job: { namespace: 'a', name: 'dag' }, root: { run: { runId: root } } },
      nominalTime: { nominalStartTime: '2026-11-21T00:00:00Z', nominalEndTime: '2026-11-22T00:00:00Z' },
      processing_engine: { name: 'spark', version: '3.5.0', openlineageAdapterVersion: '1.40.0' },
      errorMessage: { message: 'no such table', programmingLanguage: 'python', stackTrace: 'Traceback …' },
    };
    await lineage(runEvent(runId, 'FAIL', {}, facets));
    expect(await http.show(`openlineage-${runId}`)).toMatchObject({
      parent_execution_id: `openlineage-${parent}`,
      run_id: `openlineage-${root}`,
      error: 'no such table',
      error_details: { programmingLanguage: 'python', stackTrace: 'Traceback …' },
      completed_at: '2026-11-21T10:40:40.745Z',
      labels: { nominal_start: '2026-11-21T00:00:00Z', processing_engine: 'spark 3.5.0' },
    });
  });

  it('a delivery that comes again is the same report, another of the same run is not', async () => {
    const runId = randomUUID();
    const start = runEvent(runId, 'START');
    await lineage(start);
    const again = await lineage(start);
    expect(again.body.receipts).toMatchObject([{ verdict: 'applied', replayed: true }]);
    const other = await lineage({ ...start, eventTime: '2026-11-21T11:41:00Z' });
    expect(other.body.receipts[0]).not.toHaveProperty('replayed');
  });

  it('an array is taken in order, and events of jobs and datasets are ignored', async () => {
    const runId = randomUUID();
    const job = {
      eventTime: '2026-11-21T11:40:40Z',
      producer: 'p',
      job: { namespace: 'a', name: 'j' },
      schemaURL: 's',
    };
    const all = await lineage([
      runEvent(runId, 'START'),
      job,
      runEvent(runId, 'COMPLETE', { eventTime: '2026-11-21T12:00:00Z' }),
    ]);
    expect(all).toMatchObject({
      status: 202,
      body: { receipts: [{ applied: true }, { applied: true, current: { status: 'succeeded' } }] },
    });
    expect((await lineage(job)).body).toEqual({ receipts: [], ignored: 'JobEvent' });
    expect((await lineage({ ...job, job: undefined, dataset: { namespace: 'a', name: 'd' } })).body).toEqual({
      receipts: [],
      ignored: 'DatasetEvent',
    });
  });

  it('a word that the table lacks is kept as refused, and counted', async () => {
    const runId = randomUUID();
    await lineage(runEvent(runId, 'START'));
    expect(verdicts((await lineage(runEvent(runId, 'PONDERING'))).body)).toEqual(['unsupported_status']);
    expect((await http.get(`/executions/openlineage-${runId}/refused`)).body.events).toHaveLength(1);
    const { text } = await http.get('//metrics');
    expect(text).toContain('ledger_unknown_words_total{source="openlineage",word="PONDERING"} 1');
  });

  it.each([
    ['a number', 7],
    ['a text', '"START"'],
    ['nothing of it', {}],
    ['no run id', runEvent('', 'START')],
    ['a run id that is no text', { ...runEvent('x', 'START'), run: { runId: 7 } }],
    ['no time', { ...runEvent('x', 'START'), eventTime: undefined }],
    ['one of several', [runEvent(fresh(), 'START'), { run: {} }]],
  ])('%s: nothing is decided', async (_what, body) => {
    expectProblem(await lineage(body), 400, 'validation');
    const id = Array.isArray(body) ? (body[0] as ReturnType<typeof runEvent>).run.runId : 'x';
    expect((await http.get(`/executions/openlineage-${id}`)).status).toBe(404);
  });
}

function describeCloudEvents(http: Http): void {
  const path = '/sources/cloudevents';
  const structured = (event: object, more: Record<string, string> = {}) =>
    http.call('POST', path, JSON.stringify({ specversion: '1.0', id: randomUUID(), source: '/ci', ...event }), {
      'content-type': 'application/cloudevents+json',
      ...more,
    });
  const own = (execution_id: string, status = 'running') => ({
    type: 'executionledger.report.v1',
    data: { execution_id, status },
  });

  it.each([Mode.BINARY, Mode.STRUCTURED])('what the sender of npm emits in %s mode is taken', async (mode) => {
    const id = fresh();
    const emit = emitterFor(httpTransport(`${http.url}/api/v1${path}`), { mode });
    const event = new CloudEvent({ source: '/ci/x', type: 'executionledger.report.v1', data: own(id).data });
    const answer = (await emit(event)) as { body: string };
    expect(JSON.parse(answer.body)).toMatchObject({ receipts: [{ verdict: 'applied', execution_id: id }] });
    const again = (await emit(event)) as { body: string };
    expect(JSON.parse(again.body)).toMatchObject({ receipts: [{ replayed: true }] });
    const { body } = await http.get(`/executions/${id}/events`);
    expect(body.events.at(-1)).toMatchObject({ event_id: `/ci/x ${event.id}`, source: 'cloudevents' });
  });

  it('attributes in headers come in percent-encoding', async () => {
    const id = fresh();
    const headers = { 'ce-specversion': '1.0', 'ce-id': '100%', 'ce-source': '/ci/%C3%BC', 'ce-type': own(id).type };
    expect(verdicts((await http.post(path, own(id).data, headers)).body)).toEqual(['applied']);
    const { body } = await http.get(`/executions/${id}/events`);
    expect(body.events.at(-1)).toMatchObject({ event_id: '/ci/ü 100%' });
  });

  it('a batch is decided event by event, and unknown types are ignored', async () => {
    const [id, other] = [fresh(), fresh()];
    const events = [own(id), own(other), own(id, 'succeeded'), { type: 'com.example.thing', data: 1 }].map(
      (event) => new CloudEvent<unknown>({ source: '/ci', ...event }),
    );
    const { headers, body: batch } = HTTP.structured(events[0]!);
    const answer = await http.call('POST', path, `[${events.map(String).join()}]`, {
      ...(headers as Record<string, string>),
      'content-type': 'application/cloudevents-batch+json; charset=utf-8',
    });
    expect(typeof batch).toBe('string');
    expect(answer.body.receipts).toMatchObject([
      { execution_id: id },
      { execution_id: other },
      { execution_id: id, current: { status: 'succeeded' } },
    ]);
    expect((await structured({ type: 'com.example.thing' })).body).toEqual({
      receipts: [],
      ignored: 'com.example.thing',
    });
  });

  it('an id longer than ids may be is derived, and data may come in base64', async () => {
    const id = fresh();
    const event = {
      id: 'x'.repeat(300),
      type: 'executionledger.report.v1',
      data_base64: Buffer.from(JSON.stringify(own(id).data)).toString('base64'),
    };
    expect(verdicts((await structured(event)).body)).toEqual(['applied']);
    expect((await structured(event)).body.receipts).toMatchObject([{ replayed: true }]);
  });

  it('the handshake is answered with who may deliver, and nothing else', async () => {
    const headers = { 'webhook-request-origin': 'eventgrid.example', 'webhook-request-rate': '120' };
    const answer = await http.call('OPTIONS', path, undefined, headers);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'webhook-allowed-origin': 'eventgrid.example',
      'webhook-allowed-rate': '*',
      allow: 'POST, OPTIONS',
    });
    expectProblem(await http.call('OPTIONS', path), 400, 'validation');
  });

  const tekton = (kind: string, word: string, uid: string, more: object = {}, status: object = {}) =>
    structured({
      type: `dev.tekton.event.${kind.toLowerCase()}.${word}.v1`,
      data: {
        [kind]: {
          metadata: { uid, name: 'build-x7k2', namespace: 'ci', labels: {}, ...more },
          spec: { [kind === 'pipelineRun' ? 'pipelineRef' : 'taskRef']: { name: 'build' } },
          status: { startTime: '2026-11-21T11:40:40Z', ...status },
        },
      },
    });
  const because = (reason: string) => ({
    conditions: [{ type: 'Succeeded', status: 'False', reason, message: `it was ${reason}` }],
    completionTime: '2026-11-21T11:45:00Z',
  });

  it.each([
    ['pipelineRun', 'started', 'Started', 'running'],
    ['pipelineRun', 'running', 'Running', 'running'],
    ['pipelineRun', 'unknown', 'Running', 'running'],
    ['pipelineRun', 'successful', 'Completed', 'succeeded'],
    ['pipelineRun', 'failed', 'Failed', 'failed'],
    ['pipelineRun', 'failed', 'Cancelled', 'cancelled'],
    ['pipelineRun', 'failed', 'CancelledRunningFinally', 'cancelled'],
    ['pipelineRun', 'failed', 'StoppedRunningFinally', 'cancelled'],
    ['pipelineRun', 'failed', 'PipelineRunTimeout', 'timeout'],
    ['taskRun', 'started', 'Started', 'running'],
    ['taskRun', 'successful', 'Succeeded', 'succeeded'],
    ['taskRun', 'failed', 'TaskRunCancelled', 'cancelled'],
    ['taskRun', 'failed', 'TaskRunTimeout', 'timeout'],
    ['customRun', 'failed', 'Whatever', 'failed'],
  ])('Tekton: a %s that is %s by %s → %s', async (kind, word, reason, status) => {
    const uid = randomUUID();
    const answer = await tekton(kind, word, uid, {}, because(reason));
    expect([answer.status, verdicts(answer.body)]).toEqual([202, ['applied']]);
    expect(await http.show(`tekton-${uid}`)).toMatchObject({
      status,
      status_reason: reason,
      target: 'ci/build',
      labels: { source: 'tekton', namespace: 'ci', name: 'build-x7k2', resource: kind },
      ...(status === 'failed' || status === 'timeout' ? { error: `it was ${reason}` } : {}),
      ...(status === 'running' ? {} : { completed_at: '2026-11-21T11:45:00.000Z' }),
    });
  });

  it('Tekton: a task’s parent is the PipelineRun that owns it, else the one in its label', async () => {
    const [owned, labelled, pipeline] = [randomUUID(), randomUUID(), randomUUID()];
    const owners = [
      { kind: 'Job', uid: randomUUID() },
      { kind: 'PipelineRun', uid: pipeline },
    ];
    await tekton('taskRun', 'started', owned, { ownerReferences: owners });
    await tekton('taskRun', 'started', labelled, { labels: { 'tekton.dev/pipelineRunUID': pipeline } });
    for (const uid of [owned, labelled])
      expect(await http.show(`tekton-${uid}`)).toMatchObject({
        parent_execution_id: `tekton-${pipeline}`,
        run_id: `tekton-${pipeline}`,
      });
  });

  it.each(['pondering', 'constructor', 'toString'])(
    'Tekton: the word %s, which the table lacks, is kept as refused',
    async (word) => {
      expect(verdicts((await tekton('taskRun', word, randomUUID())).body)).toEqual(['unsupported_status']);
    },
  );

  interface CDEvent {
    context: { type: string };
    subject: { id: string; content: Record<string, unknown> };
  }
  const EXPECTED = ['queued', 'running', 'failed', 'running', 'failed'];

  it.each(payloads<CDEvent>('cdevents').map((event, n) => [event.context.type, event, EXPECTED[n]!] as const))(
    'CDEvents: the published example of %s is read, under its own type and in any CloudEvent',
    async (type, published, status) => {
      for (const outer of [type, 'com.example.wrapped']) {
        const [id, parent] = [fresh(), fresh()];
        const event = structuredClone(published);
        event.subject.id = id;
        if (event.subject.content['pipelineRun'] !== undefined) event.subject.content['pipelineRun'] = { id: parent };
        expect(verdicts((await structured({ type: outer, data: event })).body)).toEqual(['applied']);
        expect(await http.show(`cdevents-${id}`)).toMatchObject({
          status,
          target: type.includes('.taskrun.') ? 'myTask' : 'myPipeline',
          labels: { source: 'cdevents', url: 'https://www.example.com/mySubject123' },
          ...(type.includes('.taskrun.') ? { parent_execution_id: `cdevents-${parent}` } : {}),
          ...(status === 'failed' ? { error: 'Something went wrong\nWith some more details' } : {}),
        });
      }
    },
  );

  it.each([
    ['success', 'succeeded'],
    ['failure', 'failed'],
    ['error', 'failed'],
    ['cancel', 'cancelled'],
  ])('CDEvents: finished with %s → %s; another outcome is kept as refused', async (outcome, status) => {
    const event = structuredClone(payloads<CDEvent>('cdevents')[2]!);
    const id = fresh();
    event.subject.id = id;
    for (const strange of ['perhaps', 'constructor', undefined]) {
      event.subject.content['outcome'] = strange;
      const { body } = await structured({ type: event.context.type, data: event });
      expect(verdicts(body)).toEqual(['unsupported_status']);
    }
    event.subject.content['outcome'] = outcome;
    await structured({ type: event.context.type, data: event });
    expect(await http.show(`cdevents-${id}`)).toMatchObject({ status, status_reason: outcome });
  });

  it.each([
    ['not JSON', '{', 400],
    ['no event', '7', 400],
    ['no id', '{"specversion":"1.0","source":"/a","type":"t"}', 400],
    ['an id that is no text', '{"specversion":"1.0","id":7,"source":"/a","type":"t"}', 400],
    ['another version', '{"specversion":"0.3","id":"1","source":"/a","type":"t"}', 400],
    [
      'our type without a report',
      '{"specversion":"1.0","id":"1","source":"/a","type":"executionledger.report.v1"}',
      400,
    ],
    [
      'our type without an id',
      '{"specversion":"1.0","id":"1","source":"/a","type":"executionledger.report.v1","data":{}}',
      400,
    ],
    [
      'Tekton without its run',
      '{"specversion":"1.0","id":"1","source":"/a","type":"dev.tekton.event.taskrun.failed.v1","data":{}}',
      400,
    ],
    [
      'CDEvents without a subject',
      '{"specversion":"1.0","id":"1","source":"/a","type":"dev.cdevents.taskrun.started.0.3.0","data":{}}',
      400,
    ],
    [
      'too large',
      JSON.stringify({ specversion: '1.0', id: '1', source: '/a', type: 't', data: 'x'.repeat(2 << 20) }),
      413,
    ],
  ])('%s: nothing is decided', async (_what, body, status) => {
    const answer = await http.call('POST', path, body, { 'content-type': 'application/cloudevents+json' });
    expectProblem(answer, status, status === 413 ? 'too_large' : 'validation');
  });
}

const REPORTER = 'a-key-of-twenty-characters';
const KEYS = `reporter:${REPORTER}:report,reader:another-key-of-twenty-ch:read`;

function describeKeys(http: Http): void {
  it.each(['/lineage', '/sources/cloudevents'])('%s wants a key with report, in either header', async (path) => {
    const body =
      path === '/lineage' ? runEvent(randomUUID(), 'START') : { specversion: '1.0', id: '1', source: '/a', type: 't' };
    expectProblem(await http.post(path, body), 401, 'unauthorized');
    expectProblem(await http.post(path, body, { 'x-api-key': 'another-key-of-twenty-ch' }), 403, 'forbidden');
    for (const key of [{ 'x-api-key': REPORTER }, { authorization: `Bearer ${REPORTER}` }]) {
      // Who may report and not read is told the receipts all the same: they are the ledger's own words.
      const { status, body: told } = await http.post(path, body, key);
      expect([status, told]).toEqual([202, expect.objectContaining({ receipts: expect.any(Array) })]);
    }
  });

  it('the handshake wants none', async () => {
    const answer = await http.call('OPTIONS', '/sources/cloudevents', undefined, { 'webhook-request-origin': 'x' });
    expect(answer.status).toBe(200);
  });
}

/** docs/sources.md: the dialects that come without a signature. */
export function describeDialects(start: Start): void {
  describe('OpenLineage', () => describeOpenLineage(serving(start)));
  describe('CloudEvents', () => describeCloudEvents(serving(start)));
  describe('unsigned dialects with keys', () => describeKeys(serving(start, { API_KEYS: KEYS })));
}
