import { between, EPOCH, readInstant } from '../../domain/clock.js';
import type { Instant } from '../../domain/events.js';
import { isTerminal } from '../../domain/status.js';
import { understood } from '../../domain/words.js';
import { type EventName, type Payload, payloads } from './payload.js';
import { labelsOf, malformedBy, present, type DeliveryContent, type SourceReport } from '../source-report.js';

/** GitHub's status and conclusion words, and deployment states, in the ledger's. */
const STATUSES: ReadonlyMap<string, string> = new Map([
  ...['requested', 'queued', 'pending'].map((word) => [word, 'queued'] as const),
  ['in_progress', 'running'],
  // Held by a rule before it is queued: as `waiting` it would refuse the `queued` that follows.
  ['waiting', 'pending'],
  ['action_required', 'waiting'],
  ...['success', 'neutral', 'skipped'].map((word) => [word, 'succeeded'] as const),
  ...['failure', 'startup_failure', 'error'].map((word) => [word, 'failed'] as const),
  ['timed_out', 'timeout'],
  ['stale', 'timeout'],
  ['cancelled', 'cancelled'],
]);

/** What the four kinds of delivery have in common, before it is put into the ledger's words. */
interface Facts {
  readonly execution_id: string;
  readonly again?: SourceReport['again'] | undefined;
  readonly word: string;
  readonly repository: string;
  readonly name: string | null | undefined;
  readonly branch: string | null | undefined;
  readonly url: string | null | undefined;
  readonly message?: string | null | undefined;
  readonly workflow?: string | null | undefined;
  readonly parent?: string;
  readonly run?: string;
  /** When it was asked for, began and ended, as far as GitHub says. */
  readonly queued?: string | null | undefined;
  readonly started?: string | null | undefined;
  readonly ended?: string | null | undefined;
}

const runId = (id: string, attempt: number | null | undefined) => `github-run-${id}.${attempt ?? 1}`;

/** The state of the thing itself, not the delivery's action: one "completed" was seen that shows a run still queued. */
function wordOf({ status, conclusion }: { status: string; conclusion?: string | null | undefined }): string {
  return status === 'completed' ? (conclusion ?? 'completed without a conclusion') : status;
}

/** GitHub's zero time (the year 1) and anything unreadable count as not said. */
function said(time: string | null | undefined): Instant | undefined {
  const at = time ? readInstant(time) : undefined;
  return at !== undefined && at > EPOCH ? at : undefined;
}

const read: { [Name in EventName]: (payload: Payload<Name>) => Facts | undefined } = {
  workflow_run: ({ workflow_run: run, workflow, repository }) => {
    const execution_id = runId(run.id, run.run_attempt);
    const name = run.name || workflow?.name || workflow?.path || run.path;
    return {
      execution_id,
      word: wordOf(run),
      repository: repository.full_name,
      name,
      branch: run.head_branch,
      url: run.html_url,
      workflow: workflow?.name || name,
      run: execution_id,
      queued: run.created_at,
      started: run.run_started_at,
      ended: run.updated_at,
    };
  },
  workflow_job: ({ workflow_job: job, repository }) => {
    const parent = runId(job.run_id, job.run_attempt);
    return {
      execution_id: `github-job-${job.id}`,
      word: wordOf(job),
      repository: repository.full_name,
      name: job.name,
      branch: job.head_branch,
      url: job.html_url,
      workflow: job.workflow_name,
      parent,
      run: parent,
      queued: job.created_at ?? job.started_at,
      started: job.started_at,
      ended: job.completed_at,
    };
  },
  check_run: ({ check_run: check, repository }) => {
    if (check.app?.slug === 'github-actions') return undefined;
    const execution_id = `github-check-${check.id}`;
    const started_at = said(check.started_at);
    return {
      execution_id,
      again: started_at === undefined ? undefined : { execution_id: `${execution_id}.${check.started_at}`, started_at },
      word: wordOf(check),
      repository: repository.full_name,
      name: check.name,
      branch: check.check_suite?.head_branch,
      url: check.html_url,
      message: check.output?.title,
      queued: check.started_at,
      started: check.started_at,
      ended: check.completed_at,
    };
  },
  deployment_status: ({ deployment, deployment_status: status, workflow_run, repository }) => {
    if (status.state === 'inactive') return undefined;
    const at = status.updated_at ?? status.created_at;
    return {
      execution_id: `github-deployment-${deployment.id}`,
      word: status.state,
      repository: repository.full_name,
      name: status.environment ?? deployment.environment,
      branch: deployment.ref,
      url: status.target_url,
      message: status.description,
      workflow: workflow_run?.name,
      queued: at,
      ended: at,
    };
  },
};

function times({ queued, started, ended }: Facts, status: string | undefined) {
  const [asked, began, over] = [said(queued), said(started), said(ended)];
  if (!isTerminal(status)) return { occurred_at: status === 'running' ? (began ?? asked) : asked };
  const lasted = over !== undefined && began !== undefined && over >= began ? between(began, over) : undefined;
  return { occurred_at: over, completed_at: over, duration_ms: lasted };
}

function reportOf(facts: Facts, deliveryId: string | undefined): SourceReport {
  const status = STATUSES.get(facts.word);
  return {
    execution_id: facts.execution_id,
    status: status ?? facts.word,
    status_reason: facts.word,
    labels: labelsOf({ source: 'github', repository: facts.repository, branch: facts.branch, url: facts.url }),
    ...present({
      again: facts.again,
      target: [facts.repository, facts.name].filter(Boolean).join('/'),
      workflow_id: facts.workflow,
      run_id: facts.run,
      parent_execution_id: facts.parent,
      message: facts.message,
      inferred: facts.word === 'stale' ? (true as const) : undefined,
      event_id: deliveryId,
      ...times(facts, status ?? understood(facts.word)?.status),
    }),
  };
}

/**
 * Reads a GitHub webhook delivery (docs/http-api.md, GitHub). Never throws, whatever the payload is.
 * @param event the header `X-GitHub-Event`
 * @param deliveryId the header `X-GitHub-Delivery`
 * @param payload the parsed JSON body
 */
export function readGitHubDelivery(event: string, deliveryId: string | undefined, payload: unknown): DeliveryContent {
  if (!Object.hasOwn(payloads, event)) return { ignored: event };
  const name = event as EventName;
  const parsed = payloads[name].safeParse(payload);
  if (!parsed.success) return malformedBy(parsed.error);
  const facts = (read[name] as (payload: unknown) => Facts | undefined)(parsed.data);
  return facts ? { reports: [reportOf(facts, deliveryId)] } : { ignored: event };
}
