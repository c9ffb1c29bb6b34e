import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { usingLedger } from '../support/ledger/ledger.js';
import { freePort } from '../support/store/server.js';
import { blocksOf } from '../support/docs/story.js';

const ledger = usingLedger();
let home: string;
/** The blocks of a recipe in its language. */
const blocks = async (page: string, language: string): Promise<string[]> =>
  (await blocksOf(`docs/recipes/${page}.md`)).filter((block) => block.language === language).map(({ text }) => text);
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'recipes-'));
  await writeFile(path.join(home, 'ledger.py'), (await blocks('python', 'python'))[0]!);
  await writeFile(path.join(home, 'ledger.sh'), (await blocks('bash', 'bash'))[0]!);
  await writeFile(path.join(home, 'ledger_callbacks.py'), (await blocks('airflow', 'python'))[0]!);
});
afterAll(() => rm(home, { recursive: true }));

/** What a program came to, and what it said. */
const run = (program: string, args: readonly string[], env: Record<string, string> = {}) =>
  new Promise<{ readonly code: unknown; readonly out: string; readonly err: string }>((resolve) => {
    const whole = { ...process.env, LEDGER_URL: ledger.url, LEDGER_BEAT: '0.1', TZ: 'UTC', ...env };
    const done = (error: { code?: unknown } | null, out: string, err: string): void =>
      resolve({ code: error ? error.code : 0, out, err });
    execFile(program, [...args], { cwd: home, env: whole, timeout: 18_000 }, done);
  });
const python = (text: string, env?: Record<string, string>) => run('python3', ['-c', text], env);
/** A shell that nobody logs in to: bash takes a socket at its stdin for that, and reads what the machine has for people. */
const SHELL = ['--norc', '-euc'];
const bash = (text: string, env?: Record<string, string>) => run('bash', [...SHELL, `. ./ledger.sh\n${text}`], env);
const shown = async (id: string) => (await ledger.call('GET', `/executions/${id}`)).body;
/** Cancels an execution once it is running. */
async function cancel(id: string): Promise<void> {
  while ((await shown(id)).status !== 'running') await new Promise((resolve) => setTimeout(resolve, 20));
  await ledger.call('POST', `/executions/${id}/cancel`, {});
}
const nobody = async (): Promise<Record<string, string>> => ({ LEDGER_URL: `http://127.0.0.1:${await freePort()}` });
const having = (program: string) => (spawnSync(program, ['--version']).status === 0 ? describe : describe.skip);

having('python3')('the recipe in Python', () => {
  it('reports what the block does', async () => {
    expect(await python((await blocks('python', 'python'))[1]!)).toEqual({ code: 0, out: '', err: '' });
    expect(await shown('etl-2026-11-29')).toMatchObject({
      status: 'succeeded',
      workflow_id: 'nightly',
      result: { rows: 45 },
    });
  });

  it('reports what it raises, and raises it on', async () => {
    const { code, err } = await python(
      'import ledger\nwith ledger.execution("py-broken", "t"):\n  raise OSError("no disk")',
    );
    expect([code, err]).toEqual([1, expect.stringContaining('OSError: no disk')]);
    expect(await shown('py-broken')).toMatchObject({ status: 'failed', error: 'OSError: no disk' });
  });

  it('is told that somebody cancelled it', async () => {
    const text =
      'import ledger\nwith ledger.execution("py-long", "t", beat=0.1) as run:\n  print(run.stopped.wait(15))';
    const [{ out }] = await Promise.all([python(text), cancel('py-long')]);
    expect(out).toBe('True\n');
  });

  it('works without the ledger, and says that it could not report', async () => {
    const text =
      'import ledger, time\ntime.sleep = lambda _: None\nwith ledger.execution("py-down", "t"):\n  print("worked")';
    const { code, out, err } = await python(text, await nobody());
    expect([code, out]).toEqual([0, 'worked\n']);
    expect(err.match(/^ledger: /gm)).toHaveLength(2);
  });
});

having('curl')('the recipe in bash', () => {
  it('reports what the command came to, and ends as it ends', async () => {
    const example = (await blocks('bash', 'bash'))[1]!;
    expect(await run('bash', [...SHELL, example])).toMatchObject({ code: 0, err: '' });
    expect(await shown(`backup-${new Date().toISOString().slice(0, 10)}`)).toMatchObject({ status: 'succeeded' });
    expect(await bash('ledger_run sh-broken t bash -c "exit 7"')).toMatchObject({ code: 7 });
    expect(await shown('sh-broken')).toMatchObject({ status: 'failed', error: 't ended with 7', error_status_code: 7 });
  });

  it('hands stdin, stdout and stderr through', async () => {
    const { out, err } = await bash('echo told | ledger_run sh-through t bash -c "cat; echo said >&2"');
    expect([out, err]).toEqual(['told\n', 'said\n']);
  });

  it('ends the command when somebody cancels it', async () => {
    const [{ code }] = await Promise.all([bash('ledger_run sh-long t sleep 15'), cancel('sh-long')]);
    expect(code).toBe(143);
    expect(await shown('sh-long')).toMatchObject({ status: 'cancelled' });
  });

  it('works without the ledger, and says that it could not report', async () => {
    const quick = 'curl() { command curl --retry-delay 1 --retry-max-time 1 "$@"; }\n';
    const { code, out, err } = await bash(`${quick}ledger_run sh-down t echo worked`, await nobody());
    expect([code, out]).toEqual([0, 'worked\n']);
    expect(err.match(/^ledger: /gm)).toHaveLength(2);
  });
});

having('python3')('the callbacks for Airflow', () => {
  it('report the tries of a task as the attempts of its execution', async () => {
    const text = `
from types import SimpleNamespace
from ledger_callbacks import LEDGER

def call(name, number, **more):
    ti = SimpleNamespace(dag_id="etl", run_id="manual__2026-11-29T00:00:00+00:00", task_id="load", map_index=-1, try_number=number)
    print(LEDGER[name]({"ti": ti, **more})["verdict"])

call("on_execute_callback", 1)
call("on_retry_callback", 1, exception=OSError("no disk"))
call("on_execute_callback", 2)
call("on_success_callback", 2)
call("on_failure_callback", 1, exception=OSError("late"))
`;
    expect(await python(text)).toEqual({ code: 0, out: 'applied\napplied\napplied\napplied\nfenced\n', err: '' });
    const id = encodeURIComponent('airflow-etl-manual__2026-11-29T00:00:00+00:00-load.-1');
    expect(await shown(id)).toMatchObject({ status: 'succeeded', attempt: 2, target: 'etl.load', workflow_id: 'etl' });
  });

  it('go on after a try that was killed', async () => {
    const text = `
from types import SimpleNamespace
from ledger_callbacks import LEDGER

def start(number):
    ti = SimpleNamespace(dag_id="etl", run_id="r", task_id="killed", map_index=-1, try_number=number)
    print(LEDGER["on_execute_callback"]({"ti": ti})["verdict"])

start(1)
start(2)
`;
    expect(await python(text)).toEqual({ code: 0, out: 'applied\napplied\n', err: '' });
    expect(await shown('airflow-etl-r-killed.-1')).toMatchObject({ status: 'running', attempt: 2 });
  });

  it('name a task by an id that the ledger takes, however long its names are', async () => {
    const text = `
from types import SimpleNamespace
from ledger_callbacks import execution_id
print(execution_id(SimpleNamespace(dag_id="d" * 200, run_id="r" * 100, task_id="t", map_index=3)))
`;
    expect((await python(text)).out).toMatch(/^airflow-[0-9a-f-]{36}\n$/);
  });
});
