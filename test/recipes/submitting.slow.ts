import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freshId } from '../support/ledger/handling.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { asking, startAgain, submit, type Ask, type Job } from './submitting.js';

let ledger: TestLedger;
let ask: Ask;
beforeAll(async () => {
  ledger = await startTestLedger();
  ask = asking(ledger.url);
}, 30_000);
afterAll(() => ledger.close(), 30_000);

/** A job that keeps a diary. */
function job(broken: Partial<Job> = {}): Job & { readonly diary: string[] } {
  const diary: string[] = [];
  const id = freshId();
  return {
    id,
    diary,
    stage: async () => (diary.push('staged'), 'here'),
    start: async (reportAs, staged) => void diary.push(`started ${reportAs} from ${staged}`),
    clear: async (staged) => void diary.push(`cleared ${staged}`),
    ...broken,
  };
}
const fails = (what: string) => async (): Promise<never> => {
  throw new Error(what);
};
const show = async ({ id }: Job) => (await ledger.call('GET', `/executions/${id}`)).body;

it('the page shows the code that is tested here', async () => {
  const page = await readFile(new URL('../../docs/recipes/submitting.md', import.meta.url), 'utf8');
  const file = await readFile(new URL('submitting.ts', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${file.trim()}\n\`\`\``);
});

it('registers, stages, dispatches, starts, and leaves what the worker needs', async () => {
  const one = job();
  expect(await submit(ask, one)).toBe('applied');
  expect(one.diary).toEqual(['staged', `started ${one.id}~1 from here`]);
  expect(await show(one)).toMatchObject({ status: 'queued', dispatched: true });
});

it('what cannot be staged is aborted in its phase, and nothing is left to clear', async () => {
  const one = job({ stage: fails('no disk') });
  await expect(submit(ask, one)).rejects.toThrow('no disk');
  expect(one.diary).toEqual([]);
  expect(await show(one)).toMatchObject({
    status: 'failed',
    phase: 'staging',
    authority: 'watchdog',
    error: 'Error: no disk',
  });
});

it('what cannot be started is failed by guess, cleared away, and corrected by a worker that runs after all', async () => {
  const one = job({ start: fails('no runner') });
  await expect(submit(ask, one)).rejects.toThrow('no runner');
  expect(one.diary).toEqual(['staged', 'cleared here']);
  expect(await show(one)).toMatchObject({ status: 'failed', phase: 'execution', authority: 'watchdog' });
  const { body } = await ledger.call('POST', `/executions/${one.id}~1/status`, { status: 'succeeded' });
  expect(body).toMatchObject({ verdict: 'applied', authority: 'worker' });
});

it('where the ledger cannot be asked to dispatch, it is aborted in that phase and cleared away', async () => {
  const one = job();
  const deaf: Ask = (path, body) => (path.endsWith('/dispatch') ? fails('no answer')() : ask(path, body));
  await expect(submit(deaf, one)).rejects.toThrow('no answer');
  expect(one.diary).toEqual(['staged', 'cleared here']);
  expect(await show(one)).toMatchObject({ status: 'failed', phase: 'dispatch', authority: 'watchdog' });
});

it('a cancel before the runner starts stops the runner', async () => {
  const one = job({
    stage: async () => {
      await ledger.call('POST', `/executions/${one.id}/cancel`);
      return 'here';
    },
  });
  expect(await submit(ask, one)).toBe('regression');
  expect(one.diary).toEqual(['cleared here']);
});

it('what is over is not started by registering it again', async () => {
  const one = job();
  await ledger.call('POST', '/workflow/executions/events', { execution_id: one.id, status: 'succeeded' });
  expect(await submit(ask, one)).toBe('regression');
  expect(one.diary).toEqual([]);
});

it('of several who start it again one does; its worker reports with the number, and the last one’s is fenced', async () => {
  const one = job();
  await submit(ask, one);
  await ledger.call('POST', `/executions/${one.id}/status`, { status: 'failed' });
  const verdicts = await Promise.all([1, 2, 3, 4, 5].map((n) => startAgain(ask, one, `again ${n}`)));
  expect(verdicts.sort()).toEqual(['applied', ...Array<string>(4).fill('not_resumable')]);
  expect(one.diary.slice(2)).toEqual(['staged', `started ${one.id}~2 from here`]);
  const late = await ledger.call('POST', `/executions/${one.id}/status`, { status: 'succeeded' });
  expect(late).toMatchObject({ status: 409, body: { verdict: 'fenced', report_as: `${one.id}~2` } });
});

it('a second attempt that cannot be staged is aborted by its number', async () => {
  const one = job();
  await submit(ask, one);
  await ledger.call('POST', `/executions/${one.id}/status`, { status: 'failed' });
  await expect(startAgain(ask, { ...one, stage: fails('no disk') }, 'again')).rejects.toThrow('no disk');
  expect(await show(one)).toMatchObject({ status: 'failed', phase: 'staging', attempt: 2 });
});

it('a submitter that was lost and comes back goes on where it was', async () => {
  const one = job();
  const lost: Ask = async (path, body) => {
    const answer = await ask(path, body);
    return path.endsWith('/dispatch') ? new Promise(() => undefined) : answer; // it was decided, and nobody heard
  };
  void submit(lost, one);
  while ((await show(one)).status !== 'queued') await new Promise((over) => setTimeout(over, 10));
  expect(await submit(ask, one)).toBe('applied');
  expect(one.diary).toEqual(['staged', 'staged', `started ${one.id}~1 from here`]);
});

it('a ledger that cannot be reached is told as that, after a number of tries', async () => {
  await expect(submit(asking('http://127.0.0.1:9', 2), job())).rejects.toThrow(/cannot be asked: no answer/);
});
