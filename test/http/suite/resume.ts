import { appliedTo, expectProblem, fresh, serving, standing, type Http, type Start } from './http.js';
import { describeDeadlines } from './deadlines.js';
import { describeStuck } from './silence.js';

const resume = (http: Http, id: string, body?: object) => http.post(`/executions/${id}/resume`, body);

function describeWins(http: Http): void {
  it.each([
    ['failed', 'worker'],
    ['timeout', 'worker'],
    ['failed', 'watchdog'],
    ['timeout', 'watchdog'],
  ] as const)(
    'from %s (%s) it opens the next attempt; the answer says whom to report as; its replay word for word',
    async (status, by) => {
      const id = await standing(http, status, by);
      const first = await resume(http, id, { reason: 'again', command_id: 'r' });
      expect(first.status).toBe(200);
      expect(first.body).toEqual({
        ...appliedTo(id),
        current: { status: 'running', attempt: 2, authority: null, sealed: false, dispatched: false, revision: 2 },
        previous_status: status,
        takeover: false,
        attempt: 2,
        report_as: `${id}~2`,
        note: expect.stringContaining('starts no work'),
      });
      expect((await http.say(`${id}~2`, 'succeeded')).body).toMatchObject({ applied: true });
      const again = await resume(http, id, { reason: 'again', command_id: 'r' });
      expect(again.body).toEqual({
        ...first.body,
        replayed: true,
        current: expect.objectContaining({ status: 'succeeded', attempt: 2 }),
      });
      expectProblem(await resume(http, id, { reason: 'other', command_id: 'r' }), 409, 'id_reused');
    },
  );

  it('the next attempt starts with nothing of the last', async () => {
    const id = fresh();
    await http.tell(id, 'failed', { error: 'e', progress: 50, message: 'm', worker: 'w', status_reason: 'r' });
    await resume(http, id);
    const view = await http.show(id);
    expect(view).toMatchObject({ status: 'running', attempt: 2, report_as: `${id}~2`, authority: null });
    for (const key of [
      'error',
      'progress',
      'message',
      'worker',
      'status_reason',
      'completed_at',
      'duration_ms',
      'phase',
    ])
      expect(view).not.toHaveProperty(key);
  });

  it.each(['pending', 'queued', 'running', 'waiting'])(
    'from paused (%s) it continues the same attempt where it stood, and lists what was refused meanwhile',
    async (status) => {
      const id = await standing(http, status);
      await http.tell(id, 'cancelled', { attempt: 9 }); // refused before the pause: not listed
      await http.tell(id, 'paused');
      await http.tell(id, 'running', { event_id: 'e1', message: 'm' });
      await http.tell(id, 'succeeded', { result: 1 });
      const kept = (await http.refused(id)).slice(1);
      const first = await resume(http, id, { command_id: 'r' });
      expect(first.body).toEqual({
        ...appliedTo(id),
        current: expect.objectContaining({ status, attempt: 1 }),
        previous_status: 'paused',
        takeover: false,
        attempt: 1,
        report_as: `${id}~1`,
        note: expect.stringContaining('starts no work'),
        refused_while_paused: kept,
      });
      expect(kept).toMatchObject([
        { event_id: 'e1', verdict: 'not_resumed', against: { status: 'paused' } },
        { verdict: 'not_running', data: { report: { result: 1 } } },
      ]);
      await http.tell(id, undefined, { attempt: 9, message: 'later' });
      const again = await resume(http, id, { command_id: 'r' });
      expect(again.body).toEqual({ ...first.body, replayed: true, current: expect.anything() });
    },
  );

  it('from paused with new_attempt it opens the next', async () => {
    const id = await standing(http, 'paused');
    expect((await resume(http, id, { new_attempt: true })).body).toMatchObject({
      previous_status: 'paused',
      attempt: 2,
      report_as: `${id}~2`,
      note: expect.stringContaining('starts no work'),
      current: { status: 'running', attempt: 2 },
    });
  });

  it.each([
    ['pending', 'worker'],
    ['queued', 'worker'],
    ['running', 'worker'],
    ['waiting', 'worker'],
    ['succeeded', 'worker'],
    ['cancelled', 'worker'],
    ['cancelled', 'operator'],
    ['succeeded', 'watchdog'],
    ['cancelled', 'watchdog'],
  ] as const)('%s (%s) is not_resumable: the loser is told the status and writes nothing', async (status, by) => {
    const id = await standing(http, status, by);
    const before = await http.show(id);
    const problem = expectProblem(await resume(http, id), 409, 'not_resumable');
    expect(problem).toMatchObject({ verdict: 'not_resumable', requested: 'resume', current: { status } });
    expect(problem.detail).toContain(status);
    expect(await http.show(id)).toEqual(before);
    expect(before.resumable).toBe(false);
    expect(await http.refused(id)).toEqual([]);
  });
}

