import { expectProblem, fresh, serving, standing, type Start } from './http.js';

/** docs/http-api.md, Reports: the endpoints whose callers are told. */
export function describeStrictReports(start: Start): void {
  describe('strict reports', () => {
    const http = serving(start);

    it('status: 200 with the Execution and the receipt', async () => {
      const id = await standing(http, 'running');
      const said = await http.say(id, 'failed', {
        error: { message: 'out of memory', at: [1, 2] },
        error_status_code: 137,
        duration_ms: 1500,
        completed_at: '2026-01-31T12:00:00Z',
        progress: 40,
        message: 'm',
        status_reason: 'oom',
        worker: 'w1',
        occurred_at: '2026-01-31T12:00:01.5Z',
      });
      expect(said.status).toBe(200);
      expect(said.body).toEqual({
        ...(await http.show(id)),
        verdict: 'applied',
        applied: true,
        current: { status: 'failed', attempt: 1, authority: 'worker', sealed: false, dispatched: true, revision: 3 },
      });
      expect(said.body).toMatchObject({
        status: 'failed',
        phase: 'execution',
        error: 'out of memory',
        error_details: { message: 'out of memory', at: [1, 2] },
        error_status_code: 137,
        duration_ms: 1500,
        completed_at: '2026-01-31T12:00:00.000Z',
        progress: 40,
        message: 'm',
        status_reason: 'oom',
        worker: 'w1',
        sealed: false,
        resumable: true,
        cancellable: true,
        report_as: `${id}~1`,
      });
      expect((await http.history(id)).events.at(-1)).toMatchObject({ occurred_at: '2026-01-31T12:00:01.500Z' });
    });

    it('error is always a string: an object’s message, or its JSON; absent once succeeded', async () => {
      for (const [error, text] of [
        ['plain', 'plain'],
        [{ code: 7 }, '{"code":7}'],
        [{ message: 7 }, '{"message":7}'],
        [['a'], '["a"]'],
      ] as const) {
        const id = fresh();
        await http.tell(id, 'failed', { error, inferred: true });
        expect(await http.show(id)).toMatchObject({ error: text });
        const corrected = (await http.say(id, 'succeeded', { result: 1 })).body;
        expect([corrected.error, corrected.error_details, corrected.result]).toEqual([undefined, undefined, 1]);
      }
    });

    it('after a cancel of a failed one the error stays, as what was discarded; completed_at is the cancel’s', async () => {
      const id = fresh();
      await http.tell(id, 'failed', { error: 'e' });
      await http.post(`/executions/${id}/cancel`);
      expect(await http.show(id)).toMatchObject({
        status: 'cancelled',
        authority: 'operator',
        error: 'e',
        sealed: true,
      });
    });

    it.each(['status', 'progress', 'heartbeat'])('%s of an unknown id: 404', async (endpoint) => {
      const id = fresh();
      const answer = await http.post(`/executions/${id}/${endpoint}`, { status: 'running', message: 'm' });
      expect(expectProblem(answer, 404, 'not_found')).toMatchObject({ verdict: 'not_found', current: null });
      expectProblem(await http.get(`/executions/${id}`), 404, 'not_found');
      expectProblem(await http.get(`/executions/${id}/refused`), 404, 'not_found');
    });

    it.each([
      ['status', { status: 7 }],
      ['status', {}],
      ['status', []],
      ['progress', {}],
      ['progress', { attempt: 1 }],
      ['progress', { status: 'running' }],
      ['progress', { progress: -1 }],
      ['progress', { progress: 100.5 }],
      ['progress', { progress: '5' }],
      ['heartbeat', { attempt: 0 }],
      ['heartbeat', []],
    ])('%s %j: 400 with the path and message of each bad field', async (endpoint, body) => {
      const id = await standing(http, 'running');
      const { issues } = expectProblem(await http.post(`/executions/${id}/${endpoint}`, body), 400, 'validation');
      expect(issues.length).toBeGreaterThan(0);
      for (const issue of issues) expect(issue).toEqual({ path: expect.any(String), message: expect.any(String) });
      expect(await http.refused(id)).toEqual([]);
    });

    it('progress takes 0 to 100 and each of its news alone', async () => {
      const id = await standing(http, 'waiting');
      for (const news of [
        { progress: 0 },
        { progress: 100 },
        { message: '' },
        { data: null },
        { worker: 'w' },
        { status_reason: 'r' },
      ]) {
        const { status, body } = await http.post(`/executions/${id}/progress`, news);
        expect({ status, verdict: body.verdict, stands: body.status }).toEqual({
          status: 200,
          verdict: 'applied',
          stands: 'waiting',
        });
      }
      expect(await http.show(id)).toMatchObject({ progress: 100, message: '', worker: 'w', status_reason: 'r' });
    });

    it('the same status is applied when it brings news that differ from what stands, else a duplicate', async () => {
      const id = await standing(http, 'running');
      for (const news of [
        { progress: 5 },
        { message: 'm' },
        { data: { a: 1 } },
        { worker: 'w' },
        { status_reason: 'r' },
      ]) {
        expect((await http.say(id, 'running', news)).body).toMatchObject({ verdict: 'applied', applied: true });
        expect((await http.say(id, 'running', news)).body).toMatchObject({ verdict: 'duplicate', applied: false });
      }
      expect((await http.show(id)).revision).toBe(6);
    });

    it('started_at and completed_at are the reporter’s if not in the future, else the ledger’s', async () => {
      const [past, future] = [fresh(), fresh()];
      await http.tell(past, 'running', { occurred_at: '2026-01-01T00:00:00Z' });
      await http.say(past, 'succeeded', { completed_at: '2026-01-01T00:00:10Z' });
      expect(await http.show(past)).toMatchObject({
        started_at: '2026-01-01T00:00:00.000Z',
        completed_at: '2026-01-01T00:00:10.000Z',
        duration_ms: 10_000,
      });
      await http.tell(future, 'succeeded', { occurred_at: '2999-01-01T00:00:00Z' });
      const { completed_at, last_activity_at, started_at } = await http.show(future);
      expect([completed_at, started_at]).toEqual([last_activity_at, undefined]);
    });
  });

  describe('heartbeats', () => {
    const http = serving(start);
    const beat = (id: string, body?: object) => http.post(`/executions/${encodeURIComponent(id)}/heartbeat`, body);

    it.each(['pending', 'queued', 'running', 'waiting', 'paused'])('one that counts is applied: %s', async (status) => {
      const id = await standing(http, status);
      for (const body of [undefined, {}, { attempt: 1, worker: 'w' }]) {
        const answer = await beat(id, body);
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual({
          verdict: 'applied',
          applied: true,
          execution_id: id,
          current: expect.objectContaining({ status }),
          cancelled: false,
        });
      }
    });

    it.each(['succeeded', 'failed', 'timeout', 'cancelled'])('on %s it is dropped with 200', async (status) => {
      const id = await standing(http, status);
      const answer = await beat(id);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ verdict: 'dropped', applied: false, cancelled: status === 'cancelled' });
      expect(await http.refused(id)).toEqual([]);
    });

    it('fenced: 200 applied:false, which tells the worker to stop; no beat is kept as refused', async () => {
      const id = await standing(http, 'failed');
      await http.post(`/executions/${id}/resume`);
      for (const [named, verdict] of [
        [id, 'fenced'],
        [`${id}~1`, 'fenced'],
        [`${id}~3`, 'unknown_attempt'],
      ] as const)
        expect(await beat(named)).toMatchObject({
          status: 200,
          body: { verdict, applied: false, current: { attempt: 2 } },
        });
      expect(await beat(`${id}~2`)).toMatchObject({ status: 200, body: { verdict: 'applied', applied: true } });
      expect(await http.refused(id)).toEqual([]);
    });
  });
}
