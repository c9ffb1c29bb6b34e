import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';
import { usingLedger } from '../support/ledger/ledger.js';
import { blocksOf } from '../support/docs/story.js';

const ledger = usingLedger();
let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'schedulers-'));
});
afterAll(() => rm(home, { recursive: true }));

const block = async (page: string, language: string): Promise<string> =>
  (await blocksOf(`docs/recipes/${page}.md`)).find((one) => one.language === language)!.text;
const run = (program: string, args: readonly string[], env: Record<string, string>) =>
  new Promise<{ readonly code: unknown; readonly out: string; readonly err: string }>((resolve) =>
    execFile(program, args, { cwd: home, env: { PATH: process.env['PATH'], ...env } }, (error, out, err) =>
      resolve({ code: error ? error.code : 0, out, err }),
    ),
  );
const shown = async (id: string) => (await ledger.call('GET', `/executions/${id}`)).body;
const having = (program: string) => (spawnSync(program, ['--version']).status === 0 ? describe : describe.skip);

it.each([
  ['airflow', 'python'],
  ['celery', 'python'],
  ['kubernetes-jobs', 'yaml'],
])('%s: what is to be pasted has at most thirty lines', async (page, language) => {
  expect((await block(page, language)).trim().split('\n').length).toBeLessThanOrEqual(30);
});

/** The signals that the recipe connects to, and what Celery hands to their receivers. */
const CELERY = `
class Signal:
    def __init__(self):
        self.receivers = []

    def connect(self, receiver):
        self.receivers.append(receiver)
        return receiver

    def send(self, sender, **named):
        return [receiver(signal=self, sender=sender, **named)["verdict"] for receiver in self.receivers]

task_prerun, task_success, task_retry, task_failure, task_revoked = (Signal() for _ in range(5))
`;

having('python3')('the receivers for Celery', () => {
  beforeAll(async () => {
    await mkdir(path.join(home, 'celery'));
    await writeFile(path.join(home, 'celery', '__init__.py'), '');
    await writeFile(path.join(home, 'celery', 'signals.py'), CELERY);
    await writeFile(path.join(home, 'ledger.py'), await block('python', 'python'));
    await writeFile(path.join(home, 'ledger_signals.py'), await block('celery', 'python'));
  });
  const python = (text: string) =>
    run('python3', ['-c', `${PRELUDE}${text}`], { LEDGER_URL: ledger.url, PYTHONDONTWRITEBYTECODE: 'yes' });
  const PRELUDE = `
from types import SimpleNamespace
from celery.signals import *
import celery.signals as signals
import ledger_signals

def request(task_id, retries):
    return SimpleNamespace(id=task_id, retries=retries, root_id="celery-root", parent_id="celery-root")

def task(task_id, retries=0):
    return SimpleNamespace(name="shop.load", request=request(task_id, retries))

def prerun(one, task_id):
    return signals.task_prerun.send(one, task_id=task_id, task=one, args=(), kwargs={})

no_disk = OSError("no disk")
`;

  it('report the retries of a task as the attempts of its execution', async () => {
    const { code, out, err } = await python(`
first, second = task("celery-1"), task("celery-1", 1)
print(prerun(first, "celery-1"), prerun(first, "celery-1"))
print(signals.task_retry.send(first, request=first.request, reason=SimpleNamespace(exc=no_disk), einfo=None))
print(prerun(second, "celery-1"), signals.task_success.send(second, result=7))
print(signals.task_failure.send(first, task_id="celery-1", exception=no_disk, args=(), kwargs={}, traceback=None, einfo=None))
`);
    const said = [`['applied'] ['duplicate']`, `['applied']`, `['applied'] ['applied']`, `['fenced']`];
    expect({ code, out, err }).toEqual({ code: 0, out: `${said.join('\n')}\n`, err: '' });
    const whose = { target: 'shop.load', run_id: 'celery-root', parent_execution_id: 'celery-root' };
    expect(await shown('celery-1')).toMatchObject({ status: 'succeeded', attempt: 2, ...whose });
    const { events } = (await ledger.call('GET', '/executions/celery-1/events')).body;
    expect(events.find(({ type }: { type: string }) => type === 'ExecutionFailed').data.error).toBe(
      "OSError('no disk')",
    );
  });

  it('report a task that fails for good, a worker that is lost and a task that is revoked', async () => {
    const { out, err } = await python(`
fails, lost, late = task("celery-2"), task(None), task("celery-4", 1)
prerun(fails, "celery-2")
failure = dict(args=(), kwargs={}, traceback=None, einfo=None)
signals.task_failure.send(fails, task_id="celery-2", exception=no_disk, **failure)
prerun(task("celery-3"), "celery-3")
signals.task_failure.send(lost, task_id="celery-3", exception=RuntimeError("worker lost"), **failure)
signals.task_revoked.send(late, request=request("celery-4", 0), terminated=False, signum=None, expired=False)
`);
    expect([out, err]).toEqual(['', '']);
    expect(await shown('celery-2')).toMatchObject({ status: 'failed', attempt: 1, error: "OSError('no disk')" });
    expect(await shown('celery-3')).toMatchObject({ status: 'failed', attempt: 1 });
    expect(await shown('celery-4')).toMatchObject({ status: 'cancelled' });
  });
});

