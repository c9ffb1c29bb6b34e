import { randomUUID } from 'node:crypto';
import { asTold, hex, replaced, type PackedDelivery, type Sender, type Delivery } from './sender.js';

/** The key that these send. */
export const KEY = 'a-key-of-twenty-characters';

const packed =
  (type: string, more: (told: Delivery) => Record<string, string> = () => ({})): Sender['pack'] =>
  (text, told, { secret = KEY } = {}): PackedDelivery => ({
    text,
    headers: { 'content-type': type, 'x-api-key': secret, ...more(told) },
  });
const KEYED = { proof: 'key', taken: 202 } as const;

const runEvent = (runId: string, eventType: string, second: number, facets: object = {}) => ({
  ...{ eventType, eventTime: `2026-11-21T11:40:${second}.000Z`, producer: 'https://example.com/p' },
  ...{ run: { runId, facets }, job: { namespace: 'airflow', name: 'load' } },
});

const ofOpenLineage: Sender = {
  ...{ ...KEYED, name: 'OpenLineage', path: '/lineage', idAt: 'run.runId' },
  life: () => {
    const [dag, task] = [randomUUID(), randomUUID()];
    const parent = { parent: { run: { runId: dag }, job: { namespace: 'airflow', name: 'dag' } } };
    const errorMessage = { message: 'no such table', stackTrace: 'Traceback …' };
    return {
      ids: [`openlineage-${dag}`, `openlineage-${task}`],
      told: asTold([
        runEvent(dag, 'START', 10),
        runEvent(dag, 'RUNNING', 11),
        runEvent(dag, 'COMPLETE', 30),
        runEvent(task, 'START', 12, parent),
        runEvent(task, 'FAIL', 20, { ...parent, errorMessage }),
      ]),
    };
  },
  other: ({ payload }) => replaced(payload, 'job.name', 'another'),
  unknown: () => ({ id: '', payload: { eventTime: '2026-11-21T11:40:40Z', job: { namespace: 'a', name: 'b' } } }),
  pack: packed('application/json'),
};

const event = (type: string, data: unknown) => ({ specversion: '1.0', id: randomUUID(), source: '/ci', type, data });
type Event = ReturnType<typeof event>;
const CLOUDEVENTS = { ...KEYED, path: '/sources/cloudevents' } as const;
const STRUCTURED = packed('application/cloudevents+json; charset=utf-8');
const unknownEvent = () => event('com.example.thing', {});
const told = (events: readonly Event[]): Delivery[] => events.map((one) => ({ id: one.id, payload: one }));

/** One execution in the ledger's own words. */
const own = () => {
  const execution_id = `own-${randomUUID()}`;
  const said = [
    { status: 'queued' },
    { status: 'running' },
    { status: 'failed', error: 'it broke', completed_at: '2026-11-21T11:45:00Z' },
  ];
  return {
    ids: [execution_id],
    events: said.map((one) => event('executionledger.report.v1', { execution_id, ...one })),
  };
};

/** The same events in each mode. */
const MODES: readonly Sender[] = [
  {
    ...{ ...CLOUDEVENTS, name: 'CloudEvents, structured', idAt: 'data.execution_id', pack: STRUCTURED },
    life: () => (({ ids, events }) => ({ ids, told: told(events) }))(own()),
    other: ({ payload }) => replaced(payload, 'data.status', 'succeeded'),
    unknown: () => told([unknownEvent()])[0]!,
  },
  {
    ...{ ...CLOUDEVENTS, name: 'CloudEvents, batch', idAt: '0.data.execution_id' },
    pack: packed('application/cloudevents-batch+json'),
    life: () => (({ ids, events }) => ({ ids, told: asTold(events.map((one) => [one])) }))(own()),
    other: ({ payload }) => replaced(payload, '0.data.status', 'succeeded'),
    unknown: () => ({ id: '', payload: [unknownEvent()] }),
  },
  {
    ...{ ...CLOUDEVENTS, name: 'CloudEvents, binary', idAt: 'execution_id' },
    pack: packed('application/json', ({ id, event: type }) => ({
      ...{ 'ce-specversion': '1.0', 'ce-source': '/ci', 'ce-id': id, 'ce-type': type! },
    })),
    life: () => {
      const { ids, events } = own();
      return {
        ids,
        told: asTold(
          events.map(({ data }) => data),
          'executionledger.report.v1',
        ),
      };
    },
    other: ({ payload }) => replaced(payload, 'status', 'succeeded'),
    unknown: () => ({ id: randomUUID(), event: 'com.example.thing', payload: {} }),
  },
];

