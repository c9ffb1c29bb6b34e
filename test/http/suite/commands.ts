import { appliedTo, expectProblem, fresh, serving, standing, type Http, type Start } from './http.js';
import { describePauseAndCancel } from './pause-cancel.js';
import { describeRegister } from './register.js';

const TERMINAL = ['succeeded', 'failed', 'timeout', 'cancelled'] as const;

function describeDispatchAndAbort(http: Http): void {
  const abort = (id: string, more: object = {}) =>
    http.post(`/executions/${id}/abort`, { phase: 'dispatch', error: 'no runner', ...more });
  const dispatch = (id: string, body?: object) => http.post(`/executions/${id}/dispatch`, body);

  it('dispatch: pending → queued, with its handle; a second one is already_dispatched', async () => {
    const id = await standing(http, 'pending');
    const answer = await dispatch(id, { handle: { pod: 'p1' }, attempt: 1 });
    expect(answer.status).toBe(200);
    const current = { status: 'queued', attempt: 1, authority: null, sealed: false, dispatched: true, revision: 1 };
    expect(answer.body).toEqual({ ...appliedTo(id), current });
    expect(await http.show(id)).toMatchObject({ handle: { pod: 'p1' }, dispatched: true });
    const problem = expectProblem(await dispatch(id), 409, 'already_dispatched');
    expect(problem).toMatchObject({ verdict: 'already_dispatched', requested: 'dispatch', current });
  });

  it('dispatched is true once any applied worker report beyond pending stands', async () => {
    for (const status of ['queued', 'running', 'waiting']) {
      const id = await standing(http, status);
      expectProblem(await dispatch(id), 409, 'already_dispatched');
      expectProblem(await abort(id), 409, 'already_dispatched');
    }
    const pending = await standing(http, 'pending');
    expect((await http.tell(pending, 'pending', { message: 'm' })).body.current).toMatchObject({ dispatched: false });
    expect((await dispatch(pending)).body).toMatchObject({ applied: true });
  });

  it.each(TERMINAL)('dispatch of %s: regression naming the status', async (status) => {
    const problem = expectProblem(await dispatch(await standing(http, status)), 409, 'regression');
    expect(problem.current).toMatchObject({ status });
  });

  it('the checks run in the order dispatched, paused', async () => {
    const id = fresh();
    await http.post('/executions', { execution_id: id });
    await http.post(`/executions/${id}/pause`);
    expectProblem(await dispatch(id), 409, 'not_resumed');
    expect((await abort(id)).body).toMatchObject({
      applied: true,
      current: { status: 'failed', authority: 'watchdog' },
    });
    const ran = await standing(http, 'running');
    await http.post(`/executions/${ran}/pause`);
    expectProblem(await dispatch(ran), 409, 'already_dispatched');
  });

  it('abort: failed by watchdog, with its phase; a worker may correct it', async () => {
    const id = await standing(http, 'pending');
    const answer = await abort(id, { phase: 'staging', error: { message: 'disk full', code: 28 } });
    expect(answer.body).toEqual({
      ...appliedTo(id),
      current: { status: 'failed', attempt: 1, authority: 'watchdog', sealed: false, dispatched: false, revision: 1 },
    });
    expect(await http.show(id)).toMatchObject({ phase: 'staging', error: 'disk full', error_details: { code: 28 } });
    expect((await abort(id)).body).toMatchObject({ verdict: 'duplicate', applied: false });
    expect((await http.say(id, 'succeeded')).body).toMatchObject({ verdict: 'applied', authority: 'worker' });
    expectProblem(await abort(id), 409, 'conflict');
  });

  it('abort speaks for attempt 1 unless it names another; an older attempt is fenced', async () => {
    const id = await standing(http, 'failed');
    await http.post(`/executions/${id}/resume`);
    expect(expectProblem(await abort(id), 409, 'fenced')).toMatchObject({ report_as: `${id}~2` });
    expect((await abort(id, { attempt: 2 })).body).toMatchObject({ applied: true, current: { attempt: 2 } });
  });

  it.each([
    [{}],
    [{ phase: 'staging' }],
    [{ error: 'e' }],
    [{ phase: 'execution', error: 'e' }],
    [{ phase: 'staging', error: 7 }],
  ])('abort %j is 400', async (body) => {
    expectProblem(await http.post(`/executions/${await standing(http, 'pending')}/abort`, body), 400, 'validation');
  });
}

/** docs/http-api.md, Commands, and docs/semantics.md §4, but for resume. */
export function describeCommands(start: Start): void {
  describe('commands', () => {
    const http = serving(start);
    describe('register', () => describeRegister(http));
    describe('dispatch and abort', () => describeDispatchAndAbort(http));
    describe('pause and cancel', () => describePauseAndCancel(http));
  });
}
