import { randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expectProblem, raw, serving, type Http, type Start } from './http.js';

const TRACES = '//v1/traces';
const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
const START = 1_795_000_000_000;
const nanoseconds = (ms: number): string => `${ms}000000`;

type Values = Readonly<Record<string, string | number>>;
const attributesOf = (values: Values) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: value },
  }));

/** A span as OTLP's JSON has it, that took 1.5 s. */
function spanOf(attributes: Values, more: object = {}) {
  return {
    ...{ traceId: hex(16), spanId: hex(8), parentSpanId: '', name: 'a span', kind: 1, flags: 257 },
    ...{ startTimeUnixNano: nanoseconds(START), endTimeUnixNano: nanoseconds(START + 1_500) },
    ...{ attributes: attributesOf(attributes), droppedAttributesCount: 0, links: [] },
    ...more,
  };
}
type SpanJson = ReturnType<typeof spanOf>;

const requestOf = (spans: readonly object[], resource: Values = { 'service.name': 'desk' }) => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf(resource), droppedAttributesCount: 0 },
      scopeSpans: [
        { scope: { name: 'a scope', version: '1' }, spans, schemaUrl: 'https://opentelemetry.io/schemas/1' },
      ],
    },
  ],
});
const idOf = ({ traceId, spanId }: { traceId: string; spanId: string }) => `otel-${traceId}-${spanId}`;

const agent = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Math Tutor' };
const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' };
const task = { 'cicd.pipeline.task.run.id': '12097', 'cicd.pipeline.task.name': 'Run GoLang Linter' };

