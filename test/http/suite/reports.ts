import { appliedTo, expectProblem, fresh, serving, standing, type Http, type Start } from './http.js';
import { describeTable } from './verdicts.js';
import { describeOwnWords, describeReasons, describeWords } from './words.js';

function describeFireAndForget(http: Http): void {
  it('no stream: the report registers the execution and is applied', async () => {
    const id = fresh();
    const { status, body } = await http.tell(id, 'running');
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      created: true,
      ...appliedTo(id),
      current: { status: 'running', attempt: 1, authority: null, sealed: false, dispatched: true, revision: 1 },
    });
    const types = (await http.history(id)).events.map((event: { type: string }) => event.type);
    expect(types).toEqual(['ExecutionRegistered', 'ExecutionStarted']);
  });

  it('without a status it is progress, and on no stream registers', async () => {
    const id = fresh();
    expect((await http.tell(id)).body).toMatchObject({ created: true, current: { status: 'pending', revision: 0 } });
    const { body } = await http.tell(id, undefined, { progress: 12.5, message: 'm', data: [1] });
    expect(body).toMatchObject({ updated: true, verdict: 'applied', current: { status: 'pending' } });
    expect(await http.show(id)).toMatchObject({ progress: 12.5, message: 'm', status: 'pending', dispatched: true });
  });

  it('a field that the schema of the endpoint lacks is not read, whatever it holds, and nobody waits for it', async () => {
    const values = [1, true, { a: 1 }, ['x'], 'x'.repeat(500)];
    const id = await standing(http, 'running');
    const endpoints = [
      (more: object) => http.tell(id, 'running', { message: 'm', ...more }),
      (more: object) => http.say(id, 'running', { message: 'm', ...more }),
      (more: object) => http.post(`/executions/${id}/progress`, { message: 'm', ...more }),
      (more: object) => http.post(`/executions/${id}/heartbeat`, more),
    ];
    for (const endpoint of endpoints)
      for (const command_id of values) {
        const began = performance.now();
        const [told, neighbour] = await Promise.all([endpoint({ command_id }), http.tell(fresh(), 'running')]);
        expect([told.status, neighbour.status]).toEqual([200, 200]);
        expect(performance.now() - began).toBeLessThan(1_000);
      }
    for (const occurred_at of values)
      expect((await http.post(`/executions/${id}/heartbeat`, { occurred_at })).status).toBe(200);
    const lines = [{ command_id: 1 }, {}].map((more) => JSON.stringify({ execution_id: fresh(), ...more })).join('\n');
    const bulk = await http.call('POST', '/reports', lines, { 'content-type': 'application/x-ndjson' });
    expect(bulk.text.match(/"applied":true/g)).toHaveLength(2);
    for (const event of (await http.history(id)).events) expect(event).not.toHaveProperty('occurred_at');
  });

  it('a key that is no id of a report is no part of its id, nor of what it says', async () => {
    const id = fresh();
    await http.tell(id, 'running', { event_id: 'e', command_id: 'one' });
    const again = await http.tell(id, 'running', { event_id: 'e', command_id: 'two' });
    expect(again.body).toMatchObject({ applied: true, replayed: true });
    expect((await http.tell(id, 'waiting', { command_id: 'e' })).body).toMatchObject({ verdict: 'applied' });
  });

  it('attempt 1 may be named, a higher one is unknown_attempt and leaves no trace', async () => {
    const [one, two] = [fresh(), fresh()];
    expect((await http.tell(`${one}~1`, 'running', { attempt: 1 })).body).toMatchObject({ created: true });
    const { body } = await http.tell(two, 'running', { attempt: 2 });
    expect(body).toMatchObject({ success: true, verdict: 'unknown_attempt', applied: false, current: null });
    expectProblem(await http.get(`/executions/${two}`), 404, 'not_found');
    expectProblem(await http.get(`/executions/${two}/refused`), 404, 'not_found');
  });

  it('a terminal with duration_ms back-dates the start', async () => {
    const id = fresh();
    await http.tell(id, 'succeeded', { duration_ms: 90_000, occurred_at: '2026-01-31T12:00:00+01:00' });
    expect(await http.show(id)).toMatchObject({
      completed_at: '2026-01-31T11:00:00.000Z',
      started_at: '2026-01-31T10:58:30.000Z',
      duration_ms: 90_000,
    });
  });

  it('identity and input come from who says each first; target is agent_node_id.reasoner_id, then type', async () => {
    const [one, two, three] = [fresh(), fresh(), fresh()];
    const opening = { workflow_id: 'w', agent_node_id: 'a', reasoner_id: 'r', type: 't', input_data: { x: 1 } };
    await http.tell(one, 'running', opening);
    await http.tell(one, 'running', { workflow_id: 'other', run_id: 'other', input_data: 2, message: 'm' });
    expect(await http.show(one)).toMatchObject({ workflow_id: 'w', run_id: 'other', target: 'a.r', input: { x: 1 } });
    await http.tell(two, 'running', { run_id: 'run', workflow_id: 'w', type: 't' });
    expect(await http.show(two)).toMatchObject({ run_id: 'run', target: 't' });
    await http.tell(three, 'running');
    expect(await http.show(three)).toMatchObject({ run_id: three, labels: {} });
  });

  it('a report that changes the status and brings progress appends both, the status last', async () => {
    const id = await standing(http, 'running');
    await http.tell(id, 'succeeded', { progress: 100 });
    const { events, final } = await http.history(id);
    expect(events.slice(2).map((event: { type: string }) => event.type)).toEqual([
      'ExecutionProgressed',
      'ExecutionSucceeded',
    ]);
    expect(final).toBe(true);
  });

  it.each([
    ['not JSON', '{'],
    ['NaN', '{"execution_id":"a","progress":NaN}'],
    ['nothing', ''],
    ['an array', '[]'],
    ['a string', '"x"'],
    ['no execution_id', '{"status":"running"}'],
    ['an execution_id that is null', '{"execution_id":null}'],
    ['an execution_id that is a number', '{"execution_id":7}'],
    ...['status', 'event_id'].map((key): [string, string] => [
      `a number as ${key}`,
      JSON.stringify({ execution_id: 'a', [key]: 7 }),
    ]),
    ['a string as attempt', '{"execution_id":"a","attempt":"7"}'],
    ['attempt 0', '{"execution_id":"a","attempt":0}'],
  ])('400: %s', async (_what, text) => {
    expectProblem(await http.post('/workflow/executions/events', text), 400, 'validation');
  });
}