interface Job {
  readonly spec: {
    readonly completionMode: string;
    readonly backoffLimitPerIndex: number;
    readonly template: { spec: { restartPolicy: string; containers: [JobContainer] } };
  };
}
interface JobContainer {
  readonly command: string[];
  readonly args: [string];
  readonly env: { name: string; value?: string; valueFrom?: { fieldRef?: { fieldPath: string } } }[];
}

having('curl')('the Kubernetes Job', () => {
  let job: Job['spec'];
  let container: JobContainer;
  beforeAll(async () => {
    job = (load(await block('kubernetes-jobs', 'yaml')) as Job).spec;
    [container] = job.template.spec.containers;
  });
  /** What a Pod does, after so many that failed; `how` stands where one's own command is put. */
  const pod = (ID: string, failed: number, how: string) => {
    const [shell, ...options] = container.command;
    const script = container.args[0].replace('your-command', () => how);
    return run(shell!, [...options, script], { LEDGER: ledger.url, LEDGER_API_KEY: '', ID, FAILED: String(failed) });
  };

  it('has Kubernetes count the Pods that failed, and sets every variable that its script reads', () => {
    expect(job).toMatchObject({ completionMode: 'Indexed', template: { spec: { restartPolicy: 'Never' } } });
    expect(job.backoffLimitPerIndex).toBeGreaterThan(0);
    const named = [...container.args[0].matchAll(/\$([A-Z_]{2,})/g)].map(([, name]) => name);
    expect([...new Set(named), 'FAILED'].toSorted()).toEqual(
      expect.arrayContaining(container.env.map(({ name }) => name).toSorted()),
    );
    const fields = container.env.flatMap(({ valueFrom }) => valueFrom?.fieldRef?.fieldPath ?? []);
    expect(fields).toEqual([
      "metadata.labels['batch.kubernetes.io/controller-uid']",
      "metadata.annotations['batch.kubernetes.io/job-index-failure-count']",
    ]);
  });

  it('reports each Pod as an attempt, and ends as the command ends', async () => {
    expect(await pod('job-1', 0, 'sh -c "exit 3"')).toEqual({ code: 3, out: '', err: '' });
    expect(await shown('job-1')).toMatchObject({ status: 'failed', attempt: 1, message: 'exit status 3' });
    expect(await pod('job-1', 1, 'true')).toEqual({ code: 0, out: '', err: '' });
    expect(await shown('job-1')).toMatchObject({ status: 'succeeded', authority: 'worker', attempt: 2 });
  });

  it('goes on after Pods that were killed, whether or not they had told anything', async () => {
    await pod('job-2', 0, 'kill -9 $$');
    expect(await shown('job-2')).toMatchObject({ status: 'running', attempt: 1 });
    await pod('job-2', 1, 'true');
    expect(await shown('job-2')).toMatchObject({ status: 'succeeded', attempt: 2 });
    await pod('job-3', 2, 'true');
    expect(await shown('job-3')).toMatchObject({ status: 'succeeded', attempt: 3 });
  });

  it('lets a success stand, though its Pod was counted as failed', async () => {
    await pod('job-4', 0, 'true');
    expect(await pod('job-4', 1, 'true')).toMatchObject({ code: 0 });
    expect(await shown('job-4')).toMatchObject({ status: 'succeeded', attempt: 1 });
  });
});
