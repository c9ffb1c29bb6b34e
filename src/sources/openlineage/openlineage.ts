import { isTerminal } from '../../domain/status.js';
import { labelsOf, malformedBy, present, together, type DeliveryContent, type SourceReport } from '../source-report.js';
import { otherEvent, runEvent, type RunEvent } from './payload.js';

/** `eventType` in the ledger's words. OTHER says something of a run, and not how it stands. */
const STATUSES: ReadonlyMap<string, string | undefined> = new Map([
  ['START', 'running'],
  ['RUNNING', 'running'],
  ['COMPLETE', 'succeeded'],
  ['FAIL', 'failed'],
  ['ABORT', 'cancelled'],
  ['OTHER', undefined],
]);

const idOf = (runId: string): string => `openlineage-${runId}`;

function reportOf({ eventType, eventTime, producer, run, job }: RunEvent): SourceReport {
  const word = eventType ?? 'OTHER';
  const status = STATUSES.has(word) ? STATUSES.get(word) : word;
  const { parent, errorMessage: failure, nominalTime: nominal, processing_engine: engine } = run.facets ?? {};
  return {
    execution_id: idOf(run.runId),
    status_reason: word,
    labels: labelsOf({
      source: 'openlineage',
      namespace: job.namespace,
      job: job.name,
      producer,
      nominal_start: nominal?.nominalStartTime,
      nominal_end: nominal?.nominalEndTime,
      processing_engine: engine && [engine.name, engine.version].filter(Boolean).join(' '),
    }),
    same_by: ['openlineage', run.runId, word, eventTime, producer ?? ''],
    ...present({
      status,
      target: [job.namespace, job.name].filter(Boolean).join('.'),
      parent_execution_id: parent && idOf(parent.run.runId),
      run_id: parent?.root && idOf(parent.root.run.runId),
      error: status === 'failed' ? failure?.message : undefined,
      error_details:
        status === 'failed' && failure?.stackTrace ? present({ ...failure, message: undefined }) : undefined,
      occurred_at: eventTime,
      completed_at: isTerminal(status) ? eventTime : undefined,
    }),
  };
}

function readOne(payload: unknown): DeliveryContent {
  const other = otherEvent(payload);
  if (other !== undefined) return { ignored: other };
  const parsed = runEvent.safeParse(payload);
  return parsed.success ? { reports: [reportOf(parsed.data)] } : malformedBy(parsed.error);
}

/** Reads what OpenLineage's HTTP transport sends: an event, or an array of them. Never throws, whatever the payload is. */
export const readOpenLineage = (payload: unknown): DeliveryContent =>
  Array.isArray(payload) ? together(payload.map(readOne)) : readOne(payload);
