import { z } from 'zod';
import { isTerminal } from '../../domain/status.js';
import { labelsOf, malformedBy, present, type DeliveryContent, type SourceReport } from '../source-report.js';
import type { CloudEvent } from './envelope.js';

const text = z.string().nullish();
const labels = z.record(z.string(), z.string()).nullish();
const resource = z.object({
  metadata: z.object({
    uid: z.string().min(1).max(200),
    name: text,
    namespace: text,
    labels,
    ownerReferences: z.array(z.object({ kind: z.string(), uid: z.string() })).nullish(),
  }),
  spec: z
    .object({ pipelineRef: z.object({ name: text }).nullish(), taskRef: z.object({ name: text }).nullish() })
    .nullish(),
  status: z
    .object({
      conditions: z.array(z.object({ reason: text, message: text })).nullish(),
      startTime: text,
      completionTime: text,
    })
    .nullish(),
});

/** The member of an event's data that holds the run, by the kind in its type. */
const KINDS = { pipelinerun: 'pipelineRun', taskrun: 'taskRun', customrun: 'customRun' } as const;
const TYPE = /^dev\.tekton\.event\.(pipelinerun|taskrun|customrun)\.([^.]+)\.v1$/;

/** The last word of a type in the ledger's; `unknown` is what Tekton calls a run whose condition is not decided yet. */
const STATUSES: ReadonlyMap<string, string> = new Map([
  ...['started', 'running', 'unknown'].map((word) => [word, 'running'] as const),
  ['successful', 'succeeded'],
  ['failed', 'failed'],
]);
/** What a run that failed was, by the reason of its condition; any other failed. */
const FAILURES: ReadonlyMap<string | null | undefined, string> = new Map([
  ...['Cancelled', 'TaskRunCancelled', 'CancelledRunningFinally', 'StoppedRunningFinally'].map(
    (reason) => [reason, 'cancelled'] as const,
  ),
  ...['PipelineRunTimeout', 'TaskRunTimeout'].map((reason) => [reason, 'timeout'] as const),
]);

const idOf = (uid: string): string => `tekton-${uid}`;

function reportOf(kind: keyof typeof KINDS, word: string, run: z.infer<typeof resource>): SourceReport {
  const { uid, name, namespace, labels = {}, ownerReferences } = run.metadata;
  const { conditions, startTime, completionTime } = run.status ?? {};
  const { reason, message } = conditions?.[0] ?? {};
  const known = STATUSES.get(word);
  const status = (word === 'failed' ? FAILURES.get(reason) : undefined) ?? known ?? word;
  const owner =
    ownerReferences?.find(({ kind: of }) => of === 'PipelineRun')?.uid ?? labels?.['tekton.dev/pipelineRunUID'];
  const pipeline = run.spec?.pipelineRef?.name ?? labels?.['tekton.dev/pipeline'];
  const what =
    (kind === 'pipelinerun' ? pipeline : (run.spec?.taskRef?.name ?? labels?.['tekton.dev/pipelineTask'])) ?? name;
  const ended = isTerminal(known);
  return {
    execution_id: idOf(uid),
    status,
    status_reason: reason ?? word,
    labels: labelsOf({ source: 'tekton', namespace, name, pipeline, resource: KINDS[kind] }),
    ...present({
      target: [namespace, what].filter(Boolean).join('/'),
      workflow_id: pipeline,
      run_id: idOf(owner ?? uid),
      parent_execution_id: owner && owner !== uid ? idOf(owner) : undefined,
      message,
      error: status === 'failed' || status === 'timeout' ? message : undefined,
      occurred_at: ended ? completionTime : startTime,
      completed_at: ended ? completionTime : undefined,
    }),
  };
}

/** Reads an event of Tekton's controllers (Tekton Pipelines, "Events"); undefined for any other. */
export function readTekton({ type, data, time }: CloudEvent): DeliveryContent | undefined {
  const [, kind, word] = TYPE.exec(type) ?? [];
  if (kind === undefined || word === undefined) return undefined;
  const member = KINDS[kind as keyof typeof KINDS];
  const parsed = z.object({ [member]: resource }).safeParse(data);
  if (!parsed.success) return malformedBy(parsed.error);
  const report = reportOf(kind as keyof typeof KINDS, word, parsed.data[member]!);
  return { reports: [{ ...present({ occurred_at: time }), ...report }] };
}
