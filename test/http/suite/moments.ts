import { expectProblem, fresh, serving, standing, type Http, type Start } from './http.js';

const NONE = [
  '9999-12-31T23:59:59-05:00',
  '0000-12-31T23:59:59Z',
  '0001-01-01T00:00:00+00:01',
  '2030-01-01T12:00:00',
  '2023-01-10 13:50:54 UTC',
];
const LAST = '9999-12-31T23:59:59.999Z';
const FIRST = '0001-01-01T00:00:00.000Z';

function describeBounds(http: Http): void {
  it.each(NONE)('%s is 400 on every command and query that takes a moment', async (at) => {
    const failed = await standing(http, 'failed');
    expectProblem(await http.post('/executions', { execution_id: fresh(), deadline: at }), 400, 'validation');
    expectProblem(await http.post(`/executions/${failed}/resume`, { deadline: at }), 400, 'validation');
    const filter = { run_id: 'r', created_before: at };
    expectProblem(await http.post('/bulk/cancel', { filter }), 400, 'validation');
    const asked = encodeURIComponent(at);
    for (const path of [
      `/executions?created_after=${asked}`,
      `/executions?created_before=${asked}`,
      `/executions/${failed}/state?at_time=${asked}`,
      `/target-health?from=${asked}`,
      `/target-health?to=${asked}`,
    ])
      expectProblem(await http.get(path), 400, 'validation');
  });

  it.each(NONE)('%s on a report is left out, and costs nothing beside it', async (at) => {
    const id = fresh();
    await http.tell(id, 'running', { occurred_at: at });
    const { status, body } = await http.say(id, 'succeeded', { occurred_at: at, completed_at: at, result: 1 });
    expect({ status, body }).toMatchObject({ status: 200, body: { applied: true, status: 'succeeded', result: 1 } });
    expect(body.completed_at).toBe(body.last_activity_at);
    expect((await http.history(id)).events.map(({ occurred_at }: { occurred_at?: string }) => occurred_at)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([FIRST, LAST])('%s is a moment like any other, in every query', async (at) => {
    const id = await standing(http, 'running');
    for (const path of [
      `/executions?created_after=${at}`,
      `/executions?created_before=${at}`,
      `/target-health?to=${at}`,
      at === FIRST ? `/target-health?from=${at}&to=0001-01-02T00:00:00Z` : `/target-health?from=${at}`,
    ])
      expect([path, (await http.get(path)).status]).toEqual([path, 200]);
    expect((await http.get(`/executions/${id}/state?at_time=${at}`)).status).toBe(at === FIRST ? 404 : 200);
  });

  it('the last moment as a deadline hides no earlier time-out', async () => {
    const id = fresh();
    await http.post('/executions', { execution_id: id, deadline: LAST, timeout_ms: 1 });
    const held = await http.get(`/executions/${id}?until=terminal&wait_ms=5000`);
    expect(held.body.status).toBe('timeout');
  });

  it('a cursor with a moment that no list has is 400', async () => {
    const cursor = (n: string, key: string): string =>
      Buffer.from(JSON.stringify({ f: {}, s: '-created_at', n, k: [key, 'x'] })).toString('base64url');
    const now = new Date().toISOString();
    expect((await http.get(`/executions?cursor=${cursor(now, now)}`)).status).toBe(200);
    for (const at of ['+010000-01-01T00:00:00.000Z', '0000-01-01T00:00:00.000Z', '2030-01-01', 'Jan 1 2030'])
      for (const forged of [cursor(at, now), cursor(now, at)])
        expectProblem(await http.get(`/executions?cursor=${forged}`), 400, 'validation');
  });
}

/** Moments have bounds on both sides, and one form (docs/semantics.md §2). */
export function describeMoments(start: Start): void {
  describe('moments', () => describeBounds(serving(start)));
}
