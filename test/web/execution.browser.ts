import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { complaints } from './support/axe.js';
import { LOOKS, PHONE } from './support/browser.js';
import { longestTask, LONGEST_FRAME_MS } from './support/frames.js';
import { overflow, signIn } from './support/page.js';
import { describeSite, type Site } from './support/site.js';

const ID = 'embed-9f31bb';
/** Text of producers as they should not be. */
const HOSTILE = `<script>document.title='pwned'</script><img src=x onerror="document.title='pwned'">\u202egpj.exe 😀`;

/** An execution that failed, was resumed, and succeeded against a worker of before. */
async function tellStory({ call }: Site): Promise<void> {
  await call('POST', '/executions', {
    execution_id: ID,
    workflow_id: 'nightly-embeddings',
    target: 'embed.batch',
    labels: { team: 'search' },
    input: { batch: 17, urls: Array.from({ length: 300 }, (_, at) => `https://example.test/${at}`) },
  });
  const status = (as: string, word: string, more = {}) =>
    call('POST', `/executions/${as}/status`, { status: word, worker: 'w-03', ...more });
  await status(ID, 'running');
  for (const progress of [4, 30, 61]) await status(ID, 'running', { progress });
  await status(ID, 'failed', { error: 'RateLimitError: 429' });
  await call(
    'POST',
    `/executions/${ID}/resume`,
    { reason: 'quota raised', new_attempt: true },
    { 'x-actor-id': 'ops' },
  );
  await status(`${ID}~2`, 'running', { worker: 'w-11' });
  await status(`${ID}~1`, 'running');
  await status(`${ID}~2`, 'succeeded', { worker: 'w-11', result: { vectors: 1024 } });
  await call('POST', '/workflow/executions/events', {
    execution_id: 'child-1',
    parent_execution_id: ID,
    target: 'embed.batch',
    status: 'succeeded',
  });
}