function describeFencing(http: Http): void {
  it('a report that names no attempt speaks for attempt 1, unless the latest resume said unnumbered', async () => {
    const [numbered, unnumbered] = [await standing(http, 'failed'), await standing(http, 'failed')];
    await resume(http, numbered);
    await resume(http, unnumbered, { unnumbered: true });
    expect((await http.tell(numbered, 'succeeded')).body).toMatchObject({ verdict: 'fenced', current: { attempt: 2 } });
    expect((await http.tell(`${unnumbered}~1`, 'succeeded')).body).toMatchObject({ verdict: 'fenced' });
    expect((await http.tell(unnumbered, 'failed')).body).toMatchObject({ verdict: 'applied', current: { attempt: 2 } });
    const { body } = await resume(http, unnumbered);
    expect(body).toMatchObject({ attempt: 3, report_as: `${unnumbered}~3` });
    expect((await http.tell(unnumbered, 'succeeded')).body).toMatchObject({ verdict: 'fenced' });
  });

  it('a plain failed that arrives again after a resume, and the beats of its worker, cannot hurt the next attempt', async () => {
    const id = await standing(http, 'running');
    expect((await http.tell(id, 'failed', { error: 'e' })).body).toMatchObject({ verdict: 'applied' });
    expect((await resume(http, id)).body).toMatchObject({ attempt: 2 });
    expect((await http.tell(id, 'failed', { error: 'e' })).body).toMatchObject({ verdict: 'fenced', applied: false });
    const beat = await http.post(`/executions/${id}/heartbeat`);
    expect(beat.body).toMatchObject({ verdict: 'fenced', applied: false });
    expect((await http.say(`${id}~2`, 'succeeded')).body).toMatchObject({ applied: true, attempt: 2 });
    expect((await http.history(id)).events.map(({ type }: { type: string }) => type).slice(2)).toEqual([
      'ExecutionFailed',
      'ExecutionResumed',
      'ExecutionSucceeded',
    ]);
  });

  it('the first running from the worker in a resumed attempt is applied, so that it counts as dispatched', async () => {
    const id = await standing(http, 'failed');
    await resume(http, id);
    expect((await http.tell(`${id}~2`, 'running')).body).toMatchObject({
      verdict: 'applied',
      current: { dispatched: true },
    });
    expect((await http.tell(`${id}~2`, 'running')).body).toMatchObject({ verdict: 'duplicate' });
    const abort = { phase: 'dispatch', error: 'e', attempt: 2 };
    expectProblem(await http.post(`/executions/${id}/abort`, abort), 409, 'already_dispatched');
  });

  it('status words are checked before attempts', async () => {
    const id = await standing(http, 'failed');
    await resume(http, id);
    expect((await http.tell(`${id}~1`, 'nonsense')).body).toMatchObject({ verdict: 'unsupported_status' });
    expectProblem(await http.say(`${id}~1`, 'nonsense'), 400, 'unsupported_status');
  });
}

/** docs/semantics.md §4, resume; §3.1, fencing. */
export function describeResume(start: Start): void {
  describe('resume', () => {
    const http = serving(start);
    describeWins(http);
    describe('attempts', () => describeFencing(http));
    describe('deadlines', () => describeDeadlines(http));
  });
  describeStuck(start);
}
