import { z } from 'zod';
import { isTerminal } from '../../domain/status.js';
import { Stint } from '../../event-loop.js';
import { labelsOf, malformedBy, present, type DeliveryContent, type SourceReport } from '../source-report.js';
import { runsAbove } from './parents.js';
import { exported, resourceSpans, scopeSpans, span, spanEvent, type Span } from './payload.js';

/** A kind of span that is a run. */
interface Run {
  readonly kind: string;
  /** The attribute of the span that tells it, with this value or with any. */
  readonly attribute: string;
  readonly value?: string;
  /** The attribute that names what runs. */
  readonly target: string;
  /** The attribute that says how it ended; without it the status of the span does. */
  readonly result?: string;
}

const OPERATION = 'gen_ai.operation.name';
const PIPELINE = { kind: 'pipeline', target: 'cicd.pipeline.name', result: 'cicd.pipeline.result' } as const;

/**
 * The spans that are runs (OpenTelemetry's semantic conventions for generative AI, and for CI/CD). A resource may name the run
 * of a pipeline for all of its spans: only the attributes of the span itself tell that it is one.
 */
const RUNS: readonly Run[] = [
  { kind: 'agent', attribute: OPERATION, value: 'invoke_agent', target: 'gen_ai.agent.name' },
  { kind: 'workflow', attribute: OPERATION, value: 'invoke_workflow', target: 'gen_ai.workflow.name' },
  { kind: 'tool', attribute: OPERATION, value: 'execute_tool', target: 'gen_ai.tool.name' },
  {
    ...{ kind: 'task', attribute: 'cicd.pipeline.task.run.id', target: 'cicd.pipeline.task.name' },
    result: 'cicd.pipeline.task.run.result',
  },
  { ...PIPELINE, attribute: 'cicd.pipeline.run.id' },
  { ...PIPELINE, attribute: 'cicd.pipeline.result' },
];

/** Results of pipelines and tasks, and the status of a span, in the ledger's words. */
const STATUSES: ReadonlyMap<string, string> = new Map([
  ['success', 'succeeded'],
  ['skip', 'succeeded'],
  ['failure', 'failed'],
  ['error', 'failed'],
  ['timeout', 'timeout'],
  ['cancellation', 'cancelled'],
  ['UNSET', 'succeeded'],
  ['OK', 'succeeded'],
  ['ERROR', 'failed'],
]);
/** The status of a span by its number. */
const CODES = ['UNSET', 'OK', 'ERROR'];

/** Labels by the attribute that they are of, of the span or else of its resource. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  service: ['service.name'],
  operation: [OPERATION],
  provider: ['gen_ai.provider.name'],
  model: ['gen_ai.request.model'],
  agent: ['gen_ai.agent.name'],
  agent_id: ['gen_ai.agent.id'],
  conversation: ['gen_ai.conversation.id'],
  tool_call: ['gen_ai.tool.call.id'],
  pipeline_run: ['cicd.pipeline.run.id'],
  task_run: ['cicd.pipeline.task.run.id'],
  url: ['cicd.pipeline.task.run.url.full', 'cicd.pipeline.run.url.full'],
};
const WORKFLOWS = ['gen_ai.workflow.name', 'cicd.pipeline.name'];
const EXCEPTION = ['exception.type', 'exception.message', 'exception.stacktrace'];

const idOf = (...parts: readonly string[]): string => ['otel', ...parts].join('-');
const runOf = ({ attributes }: Span): Run | undefined =>
  RUNS.find(({ attribute, value }) =>
    value === undefined ? attributes.has(attribute) : attributes.get(attribute) === value,
  );
const instant = (ms: number): string => new Date(ms).toISOString();

/** A span that is a run and has ended. */
interface EndedRun {
  readonly span: Span;
  readonly run: Run;
  readonly end: number;
  /** An attribute of the span, or else of its resource, the first of these that is there. */
  readonly attribute: (...names: readonly string[]) => string | undefined;
}