function describeSpans(http: Http): void {
  const deliver = (spans: readonly object[], resource?: Values) => http.post(TRACES, requestOf(spans, resource));
  const shownAfter = async (span: SpanJson, resource?: Values) => {
    const answer = await deliver([span], resource);
    expect([answer.status, answer.body]).toEqual([
      200,
      { receipts: [expect.objectContaining({ verdict: 'applied', execution_id: idOf(span) })] },
    ]);
    return http.show(idOf(span));
  };

  it.each([
    ['invoke_agent', 'agent', agent, 'Math Tutor'],
    [
      'invoke_workflow',
      'workflow',
      { ...agent, 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'w' },
      'w',
    ],
    ['execute_tool', 'tool', tool, 'search'],
    ['execute_tool without a name', 'tool', { 'gen_ai.operation.name': 'execute_tool' }, 'a span'],
    ['cicd.pipeline.task.run.id', 'task', task, 'Run GoLang Linter'],
    ['cicd.pipeline.run.id', 'pipeline', { 'cicd.pipeline.run.id': 77, 'cicd.pipeline.name': 'Lint' }, 'Lint'],
    ['cicd.pipeline.result', 'pipeline', { 'cicd.pipeline.result': 'success', 'cicd.pipeline.name': 'Lint' }, 'Lint'],
  ])('a span by %s is a run of the kind %s', async (_what, kind, attributes, target) => {
    const span = spanOf(attributes);
    expect(await shownAfter(span)).toMatchObject({
      ...{ status: 'succeeded', kind, target, run_id: `otel-${span.traceId}` },
      ...{ started_at: '2026-11-18T11:06:40.000Z', completed_at: '2026-11-18T11:06:41.500Z', duration_ms: 1_500 },
      labels: { source: 'opentelemetry', service: 'desk' },
    });
  });

  it.each([
    [undefined, 'UNSET', 'succeeded'],
    [{}, 'UNSET', 'succeeded'],
    [{ code: 0 }, 'UNSET', 'succeeded'],
    [{ code: 1 }, 'OK', 'succeeded'],
    [{ code: 2, message: 'no such table' }, 'ERROR', 'failed'],
  ])('the status %j → %s, %s', async (status, word, is) => {
    const shown = await shownAfter(spanOf(agent, { status }));
    expect(shown).toMatchObject({ status: is, status_reason: word });
    expect(shown['error']).toBe(is === 'failed' ? 'no such table' : undefined);
  });

  it.each([
    ['success', 'succeeded'],
    ['skip', 'succeeded'],
    ['failure', 'failed'],
    ['error', 'failed'],
    ['timeout', 'timeout'],
    ['cancellation', 'cancelled'],
  ])('the result %s of a pipeline or a task → %s, whatever the status of the span', async (result, status) => {
    const error = { status: { code: 2 } };
    const [ofPipeline, ofTask] = [
      spanOf({ 'cicd.pipeline.result': result, 'error.type': '500' }, error),
      spanOf({ ...task, 'cicd.pipeline.task.run.result': result }, error),
    ];
    const resource = {
      'cicd.pipeline.run.id': '9',
      'cicd.pipeline.name': 'Lint',
      'cicd.pipeline.run.url.full': 'https://ci/9',
    };
    expect(await shownAfter(ofPipeline, resource)).toMatchObject({
      ...{ status, status_reason: result, kind: 'pipeline', target: 'Lint', workflow_id: 'Lint' },
      labels: { pipeline_run: '9', url: 'https://ci/9' },
      ...(status === 'failed' || status === 'timeout' ? { error: '500' } : {}),
    });
    expect(await shownAfter(ofTask, resource)).toMatchObject({ status, status_reason: result, kind: 'task' });
  });

  it('an exception that the span recorded is its error, and its stack stands in the details', async () => {
    const thrown = { 'exception.type': 'ValueError', 'exception.message': 'no', 'exception.stacktrace': 'Traceback …' };
    const events = [{ timeUnixNano: '1', name: 'exception', attributes: attributesOf(thrown) }];
    const attributes = { ...agent, 'error.type': 'timeout' };
    expect(await shownAfter(spanOf(attributes, { status: { code: 2 }, events }))).toMatchObject({
      error: 'no',
      error_details: { ...thrown, 'error.type': 'timeout' },
    });
    const well = await shownAfter(spanOf(attributes, { status: { code: 1 }, events }));
    expect([well['error'], well['error_details']]).toEqual([undefined, undefined]);
  });

  it('the names that a span gives are kept as labels', async () => {
    const attributes = {
      ...{
        ...agent,
        'gen_ai.agent.id': 'asst_5',
        'gen_ai.conversation.id': 'conv_5',
        'gen_ai.provider.name': 'openai',
      },
      ...{ 'gen_ai.request.model': 'gpt-4', 'gen_ai.workflow.name': 'desk' },
    };
    expect(await shownAfter(spanOf(attributes))).toMatchObject({
      workflow_id: 'desk',
      labels: {
        ...{ operation: 'invoke_agent', agent: 'Math Tutor', agent_id: 'asst_5', conversation: 'conv_5' },
        ...{ provider: 'openai', model: 'gpt-4' },
      },
    });
  });

  it('a word that the table lacks is kept as refused, and counted', async () => {
    const { status, body } = await deliver([spanOf({ ...task, 'cicd.pipeline.task.run.result': 'pondered' })]);
    expect([status, body.receipts]).toMatchObject([200, [{ verdict: 'unsupported_status' }]]);
    expect((await deliver([spanOf(agent, { status: { code: 7 } })])).body.receipts[0].verdict).toBe(
      'unsupported_status',
    );
    const { text } = await http.get('//metrics');
    expect(text).toContain('ledger_unknown_words_total{source="opentelemetry",word="pondered"} 1');
  });

  it('the parent is the nearest run above, else the first span above that did not come along', async () => {
    const traceId = hex(16);
    const [root, http1, inner, chat, leaf, far, orphan, top] = Array.from({ length: 8 }, () => hex(8));
    const at = (spanId: string, parentSpanId: string | undefined, attributes: Values) =>
      spanOf(attributes, { traceId, spanId, parentSpanId });
    const answer = await deliver([
      at(leaf!, chat, tool),
      at(chat!, inner, { 'gen_ai.operation.name': 'chat' }),
      at(inner!, http1, agent),
      at(http1!, root, { 'http.request.method': 'POST' }),
      at(root!, undefined, agent),
      at(far!, orphan, tool),
      at(orphan!, 'feedfeedfeedfeed', {}),
      at(top!, '0000000000000000', tool),
    ]);
    expect(answer.body.receipts).toHaveLength(5);
    const parent = async (spanId: string) => (await http.show(idOf({ traceId, spanId })))['parent_execution_id'];
    expect(await Promise.all([leaf!, inner!, root!, far!, top!].map(parent))).toEqual([
      idOf({ traceId, spanId: inner! }),
      idOf({ traceId, spanId: root! }),
      undefined,
      idOf({ traceId, spanId: 'feedfeedfeedfeed' }),
      undefined,
    ]);
  });

  it('a delivery that comes again is the same report; the span with another body decides nothing', async () => {
    const span = spanOf(agent);
    expect((await deliver([span])).body.receipts).toMatchObject([{ verdict: 'applied' }]);
    expect((await deliver([span])).body.receipts).toMatchObject([{ verdict: 'applied', replayed: true }]);
    const other = await deliver([{ ...span, status: { code: 2 } }]);
    expect([other.status, other.body.receipts]).toMatchObject([200, [{ verdict: 'id_reused', applied: false }]]);
    expect((await http.show(idOf(span)))['status']).toBe('succeeded');
  });

  it('times may be numbers, and ids in capital letters', async () => {
    const span = spanOf(agent);
    const body = JSON.stringify(requestOf([{ ...span, spanId: span.spanId.toUpperCase() }])).replace(
      /"(\d{19})"/g,
      '$1',
    );
    expect((await http.post(TRACES, body)).body.receipts).toMatchObject([{ verdict: 'applied' }]);
    expect((await http.show(idOf(span)))['duration_ms']).toBe(1_500);
  });

  it.each([
    [
      'spans that are no runs',
      requestOf([spanOf({ 'gen_ai.operation.name': 'chat' }), spanOf({})]),
      'spans that are no runs',
    ],
    [
      'spans of a pipeline that are no task',
      requestOf([spanOf({})], { 'cicd.pipeline.run.id': '9' }),
      'spans that are no runs',
    ],
    ['a run that has not ended', requestOf([spanOf(agent, { endTimeUnixNano: '0' })]), 'spans that are no runs'],
    ['no span', requestOf([]), undefined],
    ['nothing', {}, undefined],
    ['nulls', { resourceSpans: [{ resource: null, scopeSpans: [{ spans: null }, {}] }], unknown: [1] }, undefined],
  ])('%s: taken, and nothing is decided', async (_what, body, ignored) => {
    expect(await http.post(TRACES, body)).toMatchObject({
      status: 200,
      body: { receipts: [], ...(ignored && { ignored }) },
    });
  });

  const good = spanOf(agent);
  it.each([
    ['an id of zeros', { ...spanOf(agent), spanId: '0'.repeat(16) }],
    ['an id in base64', { ...spanOf(agent), traceId: 'W47/95gDgQPSabYzgT/GDA==' }],
    ['no id', { ...spanOf(agent), spanId: undefined }],
    ['a time that is no number', { ...spanOf(agent), endTimeUnixNano: 'noon' }],
    ['a status that is a word', { ...spanOf(agent), status: { code: 'ERROR' } }],
    ['attributes that are no list', { ...spanOf(agent), attributes: {} }],
  ])('%s: nothing of the request is decided', async (_what, bad) => {
    expectProblem(await deliver([good, bad]), 400, 'validation');
    expect((await http.get(`/executions/${idOf(good)}`)).status).toBe(404);
  });

  it('500 spans of 20 attributes each come in one request, and their runs are all decided', async () => {
    const rest = Object.fromEntries(Array.from({ length: 19 }, (_, n) => [`attribute.${n}`, `value ${n}`.repeat(3)]));
    const spans = Array.from({ length: 500 }, (_, n) => spanOf({ ...rest, ...(n % 5 === 0 ? agent : {}) }));
    const { status, body } = await deliver(spans);
    expect([status, body.receipts?.length]).toEqual([200, 100]);
  });
}