function describeNulls(http: Http): void {
  const NULLS = Object.fromEntries(
    (
      'workflow_id run_id reasoner_id type agent_node_id parent_execution_id parent_workflow_id input_data duration_ms ' +
      'progress message status_reason attempt worker inferred occurred_at event_id'
    )
      .split(' ')
      .map((key) => [key, null]),
  );

  it('null means absent on the fire-and-forget endpoint', async () => {
    const [id, plain] = [fresh(), fresh()];
    expect((await http.tell(id, 'running', NULLS)).body).toMatchObject({ created: true });
    await http.tell(plain, 'running');
    const keys = (view: object) => Object.keys(view).sort();
    expect(keys(await http.show(id))).toEqual(keys(await http.show(plain)));
    const [registered, started] = (await http.history(id)).events;
    expect([registered.data, started.data]).toEqual(
      (await http.history(plain)).events.map((e: { data: object }) => e.data),
    );
    expect((await http.tell(fresh(), undefined, { status: null, ...NULLS })).body).toMatchObject({ created: true });
  });

  it('null means absent on the strict endpoints', async () => {
    const [id, plain] = [await standing(http, 'running'), await standing(http, 'running')];
    const { progress, message, status_reason, attempt, worker, inferred, occurred_at, event_id, duration_ms } = NULLS;
    const news = { progress, message, status_reason, attempt, worker, occurred_at, event_id };
    expectProblem(await http.post(`/executions/${id}/progress`, news), 400, 'validation');
    const outcome = { inferred, duration_ms, error_details: null, error_status_code: null, completed_at: null };
    expect((await http.say(id, 'failed', { ...news, ...outcome })).body).toMatchObject({ applied: true });
    await http.say(plain, 'failed');
    const { data } = (await http.history(plain)).events.at(-1);
    expect((await http.history(id)).events.at(-1).data).toEqual(data);
    expectProblem(await http.say(id, null as unknown as string), 400, 'validation');
  });

  it('null in result and data is a value', async () => {
    const id = fresh();
    await http.tell(id, 'running', { data: null });
    await http.tell(id, 'succeeded', { result: null });
    expect((await http.show(id)).result).toBeNull();
    const { events } = await http.history(id);
    expect([events[1].data.data, events[2].data.result]).toEqual([null, null]);
  });

  it('unknown keys are ignored on every report endpoint', async () => {
    const id = fresh();
    const more = { no_such_key: { deep: [1] }, __proto: 1, labels: 7, input: 7, target: 7 };
    expect((await http.tell(id, 'running', more)).body).toMatchObject({ applied: true });
    expect((await http.say(id, 'waiting', more)).body).toMatchObject({ applied: true });
    expect((await http.post(`/executions/${id}/progress`, { message: 'm', ...more })).status).toBe(200);
    expect((await http.post(`/executions/${id}/heartbeat`, more)).status).toBe(200);
    const bulk = await http.post('/reports', [{ execution_id: id, status: 'done', ...more }]);
    expect(JSON.parse(bulk.text)).toMatchObject({ applied: true });
  });
}

/** docs/http-api.md, Reports, and docs/semantics.md §3, on the endpoint that never fails a producer. */
export function describeReports(start: Start): void {
  describe('reports', () => {
    const http = serving(start);
    describe('words', () => describeWords(http));
    describe('reasons', () => describeReasons(http));
    const OWN = { STATUS_WORDS: 'shipped=succeeded, skipped=cancelled' };
    describe('words of its own', () => describeOwnWords(serving(start, OWN)));
    describe('verdicts', () => describeTable(http));
    describe('fire-and-forget', () => describeFireAndForget(http));
    describe('null and unknown keys', () => describeNulls(http));
  });
}
