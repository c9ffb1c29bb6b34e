import { stringifyJson } from '../../encoding/json.js';
import { readInstant } from '../../domain/clock.js';
import type { Instant } from '../../domain/events.js';
import { isTerminal } from '../../domain/status.js';
import type { z } from 'zod';
import { labelsOf, malformedBy, present, type DeliveryContent, type SourceReport } from '../source-report.js';
import { type EventName, payloads } from './payload.js';

/** GitLab's words of pipelines and jobs in the ledger's. */
const STATUSES: ReadonlyMap<string, string> = new Map([
  ['created', 'pending'],
  ...['pending', 'preparing', 'waiting_for_resource'].map((word) => [word, 'queued'] as const),
  ['running', 'running'],
  ...['manual', 'scheduled'].map((word) => [word, 'waiting'] as const),
  ...['success', 'skipped'].map((word) => [word, 'succeeded'] as const),
  ['failed', 'failed'],
  ...['canceled', 'canceling'].map((word) => [word, 'cancelled'] as const),
]);
/** What one that failed was, by `failure_reason`; any other failed. GitLab infers that a job is stuck: its runner said nothing. */
const FAILURES: ReadonlyMap<string | undefined, { readonly status: string; readonly inferred?: true }> = new Map([
  ['job_execution_timeout', { status: 'timeout' }],
  ['stuck_or_timeout_failure', { status: 'timeout', inferred: true }],
]);

/** The instance whose ids need no name. */
const GITLAB_COM = 'gitlab.com';

/** What pipelines and jobs have in common, before it is put into the ledger's words. */
interface Facts {
  readonly kind: 'pipeline' | 'job';
  readonly id: string;
  readonly word: string;
  readonly reason?: string | null | undefined;
  readonly project: { readonly web_url: string; readonly path_with_namespace?: string | null | undefined };
  readonly name: string | null | undefined;
  readonly workflow?: string | null | undefined;
  /** The id of the pipeline that it is part of. */
  readonly parent?: string | undefined;
  readonly labels: Readonly<Record<string, string | null | undefined>>;
  readonly created: string | null | undefined;
  readonly started?: string | null | undefined;
  readonly finished: string | null | undefined;
  readonly seconds: number | null | undefined;
}

const read: { [Name in EventName]: (payload: z.infer<(typeof payloads)[Name]>) => Facts } = {
  'Pipeline Hook': ({ object_attributes: pipeline, project, source_pipeline: source }) => ({
    kind: 'pipeline',
    id: pipeline.id,
    word: pipeline.status,
    project,
    name: pipeline.name || pipeline.ref,
    workflow: pipeline.name,
    parent: source?.pipeline_id,
    labels: { ref: pipeline.ref, trigger: pipeline.source, url: pipeline.url },
    created: pipeline.created_at,
    finished: pipeline.finished_at,
    seconds: pipeline.duration,
  }),
  'Job Hook': (job) => ({
    kind: 'job',
    id: job.build_id,
    word: job.build_status,
    reason: job.build_failure_reason,
    project: job.project ?? { web_url: job.repository!.homepage },
    name: job.build_name,
    parent: job.pipeline_id,
    labels: {
      ref: job.ref,
      stage: job.build_stage,
      runner: job.runner?.description,
      environment: job.environment?.name,
    },
    created: job.build_created_at,
    started: job.build_started_at,
    finished: job.build_finished_at,
    seconds: job.build_duration,
  }),
};

const OF_RUBY = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/;

/** A moment as GitLab writes it: `2016-08-12 15:23:28 UTC`, or ISO 8601 in newer versions. */
function said(time: string | null | undefined): Instant | undefined {
  const [, date, clock, zone] = OF_RUBY.exec(time ?? '') ?? [];
  return readInstant(date === undefined ? (time ?? '') : `${date}T${clock}${zone === 'UTC' ? 'Z' : zone}`);
}

function times({ created, started, finished, seconds }: Facts, status: string | undefined) {
  if (status === 'running') return { occurred_at: said(started) };
  if (!isTerminal(status)) return { occurred_at: status === 'pending' ? said(created) : undefined };
  const duration_ms = typeof seconds === 'number' ? Math.round(seconds * 1_000) : undefined;
  return { occurred_at: said(finished), completed_at: said(finished), duration_ms };
}

function reportOf(facts: Facts, by: Pick<SourceReport, 'event_id' | 'same_by'>): SourceReport {
  const { kind, id, word, project, parent } = facts;
  const { host, pathname } = new URL(project.web_url);
  const idOf = (of: Facts['kind'], number: string): string =>
    ['gitlab', ...(host === GITLAB_COM ? [] : [host]), of, number].join('-');
  const reason = (word === 'failed' && facts.reason) || undefined;
  const { status = STATUSES.get(word), inferred } = FAILURES.get(reason) ?? {};
  const path = project.path_with_namespace || pathname.slice(1);
  return {
    execution_id: idOf(kind, id),
    status: status ?? word,
    status_reason: reason ?? word,
    labels: labelsOf({ source: 'gitlab', project: path, ...facts.labels }),
    ...by,
    ...present({
      target: [path, facts.name].filter(Boolean).join('/'),
      workflow_id: facts.workflow,
      run_id: idOf('pipeline', parent ?? id),
      parent_execution_id: parent && idOf('pipeline', parent),
      error: reason,
      inferred,
      ...times(facts, status),
    }),
  };
}

/**
 * Reads a delivery of GitLab's webhooks. Never throws, whatever the payload is.
 * @param event the header `X-Gitlab-Event`
 * @param delivery the header `Idempotency-Key`, which older versions lack
 * @param payload the parsed JSON body
 */
export function readGitLabDelivery(event: string, delivery: string | undefined, payload: unknown): DeliveryContent {
  if (!Object.hasOwn(payloads, event)) return { ignored: event };
  const name = event as EventName;
  const parsed = payloads[name].safeParse(payload);
  if (!parsed.success) return malformedBy(parsed.error);
  const facts = (read[name] as (payload: unknown) => Facts)(parsed.data);
  const by = delivery ? { event_id: delivery } : { same_by: ['gitlab', event, stringifyJson(payload)] };
  return { reports: [reportOf(facts, by)] };
}
