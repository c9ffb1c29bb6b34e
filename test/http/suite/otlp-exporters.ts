import { ROOT_CONTEXT, SpanStatusCode, trace, type Attributes, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, BatchSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expectProblem, serving, type Http, type Start } from './http.js';

const agent = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Math Tutor' };
const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' };
const idOf = ({ traceId, spanId }: { traceId: string; spanId: string }) => `otel-${traceId}-${spanId}`;

/** What an exporter tells its processor: whether the ledger took it, and why not. */
type Exporter = JsonExporter | ProtobufExporter;
const sent = (exporter: Exporter, spans: ReadableSpan[]): Promise<{ code: number; error?: Error }> =>
  new Promise((resolve) => exporter.export(spans, resolve));

/** An agent that asks a model and calls a tool that fails, as an instrumentation tells it. */
async function agentRun(exporter: Exporter, failing = true) {
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  const tracer = provider.getTracer('test');
  const begin = (name: string, attributes: Attributes, within: Context = ROOT_CONTEXT) => {
    const span = tracer.startSpan(name, { attributes }, within);
    return { span, within: trace.setSpan(within, span) };
  };
  const outer = begin('invoke_agent Math Tutor', { ...agent, 'gen_ai.agent.tools': ['a', 'b'], 'a.double': 0.5 });
  const chat = begin('chat', { 'gen_ai.operation.name': 'chat' }, outer.within);
  const inner = begin('execute_tool search', tool, chat.within);
  if (failing) {
    inner.span.recordException(new TypeError('no such tool'));
    inner.span.setStatus({ code: SpanStatusCode.ERROR, message: 'it broke' });
  }
  for (const { span } of [inner, chat, outer]) span.end();
  await provider.shutdown();
  const [agentId, toolId] = [outer, inner].map(({ span }) => idOf(span.spanContext()));
  return { agentId: agentId!, toolId: toolId! };
}

const KEY = 'a-key-of-twenty-characters';
const EXPORTERS = [
  ['JSON', JsonExporter],
  ['Protocol Buffers', ProtobufExporter],
] as const;

function describeOf(http: Http): void {
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: '',
    OTEL_EXPORTER_OTLP_HEADERS: '',
    OTEL_EXPORTER_OTLP_COMPRESSION: '',
  };
  afterEach(() => Object.keys(settings).forEach((name) => delete process.env[name]));
  const key = { 'x-api-key': 'another-key-of-twenty-ch' };

  it.each(
    EXPORTERS.flatMap(([name, Exporter]) =>
      [`x-api-key=${KEY}`, `authorization=Bearer ${KEY}`].flatMap((header) =>
        ['none', 'gzip'].map((compression) => [name, header.split('=')[0]!, compression, header, Exporter] as const),
      ),
    ),
  )(
    'the exporter of npm in %s, by %s, compression %s: by address and key alone',
    async (...[, , compression, header, Exporter]) => {
      Object.assign(process.env, {
        OTEL_EXPORTER_OTLP_ENDPOINT: http.url,
        OTEL_EXPORTER_OTLP_HEADERS: header,
        OTEL_EXPORTER_OTLP_COMPRESSION: compression,
      });
      const { agentId, toolId } = await agentRun(new Exporter());
      const shown = (id: string) => http.get(`/executions/${id}`, key).then(({ body }) => body);
      expect(await shown(agentId)).toMatchObject({ status: 'succeeded', kind: 'agent', target: 'Math Tutor' });
      expect(await shown(toolId)).toMatchObject({
        ...{ status: 'failed', target: 'search', parent_execution_id: agentId, error: 'it broke' },
        error_details: { 'exception.type': 'TypeError', 'exception.message': 'no such tool' },
      });
      const { body } = await http.get(`/executions/${toolId}/events`, key);
      expect(body.events.at(-1)).toMatchObject({ source: 'opentelemetry' });
    },
  );

  it.each(EXPORTERS)(
    'the exporter of npm in %s is told that it was refused where the key is wrong',
    async (_name, Exporter) => {
      const exporter = new Exporter({ url: `${http.url}/v1/traces`, headers: { 'x-api-key': 'of nobody' } });
      const told = await sent(exporter, []);
      await exporter.shutdown();
      expect(told).toMatchObject({ code: 1, error: { code: 401 } });
    },
  );

  it('a key without the scope report is 403, and none is 401', async () => {
    expectProblem(await http.post('//v1/traces', {}), 401, 'unauthorized');
    expectProblem(await http.post('//v1/traces', {}, key), 403, 'forbidden');
  });
}

/** docs/sources.md, "OpenTelemetry": the exporters of npm. */
export function describeExporters(start: Start): void {
  describe('OpenTelemetry, exporters', () =>
    describeOf(serving(start, { API_KEYS: `reporter:${KEY}:report,reader:another-key-of-twenty-ch:read` })));
}
