import { z } from 'zod';
import { labelsOf, malformedBy, present, type DeliveryContent, type SourceReport } from '../source-report.js';
import type { CloudEvent } from './envelope.js';

const text = z.string().nullish();
const cdEvent = z.object({
  context: z.object({ id: text, source: text, type: z.string(), timestamp: text }),
  subject: z.object({
    id: z.string().min(1).max(200),
    source: text,
    content: z
      .object({
        pipelineName: text,
        taskName: text,
        pipelineRun: z.object({ id: z.string().min(1).max(200) }).nullish(),
        outcome: text,
        errors: text,
        uri: text,
        url: text,
      })
      .nullish(),
  }),
});

/** What is one by its own word. */
const claim = z.object({ context: z.object({ type: z.string() }) });

const TYPE = /^dev\.cdevents\.(pipelinerun|taskrun)\.([^.]+)\./;

/** What the last word of a type says of how a run stands. */
const STATUSES: ReadonlyMap<string, string> = new Map([
  ['queued', 'queued'],
  ['started', 'running'],
]);
/** How a finished run ended, by its outcome. */
const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ['success', 'succeeded'],
  ['failure', 'failed'],
  ['error', 'failed'],
  ['cancel', 'cancelled'],
]);

const idOf = (id: string): string => `cdevents-${id}`;

function reportOf(kind: string, word: string, { context, subject }: z.infer<typeof cdEvent>): SourceReport {
  const { pipelineName, taskName, pipelineRun, outcome, errors, uri, url } = subject.content ?? {};
  const said = word === 'finished' ? (outcome ?? 'finished without an outcome') : word;
  const status = (word === 'finished' ? OUTCOMES : STATUSES).get(said) ?? said;
  const parent = kind === 'taskrun' ? pipelineRun?.id : undefined;
  return {
    execution_id: idOf(subject.id),
    status,
    status_reason: said,
    labels: labelsOf({
      source: 'cdevents',
      subject: kind,
      subject_source: subject.source,
      url: uri ?? url,
    }),
    ...present({
      target: kind === 'taskrun' ? taskName : pipelineName,
      workflow_id: pipelineName,
      run_id: idOf(parent ?? subject.id),
      parent_execution_id: parent && idOf(parent),
      error: status === 'failed' ? errors : undefined,
      occurred_at: context.timestamp,
      completed_at: word === 'finished' ? context.timestamp : undefined,
    }),
  };
}

/** Reads a CDEvent, which the data of a CloudEvent is whole, whatever type that has (CDEvents, "CloudEvents Binding"). */
export function readCDEvents({ type, data }: CloudEvent): DeliveryContent | undefined {
  // A CDEvent without what makes it one would be ignored by the type of its envelope, and nobody would be told.
  const claimed = claim.safeParse(data);
  const [, kind, word] = TYPE.exec(claimed.success ? claimed.data.context.type : type) ?? [];
  if (kind === undefined || word === undefined) return undefined;
  const inside = cdEvent.safeParse(data);
  if (!inside.success) return malformedBy(inside.error);
  return { reports: [reportOf(kind, word, inside.data)] };
}
