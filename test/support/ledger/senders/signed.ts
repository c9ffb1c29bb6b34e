import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { Webhook } from 'standardwebhooks';
import { asTold, freshNumber, replaced, type Sender, type Signing } from './sender.js';

const whsec = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;
const [GITHUB, WEBHOOKS, GITLAB] = [
  'secret of github',
  whsec('of webhooks'),
  whsec('of gitlab, thirty-two bytes long'),
];

/** What a ledger is started with to take what these send. */
export const SECRETS = {
  GITHUB_WEBHOOK_SECRET: GITHUB,
  GITLAB_WEBHOOK_TOKEN: GITLAB,
  WEBHOOK_SECRETS: `any:${WEBHOOKS}`,
};

/** The headers of Standard Webhooks. */
function signed(text: string, id: string, secret: string, { at = new Date() }: Signing) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, text),
  };
}

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as { name: string; examples: object[] }[];
const github = (event: string, changes: object): Record<string, unknown> => {
  const published = structuredClone(examples.find(({ name }) => name === event)!.examples[0]) as Record<string, object>;
  return { ...published, [event]: { ...published[event], ...changes } };
};

const ENDED = '2026-11-21T10:02:00Z';

const ofGitHub: Sender = {
  ...{ name: 'GitHub', path: '/sources/github', taken: 202, proof: 'signature', idAt: 'workflow_run.id' },
  life: () => {
    const [run, job] = [freshNumber(), freshNumber()];
    const ofRun = (status: string, conclusion: string | null = null) =>
      github('workflow_run', { id: run, run_attempt: 1, status, conclusion });
    const ofJob = (status: string, conclusion: string | null = null) =>
      github('workflow_job', {
        id: job,
        run_id: run,
        run_attempt: 1,
        status,
        conclusion,
        completed_at: conclusion && ENDED,
      });
    const [runs, jobs] = [
      asTold([ofRun('queued'), ofRun('in_progress'), ofRun('completed', 'failure')], 'workflow_run'),
      asTold([ofJob('queued'), ofJob('in_progress'), ofJob('completed', 'success')], 'workflow_job'),
    ];
    return { ids: [`github-run-${run}.1`, `github-job-${job}`], told: [...runs, ...jobs] };
  },
  other: ({ payload }) =>
    replaced(replaced(payload, 'workflow_run.status', 'completed'), 'workflow_run.conclusion', 'success'),
  unknown: () => ({ id: randomUUID(), event: 'star', payload: { action: 'created' } }),
  pack: (text, { id, event }, { secret = GITHUB } = {}) => ({
    text,
    headers: {
      ...{ 'x-github-event': event!, 'x-github-delivery': id },
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
    },
  }),
};

const project = { web_url: 'https://gitlab.com/a/b', path_with_namespace: 'a/b' };
const HOOKS = { pipeline: 'Pipeline Hook', build: 'Job Hook' } as const;

const ofGitLab: Sender = {
  ...{ name: 'GitLab', path: '/sources/gitlab', taken: 202, proof: 'fresh signature', idAt: 'object_attributes.id' },
  life: () => {
    const [pipeline, job] = [freshNumber(), freshNumber()];
    const ofPipeline = (status: string, more: object = {}) => ({
      ...{ object_kind: 'pipeline', project },
      object_attributes: { id: pipeline, ref: 'main', created_at: '2026-11-21 10:00:00 UTC', status, ...more },
    });
    const ofJob = (build_status: string, more: object = {}) => ({
      ...{ object_kind: 'build', build_id: job, build_name: 'test', pipeline_id: pipeline, project, build_status },
      ...more,
    });
    const ended = { finished_at: '2026-11-21 10:03:00 UTC', duration: 60 };
    const failed = {
      build_finished_at: '2026-11-21 10:02:00 UTC',
      build_duration: 5,
      build_failure_reason: 'script_failure',
    };
    return {
      ids: [`gitlab-pipeline-${pipeline}`, `gitlab-job-${job}`],
      told: [
        ...asTold([ofPipeline('pending'), ofPipeline('running'), ofPipeline('failed', ended)], HOOKS.pipeline),
        ...asTold([ofJob('created'), ofJob('pending'), ofJob('running'), ofJob('failed', failed)], HOOKS.build),
      ],
    };
  },
  other: ({ payload }) => replaced(payload, 'object_attributes.status', 'success'),
  unknown: () => ({ id: randomUUID(), event: 'Push Hook', payload: { object_kind: 'push' } }),
  pack: (text, { id, event }, signing = {}) => ({
    text,
    headers: {
      'x-gitlab-event': event!,
      'idempotency-key': id,
      ...signed(text, id, signing.secret ?? GITLAB, signing),
    },
  }),
};

/** A sender by Standard Webhooks: of one execution, by the types of its events. */
const byWebhook = (
  name: string,
  prefix: string,
  eventOf: (type: string, id: string) => object,
  types: string[],
): Sender => ({
  ...{ name, path: '/sources/webhooks/any', taken: 202, proof: 'fresh signature', idAt: 'data.id' },
  life: () => {
    const id = randomUUID();
    return { ids: [`${prefix}-${id}`], told: asTold(types.map((type) => eventOf(type, id))) };
  },
  other: ({ payload }) => eventOf(types.at(-1)!, (payload as { data: { id: string } }).data.id),
  unknown: () => ({ id: randomUUID(), payload: { type: 'invoice.paid', data: { id: 'x' } } }),
  pack: (text, { id }, signing = {}) => ({ text, headers: signed(text, id, signing.secret ?? WEBHOOKS, signing) }),
});

const ofOpenAI = (type: string, id: string) => ({ type, created_at: 1_719_168_000, data: { id } });
const ofClaude = (type: string, id: string) => ({
  ...{ type: 'event', created_at: '2026-11-21T11:40:40.745Z', data: { type, id } },
});

/** Those that sign what they send. */
export const SIGNED: readonly Sender[] = [
  ofGitHub,
  ofGitLab,
  byWebhook('OpenAI', 'openai', ofOpenAI, ['response.queued', 'response.in_progress', 'response.failed']),
  byWebhook('Claude', 'claude', ofClaude, ['session.pending', 'session.running', 'session.status_terminated']),
];