const fact = (page: Page, name: string) =>
  page.locator('.fact', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd');

describeSite('an execution', (site) => {
  beforeAll(() => tellStory(site));

  it.each(LOOKS)(
    'is told in a sentence, its history with what was refused; axe finds nothing ($look)',
    async (look) => {
      const page = await site.open(`/executions/${ID}`, look);
      const verdict = page.locator('.execution-verdict');
      await verdict.getByText('Succeeded by w-11').waitFor();
      expect(await verdict.innerText()).toMatch(/after ops \(operator\) resumed it when it was failed\. It is final\./);
      expect(await verdict.innerText()).toMatch(/1 report was refused and changed nothing\.$/);
      const history = page.getByRole('region', { name: 'What happened' });
      await history.getByText('3 reports of progress, 4 % to 61 %').waitFor();
      await history.getByText('It lost against running of attempt 2').waitFor();
      expect(await history.locator('li').count()).toBe(8);
      await page.getByRole('region', { name: 'Result, its value' }).getByText('1024').waitFor();
      await page.getByRole('link', { name: 'child-1' }).first().waitFor();
      expect(await complaints(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    },
  );

  it('shows every figure as the API has it', async () => {
    const page = await site.open(`/executions/${ID}`);
    const { body } = await site.call('GET', `/executions/${ID}`);
    await page.getByText(`revision ${body.revision} of ${body.revision} · now`).waitFor();
    for (const [name, value] of [
      ['workflow', body.workflow_id],
      ['run', body.run_id],
      ['target', body.target],
      ['labels', 'team=search'],
      ['worker', body.worker],
      ['reports as', body.report_as],
      ['told by', body.authority],
      ['revision', String(body.revision)],
    ])
      expect([name, await fact(page, name).innerText()]).toEqual([name, value]);
    const completed = fact(page, 'completed').locator('time');
    expect(await completed.getAttribute('datetime')).toBe(body.completed_at);
    expect(await completed.innerText()).toMatch(/\d{4}, \d\d:\d\d:\d\d (?:CET|GMT\+1)$/);
    await page.getByRole('button', { name: 'Time zone' }).click();
    expect(await completed.innerText()).toMatch(/UTC$/);
  });

  it('is shown as it was: by the slider, the arrow keys and the address, and compared', async () => {
    const page = await site.open(`/executions/${ID}`);
    const { body } = await site.call('GET', `/executions/${ID}`);
    await page.getByText(/· now$/).waitFor();
    for (let back = 1; back <= 3; back++) {
      await page.keyboard.press('ArrowLeft');
      await page.getByText(`As it was at revision ${body.revision - back}`).waitFor();
    }
    expect(new URL(page.url()).searchParams.get('revision')).toBe(String(body.revision - 3));
    await page.reload();
    const then = (await site.call('GET', `/executions/${ID}/state?at_revision=${body.revision - 3}`)).body;
    await page.getByRole('heading', { name: `Facts at revision ${then.revision}` }).waitFor();
    await page.locator('h1 + .status', { hasText: then.status }).waitFor();
    await page.getByRole('link', { name: 'compare with now' }).click();
    const row = page.getByRole('region', { name: 'Compared' }).getByRole('row', { name: /^status / });
    expect((await row.innerText()).split('\t')).toEqual(['status', then.status, body.status]);
    await page.goBack();
  });

  it('has its history filtered by the address', async () => {
    const page = await site.open(`/executions/${ID}?show=refused`);
    await page.getByText('refused, fenced').waitFor();
    expect(await page.locator('.execution-history li').count()).toBe(1);
    await page.getByRole('group', { name: 'Shown' }).getByRole('link', { name: 'outcomes' }).click();
    await page.getByText('Resumed as attempt 2').waitFor();
    expect(new URL(page.url()).search).toBe('?show=outcomes');
  });

  it('is searched and copied from its payloads', async () => {
    const page = await site.open(`/executions/${ID}`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const input = page.getByRole('region', { name: 'Input', exact: true });
    await input.getByRole('searchbox').fill('test/299');
    await input.getByText('urls.299').waitFor();
    await page.getByRole('region', { name: 'Result', exact: true }).getByRole('button', { name: 'copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('{"vectors":1024}');
  });

  it('follows what happens, and takes a resume with its reason', async () => {
    await site.call('POST', '/workflow/executions/events', { execution_id: 'live', status: 'running', worker: 'w-1' });
    const page = await site.open('/executions/live');
    await page.getByText('Started by w-1').waitFor();
    await site.call('POST', '/executions/live/status', { status: 'failed', error: 'disk full', worker: 'w-1' });
    await page.getByText('Failed by w-1').waitFor();
    await page.getByRole('button', { name: 'Resume…' }).click();
    await page.getByLabel('Reason').fill('disk enlarged');
    await page.getByRole('dialog').getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByRole('dialog').getByText('applied').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('disk enlarged').waitFor();
    expect((await site.call('GET', '/executions/live')).body.status).toBe('running');
  });

  it('explains a race that is lost to somebody else on the same execution', async () => {
    await site.call('POST', '/workflow/executions/events', { execution_id: 'raced', status: 'running' });
    const [mine, theirs] = [await site.open('/executions/raced'), await site.open('/executions/raced', PHONE)];
    for (const page of [mine, theirs]) {
      await page.getByRole('button', { name: 'Pause…' }).click();
      await page.getByLabel('Reason').waitFor();
    }
    const pause = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
    await site.call('POST', '/executions/raced/status', { status: 'succeeded' });
    await pause(mine);
    const told = mine.getByRole('alert');
    await told.getByText('Pause was not taken').waitFor();
    expect(await told.innerText()).toContain('It is succeeded, attempt 1.');
    await pause(theirs);
    await theirs.getByRole('alert').getByText('Pause was not taken').waitFor();
  });

  it('shows text of producers as text, and does nothing that it says', async () => {
    await site.call('POST', '/workflow/executions/events', {
      ...{
        execution_id: 'hostile',
        status: 'failed',
        workflow_id: HOSTILE,
        run_id: HOSTILE,
        target: HOSTILE,
        kind: HOSTILE,
      },
      ...{ worker: HOSTILE, error: HOSTILE + 'w'.repeat(1_000_000), labels: { [HOSTILE.slice(0, 20)]: HOSTILE } },
      ...{ input: { [HOSTILE]: HOSTILE }, status_reason: HOSTILE },
    });
    const page = await site.open('/executions/hostile');
    await page.getByText('together over 256 KB').waitFor();
    await page.getByRole('button', { name: 'Show them' }).click();
    await page.getByRole('region', { name: 'Error', exact: true }).getByText('more').waitFor();
    expect(await page.title()).toBe('failed · hostile');
    expect(await fact(page, 'target').innerText()).toContain('<script>document.title=');
    expect(await fact(page, 'target').innerText()).toContain('\\u202egpj.exe');
    expect(await page.locator('main script, main img').count()).toBe(0);
  });

  it('of ten thousand events is scrolled through without a long frame', async () => {
    const line = (progress: number) =>
      JSON.stringify({ execution_id: 'long', status: 'running', progress, message: `m${progress}` });
    const reports = Array.from({ length: 10_000 }, (_, at) => line((at % 1_000) / 10)).join('\n');
    const answer = await fetch(`${site.url}/api/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: reports,
    });
    await answer.text();
    const { body } = await site.call('GET', '/executions/long');
    expect(body.revision).toBeGreaterThan(9_000);
    const page = await site.open('/executions/long?show=all');
    await page
      .getByText(/reports of progress/)
      .first()
      .waitFor({ timeout: 15_000 });
    const history = page.getByRole('region', { name: 'What happened' });
    const { processor, clock } = await longestTask(page, async () => {
      for (let screen = 0; screen < 20; screen++) await history.press('PageDown');
    });
    console.log(`ten thousand events scrolled: the longest task took ${processor} ms, by the clock ${clock} ms`);
    expect(processor).toBeLessThan(LONGEST_FRAME_MS);
  }, 60_000);

  it('that nobody knows is said to be none, with a way on', async () => {
    const page = await site.open('/executions/no-such');
    await page.getByRole('heading', { name: 'No such execution' }).waitFor();
    await page.getByRole('link', { name: 'Look for ids that begin so' }).waitFor();
  });
});

describeSite(
  'an execution, for whoever may only read',
  (site) => {
    it('shows commands that it does not give, and why', async () => {
      const key = { authorization: 'Bearer reader-of-twenty-letters' };
      await site.call(
        'POST',
        '/workflow/executions/events',
        { execution_id: 'x', status: 'failed' },
        {
          authorization: 'Bearer writer-of-twenty-letters',
        },
      );
      expect((await site.call('GET', '/executions/x', undefined, key)).status).toBe(200);
      const page = await site.open('/sign-in?next=/executions/x');
      await signIn(page, 'reader-of-twenty-letters');
      await page.getByText('your key lacks the scope command').waitFor();
      expect(await page.getByRole('button', { name: 'Resume…' }).isDisabled()).toBe(true);
    });
  },
  { API_KEYS: 'reader:reader-of-twenty-letters:read,writer:writer-of-twenty-letters:report' },
);