const tekton = (kind: string, word: string, uid: string, reason: string, labels: object = {}) =>
  event(`dev.tekton.event.${kind.toLowerCase()}.${word}.v1`, {
    [kind]: {
      metadata: { uid, name: 'build', namespace: 'ci', labels },
      status: {
        startTime: '2026-11-21T11:40:40Z',
        conditions: [{ type: 'Succeeded', reason, message: `it was ${reason}` }],
        ...(/^(?:successful|failed)$/.test(word) ? { completionTime: '2026-11-21T11:45:00Z' } : {}),
      },
    },
  });

const ofTekton: Sender = {
  ...{ ...CLOUDEVENTS, name: 'Tekton', idAt: 'data.pipelineRun.metadata.uid', pack: STRUCTURED },
  life: () => {
    const [pipeline, task] = [randomUUID(), randomUUID()];
    const within = { 'tekton.dev/pipelineRunUID': pipeline };
    return {
      ids: [`tekton-${pipeline}`, `tekton-${task}`],
      told: told([
        tekton('pipelineRun', 'started', pipeline, 'Started'),
        tekton('pipelineRun', 'running', pipeline, 'Running'),
        tekton('pipelineRun', 'failed', pipeline, 'PipelineRunTimeout'),
        tekton('taskRun', 'started', task, 'Started', within),
        tekton('taskRun', 'failed', task, 'TaskRunCancelled', within),
      ]),
    };
  },
  other: ({ payload }) => replaced(payload, 'type', 'dev.tekton.event.pipelinerun.successful.v1'),
  unknown: () => told([tekton('eventListener', 'started', randomUUID(), 'Started')])[0]!,
};

const cdEvent = (kind: string, word: string, id: string, content: object = {}) =>
  event('com.example.wrapped', {
    context: {
      id: randomUUID(),
      source: '/cd',
      type: `dev.cdevents.${kind}.${word}.0.3.0`,
      timestamp: '2026-11-21T11:40:40Z',
    },
    subject: { id, content: { [kind === 'taskrun' ? 'taskName' : 'pipelineName']: 'build', ...content } },
  });

const ofCDEvents: Sender = {
  ...{ ...CLOUDEVENTS, name: 'CDEvents', idAt: 'data.subject.id', pack: STRUCTURED },
  life: () => {
    const [pipeline, task] = [randomUUID(), randomUUID()];
    const within = { pipelineRun: { id: pipeline } };
    return {
      ids: [`cdevents-${pipeline}`, `cdevents-${task}`],
      told: told([
        cdEvent('pipelinerun', 'queued', pipeline),
        cdEvent('pipelinerun', 'started', pipeline),
        cdEvent('pipelinerun', 'finished', pipeline, { outcome: 'failure', errors: 'it broke' }),
        cdEvent('taskrun', 'started', task, within),
        cdEvent('taskrun', 'finished', task, { ...within, outcome: 'cancel' }),
      ]),
    };
  },
  other: ({ payload }) => replaced(payload, 'data.subject.content.pipelineName', 'another'),
  unknown: () => told([cdEvent('branch', 'created', randomUUID())])[0]!,
};

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const spans = (...all: readonly object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans: all }] }] });
const span = (traceId: string, spanId: string, name: string, attributes: object[], more: object = {}) => ({
  ...{ traceId, spanId, name, attributes, startTimeUnixNano: '1795260040000000000' },
  ...{ endTimeUnixNano: '1795260041500000000', ...more },
});

/** All lives are of one trace, which is the run of each. */
const trace = hex(16);

const ofOpenTelemetry: Sender = {
  ...{ ...KEYED, name: 'OpenTelemetry', path: '//v1/traces', taken: 200, pack: packed('application/json') },
  idAt: 'resourceSpans.0.scopeSpans.0.spans.0.spanId',
  life: () => {
    const [tool, agent, task] = [hex(8), hex(8), hex(8)] as [string, string, string];
    const operation = (name: string) => attribute('gen_ai.operation.name', name);
    const result = attribute('cicd.pipeline.task.run.result', 'timeout');
    const failed = { parentSpanId: agent, status: { code: 2, message: 'it broke' } };
    return {
      ids: [agent, tool, task].map((id) => `otel-${trace}-${id}`),
      told: asTold([
        spans(span(trace, tool, 'search', [operation('execute_tool')], failed)),
        spans(span(trace, agent, 'desk', [operation('invoke_agent')])),
        spans(span(trace, task, 'lint', [attribute('cicd.pipeline.task.run.id', '7'), result])),
      ]),
    };
  },
  other: ({ payload }) => replaced(payload, 'resourceSpans.0.scopeSpans.0.spans.0.status', { code: 2 }),
  unknown: () => ({ id: '', payload: spans(span(hex(16), hex(8), 'chat', [])) }),
};

/** Those that are known by their key. */
export const BY_KEY: readonly Sender[] = [ofOpenLineage, ...MODES, ofTekton, ofCDEvents, ofOpenTelemetry];
