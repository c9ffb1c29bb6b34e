import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { isSignedByGitHub } from '../../src/sources/github/signature.js';
import { readGitHubDelivery } from '../../src/sources/github/github.js';

interface Example {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}
const events = createRequire(import.meta.url)('@octokit/webhooks-examples') as Example[];
const examplesOf = (name: string) => events.find((event) => event.name === name)!.examples;

/** Of every example of an event: id, status and the original word, or `ignored`. */
const outline = (event: string) =>
  examplesOf(event).map((payload) => {
    const reading = readGitHubDelivery(event, 'd', payload);
    if (!('reports' in reading)) return reading;
    return reading.reports.map((one) => [one.execution_id, one.status, one.status_reason].join(' ')).join();
  });

const reportOf = (event: string, payload: unknown, delivery?: string) => {
  const reading = readGitHubDelivery(event, delivery, payload);
  if (!('reports' in reading)) throw new Error(JSON.stringify(reading));
  expect(reading.reports).toHaveLength(1);
  return reading.reports[0]!;
};

const job = (over: Record<string, unknown>) => ({
  repository: { full_name: 'o/r' },
  workflow_job: { id: 7, run_id: 8, run_attempt: 2, name: 'build', status: 'completed', ...over },
});

describe('GitHub deliveries', () => {
  it('reads the published examples of workflow_run by the state of the run', () => {
    expect(outline('workflow_run')).toEqual([
      'github-run-1589141559.1 queued queued',
      'github-run-289782451.1 succeeded success',
      'github-run-289782451.1 succeeded success',
      'github-run-289782451.1 queued queued',
      'github-run-289782451.1 waiting action_required',
    ]);
  });

  it('reads the published examples of workflow_job', () => {
    expect(outline('workflow_job')).toEqual([
      'github-job-2832853555 running in_progress',
      'github-job-289782451 failed failure',
      'github-job-289782451 succeeded success',
      'github-job-289782451 running in_progress',
      'github-job-14541957942 running in_progress',
      'github-job-289782451 queued queued',
      'github-job-12877621891 pending waiting',
      'github-job-12877621891 pending waiting',
    ]);
  });

  it('reads the published examples of check_run and ignores those of GitHub Actions, which are the jobs again', () => {
    expect(outline('check_run')).toEqual([
      'github-check-128620228 queued queued',
      { ignored: 'check_run' },
      'github-check-128620228 succeeded success',
      'github-check-128620228 succeeded success',
      'github-check-128620228 queued queued',
      'github-check-128620228 queued queued',
      'github-check-1494503112 running in_progress',
      'github-check-4 succeeded neutral',
      'github-check-4 succeeded neutral',
    ]);
  });

  it('reads the published examples of deployment_status under the deployment', () => {
    expect(outline('deployment_status')).toEqual([
      'github-deployment-145988746 succeeded success',
      'github-deployment-145988746 running in_progress',
      'github-deployment-145988746 succeeded success',
      'github-deployment-145988746 succeeded success',
    ]);
  });

  it('ignores every other published example by the name of its event, and throws at none', () => {
    const used = ['workflow_run', 'workflow_job', 'check_run', 'deployment_status'];
    const others = events.filter(({ name }) => !used.includes(name));
    expect(others.length).toBeGreaterThan(50);
    for (const { name, examples } of others)
      for (const payload of examples) expect(readGitHubDelivery(name, 'd', payload)).toEqual({ ignored: name });
  });

  it('makes a whole report of a finished job: its run as parent, GitHub’s times, the delivery as event id', () => {
    expect(reportOf('workflow_job', examplesOf('workflow_job')[1], '72d3162e-cc78-11e3-81ab-4c9367dc0958')).toEqual({
      execution_id: 'github-job-289782451',
      status: 'failed',
      status_reason: 'failure',
      target: 'Codertocat/Hello-World/linters',
      workflow_id: 'CodeQL',
      run_id: 'github-run-2202229078.1',
      parent_execution_id: 'github-run-2202229078.1',
      labels: {
        source: 'github',
        repository: 'Codertocat/Hello-World',
        branch: 'main',
        url: 'https://github.com/octo-org/octo-repo/runs/1291536064',
      },
      occurred_at: '2021-08-05T10:38:16.000Z',
      completed_at: '2021-08-05T10:38:16.000Z',
      duration_ms: 198_000,
      event_id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    });
  });

  it('makes a whole report of a queued run', () => {
    expect(reportOf('workflow_run', examplesOf('workflow_run')[0])).toEqual({
      execution_id: 'github-run-1589141559.1',
      status: 'queued',
      status_reason: 'queued',
      target: 'Codertocat/Hello-World/Manually triggered workflow',
      workflow_id: 'Manually triggered workflow',
      run_id: 'github-run-1589141559.1',
      labels: {
        source: 'github',
        repository: 'Codertocat/Hello-World',
        branch: 'main',
        url: 'https://github.com/octo-org/octo-repo/actions/runs/1589141559',
      },
      occurred_at: '2021-12-16T19:37:22.000Z',
    });
  });

  it('makes a whole report of a deployment', () => {
    expect(reportOf('deployment_status', examplesOf('deployment_status')[0])).toEqual({
      execution_id: 'github-deployment-145988746',
      status: 'succeeded',
      status_reason: 'success',
      target: 'Codertocat/Hello-World/production',
      labels: { source: 'github', repository: 'Codertocat/Hello-World', branch: 'master' },
      occurred_at: '2019-05-15T15:20:55.000Z',
      completed_at: '2019-05-15T15:20:55.000Z',
    });
  });

  it.each([
    ['success', 'succeeded', undefined],
    ['neutral', 'succeeded', undefined],
    ['skipped', 'succeeded', undefined],
    ['failure', 'failed', undefined],
    ['startup_failure', 'failed', undefined],
    ['timed_out', 'timeout', undefined],
    ['cancelled', 'cancelled', undefined],
    ['action_required', 'waiting', undefined],
    ['stale', 'timeout', true],
  ])('reads the conclusion %s as %s', (conclusion, status, inferred) => {
    expect(reportOf('workflow_job', job({ conclusion }))).toMatchObject({ status, status_reason: conclusion });
    expect(reportOf('workflow_job', job({ conclusion })).inferred).toBe(inferred);
  });

  it.each([
    ['requested', 'queued'],
    ['queued', 'queued'],
    ['pending', 'queued'],
    ['in_progress', 'running'],
    ['waiting', 'pending'],
  ])('reads the status %s as %s', (word, status) => {
    expect(reportOf('workflow_job', job({ status: word }))).toMatchObject({ status, status_reason: word });
  });

  it.each([
    ['queued', 'queued'],
    ['pending', 'queued'],
    ['in_progress', 'running'],
    ['waiting', 'pending'],
    ['success', 'succeeded'],
    ['failure', 'failed'],
    ['error', 'failed'],
  ])('reads the deployment state %s as %s', (state, status) => {
    const payload = { repository: { full_name: 'o/r' }, deployment: { id: 1 }, deployment_status: { state } };
    expect(reportOf('deployment_status', payload)).toMatchObject({ status, status_reason: state });
  });

  it('ignores an inactive deployment: that it was replaced is not its outcome', () => {
    const payload = {
      repository: { full_name: 'o/r' },
      deployment: { id: 1 },
      deployment_status: { state: 'inactive' },
    };
    expect(readGitHubDelivery('deployment_status', 'd', payload)).toEqual({ ignored: 'deployment_status' });
  });

  it('passes on words it does not know, so that they are kept as unsupported', () => {
    expect(reportOf('workflow_job', job({ conclusion: 'exploded' })).status).toBe('exploded');
    expect(reportOf('workflow_job', job({ status: 'dreaming' })).status).toBe('dreaming');
    expect(reportOf('workflow_job', job({ conclusion: null })).status).toBe('completed without a conclusion');
  });

  it('keeps the attempts of a run apart, and takes the first where none is named', () => {
    expect(reportOf('workflow_job', job({})).parent_execution_id).toBe('github-run-8.2');
    expect(reportOf('workflow_job', job({ run_attempt: undefined })).parent_execution_id).toBe('github-run-8.1');
  });

  it('takes the zero time, and an end before the start, for not said', () => {
    const skipped = reportOf(
      'workflow_job',
      job({ conclusion: 'skipped', started_at: '2026-01-01T00:00:05Z', completed_at: '2026-01-01T00:00:03Z' }),
    );
    expect(skipped.completed_at).toBe('2026-01-01T00:00:03.000Z');
    expect(skipped).not.toHaveProperty('duration_ms');
    const never = reportOf('workflow_job', job({ conclusion: 'skipped', completed_at: '0001-01-01T00:00:00Z' }));
    expect(never).not.toHaveProperty('completed_at');
    expect(reportOf('workflow_job', job({ completed_at: 'yesterday' }))).not.toHaveProperty('completed_at');
  });

  it.each([
    undefined,
    null,
    [],
    'x',
    7,
    {},
    { repository: {} },
    { workflow_job: {} },
    job({ id: {} }),
    job({ run_id: null }),
  ])('says what is wrong with a job that is none: %j', (payload) => {
    expect(readGitHubDelivery('workflow_job', 'd', payload)).toEqual({ malformed: expect.any(String) });
  });

  it('does not take a property every object has for an event', () => {
    expect(readGitHubDelivery('constructor', 'd', {})).toEqual({ ignored: 'constructor' });
  });
});

describe('the signature of a delivery', () => {
  const body = Buffer.from('Hello, World!');
  // The example of GitHub's documentation on validating deliveries.
  const secret = "It's a Secret to Everybody";
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

  it('is accepted when made from these bytes with this secret', () => {
    expect(isSignedByGitHub(secret, body, signature)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'sha256=',
    signature.toUpperCase(),
    signature.slice(7),
    `${signature}0`,
    signature.replace('757', '758'),
    `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
  ])('is refused otherwise: %j', (wrong) => {
    expect(isSignedByGitHub(secret, body, wrong)).toBe(false);
    expect(isSignedByGitHub('another', body, signature)).toBe(false);
    expect(isSignedByGitHub(secret, Buffer.from('Hello, World! '), signature)).toBe(false);
  });
});