function describeProtobuf(http: Http): void {
  const send = (body: Buffer, headers: Record<string, string> = {}) =>
    raw(http.url, {
      method: 'POST',
      path: '/v1/traces',
      headers: { 'content-type': 'application/x-protobuf', ...headers },
      body,
    });
  /** A field of a message: bytes behind their length. */
  const field = (number: number, content: Buffer): Buffer => {
    const length: number[] = [];
    for (let left = content.length; length.length === 0 || left > 0; left >>>= 7)
      length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), content]);
  };
  const spans = (content: Buffer): Buffer => field(1, field(2, content));

  it('an empty body is a request without spans, and is answered by an empty message', async () => {
    for (const body of [Buffer.alloc(0), spans(Buffer.alloc(0))]) {
      const answer = await send(body);
      expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([200, 'application/x-protobuf', '']);
    }
    const gzip = await send(gzipSync(spans(Buffer.alloc(0))), { 'content-encoding': 'gzip' });
    expect(gzip.status).toBe(200);
  });

  it.each([
    ['text', Buffer.from('hello')],
    ['JSON', Buffer.from('{}')],
    ['what is cut off', Buffer.from([0x0a, 0x10, 0x00])],
    ['a span without ids', spans(field(2, Buffer.alloc(0)))],
    ['a text that is not UTF-8', spans(field(2, field(5, Buffer.from([0xff]))))],
    ['a number that never ends', Buffer.alloc(64, 0xff)],
    ['groups within groups', Buffer.alloc(10_000, 0x1b)],
    ['a field with the number 0', Buffer.from([0x02, 0x00])],
  ])('%s is 400', async (_what, body) => {
    expectProblem(await send(body), 400, 'validation');
  });

  it.each([
    ['more than 4 MiB', spans(field(99, Buffer.alloc(4 << 20)))],
    ['more fields than can be read at once', spans(Buffer.alloc(300_000, field(2, Buffer.alloc(0))))],
  ])('%s is 413', async (_what, body) => {
    expectProblem(await send(body), 413, 'too_large');
  });

  it('Protocol Buffers are taken by no other endpoint', async () => {
    const answer = await raw(http.url, {
      method: 'POST',
      path: '/api/v1/lineage',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Buffer.from([0]),
    });
    expectProblem(answer, 415, 'unsupported_media_type');
  });

  it('in JSON, too many values and too many bytes are 413', async () => {
    const many = { resourceSpans: [], more: Array.from({ length: 100_001 }, () => 1) };
    expectProblem(await http.post(TRACES, many), 413, 'too_large');
    expectProblem(await http.post(TRACES, { more: randomUUID().repeat(120_000) }), 413, 'too_large');
  });
}

/** docs/sources.md, "OpenTelemetry". */
export function describeOtlp(start: Start): void {
  describe('OpenTelemetry', () => {
    const open = serving(start);
    describe('spans', () => describeSpans(open));
    describe('in Protocol Buffers', () => describeProtobuf(open));
  });
}