/** Why it ended as it did, where that is not well. */
function failureOf({ span, attribute }: EndedRun): Pick<SourceReport, 'error' | 'error_details'> {
  const said = span.events?.findLast((event) => (Object(event) as { name?: unknown }).name === 'exception');
  const thrown = spanEvent.safeParse(said).data?.attributes;
  const [type, message] = EXCEPTION.map((name) => thrown?.get(name));
  const kind = attribute('error.type');
  const details = Object.fromEntries([
    ...(kind === undefined ? [] : [['error.type', kind]]),
    ...[...(thrown ?? [])].filter(([name]) => EXCEPTION.includes(name)),
  ]) as Record<string, string>;
  return present({
    error: span.status?.message || message || kind || type,
    error_details: Object.keys(details).length > 0 ? details : undefined,
  });
}

function reportOf(ended: EndedRun, parent: string | undefined): SourceReport {
  const { span, run, end, attribute } = ended;
  const { traceId, spanId, startTimeUnixNano: start, status: said } = span;
  const code = said?.code ?? 0;
  const word = (run.result && attribute(run.result)) ?? CODES[code] ?? String(code);
  const status = STATUSES.get(word) ?? word;
  return {
    execution_id: idOf(traceId, spanId),
    status,
    status_reason: word,
    kind: run.kind,
    run_id: idOf(traceId),
    labels: labelsOf({
      source: 'opentelemetry',
      ...Object.fromEntries(Object.entries(LABELS).map(([label, names]) => [label, attribute(...names)])),
    }),
    same_by: ['opentelemetry', traceId, spanId],
    ...present({
      target: attribute(run.target) ?? span.name,
      workflow_id: attribute(...WORKFLOWS),
      parent_execution_id: parent && idOf(traceId, parent),
      ...(status === 'failed' || status === 'timeout' ? failureOf(ended) : {}),
      occurred_at: instant(end),
      completed_at: isTerminal(status) ? instant(end) : undefined,
      duration_ms: isTerminal(status) && start !== undefined && end >= start ? end - start : undefined,
    }),
  };
}

/** A span, and the resource that it is of. */
interface SpanOfResource {
  readonly span: Span;
  readonly resource: Resource | null | undefined;
}
type Resource = NonNullable<z.infer<typeof resourceSpans>['resource']>;

function reportsOf({ span, resource }: SpanOfResource, parentOf: (span: Span) => string | undefined): SourceReport[] {
  const [run, end] = [runOf(span), span.endTimeUnixNano];
  if (run === undefined || end === undefined) return [];
  const attribute = (...names: readonly string[]): string | undefined =>
    names.map((name) => span.attributes.get(name) ?? resource?.attributes.get(name)).find((value) => value);
  return [reportOf({ span, run, end, attribute }, parentOf(span))];
}

/**
 * The spans of a request, one by one; `undefined` where there is none at a step, for thousands of empty members take their time.
 * @throws z.ZodError at the first that cannot be read
 */
function* spansOf(payload: unknown): Generator<SpanOfResource | undefined> {
  for (const ofResource of exported.parse(payload).resourceSpans ?? []) {
    const { resource, scopeSpans: scopes } = resourceSpans.parse(ofResource);
    yield undefined;
    for (const ofScope of scopes ?? []) {
      yield undefined;
      for (const one of scopeSpans.parse(ofScope).spans ?? []) yield { span: span.parse(one), resource };
    }
  }
}

/**
 * Reads what OpenTelemetry exports of traces: the runs among the spans. Never throws, whatever the payload is. Others get
 * their turns of the event loop meanwhile, for a request may hold thousands of spans.
 */
export async function readTraces(payload: unknown): Promise<DeliveryContent> {
  const stint = new Stint();
  const read: SpanOfResource[] = [];
  try {
    for (const one of spansOf(payload)) {
      if (one) read.push(one);
      if (stint.isOver) await stint.next();
    }
  } catch (error) {
    if (error instanceof z.ZodError) return malformedBy(error);
    throw error;
  }
  const parentOf = runsAbove(read.map(({ span: place }) => ({ ...place, isRun: runOf(place) !== undefined })));
  const reports: SourceReport[] = [];
  for (const one of read) {
    reports.push(...reportsOf(one, parentOf));
    if (stint.isOver) await stint.next();
  }
  return reports.length === 0 && read.length > 0 ? { ignored: 'spans that are no runs' } : { reports };
}
