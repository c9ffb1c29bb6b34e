import { appliedTo, expectProblem, fresh, standing, type Http } from './http.js';

const OPEN = ['pending', 'queued', 'running', 'waiting', 'paused'] as const;
const TERMINAL = ['succeeded', 'failed', 'timeout', 'cancelled'] as const;
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** docs/semantics.md §4, pause and cancel. */
export function describePauseAndCancel(http: Http): void {
  it.each(OPEN.slice(0, 4))(
    'pause of %s: {previous_status, paused_at}; again a duplicate; its replay word for word',
    async (status) => {
      const id = await standing(http, status);
      const ask = (more: object = {}) => http.post(`/executions/${id}/pause`, { reason: 'lunch', ...more });
      const first = await ask({ command_id: 'p' });
      expect(first.body).toEqual({
        ...appliedTo(id),
        current: expect.objectContaining({ status: 'paused' }),
        previous_status: status,
        paused_at: INSTANT,
      });
      expect(first.body.paused_at).toBe((await http.history(id)).events.at(-1).recorded_at);
      const { paused_at } = first.body;
      expect((await ask()).body).toMatchObject({ verdict: 'duplicate', applied: false, paused_at });
      await http.post(`/executions/${id}/resume`);
      expect((await http.show(id)).status).toBe(status);
      const again = (await ask({ command_id: 'p' })).body;
      expect(again).toEqual({ ...first.body, replayed: true, current: expect.objectContaining({ status }) });
    },
  );

  it.each(TERMINAL)('pause of %s is a regression', async (status) => {
    expectProblem(await http.post(`/executions/${await standing(http, status)}/pause`), 409, 'regression');
  });

  it.each([
    ...OPEN.map((status) => [status, 'worker'] as const),
    ['failed', 'worker'],
    ['timeout', 'worker'],
    ['succeeded', 'watchdog'],
    ['failed', 'watchdog'],
    ['timeout', 'watchdog'],
    ['cancelled', 'watchdog'],
  ] as const)('cancel of %s (%s) wins at once; its replay word for word', async (status, by) => {
    const id = await standing(http, status, by);
    const ask = () => http.post(`/executions/${id}/cancel`, { reason: 'enough', command_id: 'c' });
    const first = await ask();
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      ...appliedTo(id),
      cancelled: true,
      current: expect.objectContaining({ status: 'cancelled', authority: 'operator', sealed: true }),
      previous_status: status,
      cancelled_at: INSTANT,
    });
    expect((await ask()).body).toEqual({ ...first.body, replayed: true });
    expect((await http.history(id)).events.at(-1)).toMatchObject({
      recorded_at: first.body.cancelled_at,
      data: { reason: 'enough', previous_status: status },
    });
  });

  it.each([
    ['succeeded', 'worker', 'conflict'],
    ['cancelled', 'worker', 'duplicate'],
    ['cancelled', 'operator', 'duplicate'],
  ] as const)(
    'cancel of a sealed %s (%s): 200 %s, cancelled: false, completed_at untouched',
    async (status, by, verdict) => {
      const id = await standing(http, status, by);
      const before = await http.show(id);
      const answer = await http.post(`/executions/${id}/cancel`);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        verdict,
        applied: false,
        execution_id: id,
        current: expect.objectContaining({ status, sealed: true }),
        cancelled: false,
        already_terminal: true,
        previous_status: status,
      });
      expect(await http.show(id)).toEqual(before);
    },
  );

  it.each(['dispatch', 'abort', 'resume', 'pause', 'cancel'])('%s of an unknown id: 404', async (command) => {
    const body = command === 'abort' ? { phase: 'staging', error: 'e' } : undefined;
    const answer = await http.post(`/executions/${fresh()}/${command}`, body);
    expect(expectProblem(answer, 404, 'not_found')).toMatchObject({
      verdict: 'not_found',
      current: null,
      requested: command,
    });
  });

  it.each(['', '/dispatch', '/abort', '/resume', '/pause', '/cancel'])(
    'an unknown key is a 400 that names it: %s',
    async (endpoint) => {
      const id = await standing(http, 'pending');
      for (const key of ['no_such_key', '__proto__', 'event_id']) {
        const text = `{"phase":"staging","error":"e",${JSON.stringify(key)}:1}`;
        const path = endpoint === '' ? '/executions' : `/executions/${id}${endpoint}`;
        expect(expectProblem(await http.post(path, text), 400, 'validation').detail).toContain(key);
      }
      expect((await http.show(id)).revision).toBe(0);
    },
  );
}
