import { expectProblem, fresh, lines, serving, standing, type Http, type Start } from './http.js';

function describeIds(http: Http): void {
  it('same id, same body: the first receipt again, word for word, with replayed: true and current of now', async () => {
    const id = fresh();
    const report = { event_id: 'e', message: 'm', data: { a: 1, b: [2] } };
    const first = await http.tell(id, 'running', report);
    expect((await http.tell(id, 'running', report)).body).toEqual({ ...first.body, replayed: true });
    await http.tell(id, 'succeeded');
    const again = (await http.tell(id, 'running', report)).body;
    expect(again).toEqual({
      ...first.body,
      replayed: true,
      current: expect.objectContaining({ status: 'succeeded', revision: 2 }),
    });
    expect(await http.refused(id)).toEqual([]);
  });

  it('where an Execution is shown with a replay it is as of now; the receipt’s position is the first one’s', async () => {
    const id = await standing(http, 'queued');
    const first = await http.say(id, 'running', { event_id: 'e' });
    await http.say(id, 'succeeded', { result: 1 });
    const again = await http.say(id, 'running', { event_id: 'e' });
    expect(again.body).toEqual({
      ...(await http.show(id)),
      verdict: 'applied',
      applied: true,
      replayed: true,
      position: first.body.position,
      current: expect.objectContaining({ status: 'succeeded' }),
    });
    expect(again.headers.get('ledger-position')).toBe(first.body.position);
  });

  it('same body is equal JSON without the ids: key order is ignored, numbers go by their digits', async () => {
    const id = fresh();
    const send = (text: string) => http.post('/workflow/executions/events', text);
    const body = (n: string) =>
      `{"execution_id":"${id}","status":"running","event_id":"e","data":{"n":${n},"s":{"x":1,"y":2}}}`;
    await send(body('9007199254740993'));
    const turned = `{"data":{"s":{"y":2,"x":1},"n":9007199254740993},"event_id":"e","status":"running","execution_id":"${id}"}`;
    expect((await send(turned)).body).toMatchObject({ applied: true, replayed: true });
    expect((await send(body('9007199254740992'))).body).toMatchObject({ verdict: 'id_reused', applied: false });
    expect((await send(turned.replace('"event_id":"e",', ''))).body.verdict).toBe('duplicate');
    const decoy = (inner: string) => `{"execution_id":"${id}","event_id":"d","data":{${inner}}}`;
    await send(decoy('"isLosslessNumber":true,"value":"1","b":2'));
    expect((await send(decoy('"b":2,"value":"1","isLosslessNumber":true'))).body).toMatchObject({ replayed: true });
  });

  it('same id, another body: id_reused; strict 409, fire-and-forget 200; the command’s name belongs to the body', async () => {
    const id = fresh();
    await http.tell(id, 'running', { event_id: 'e' });
    expect((await http.tell(id, 'waiting', { event_id: 'e' })).body).toMatchObject({
      success: true,
      verdict: 'id_reused',
      applied: false,
    });
    const problem = expectProblem(await http.say(id, 'waiting', { event_id: 'e' }), 409, 'id_reused');
    expect(problem).toMatchObject({
      verdict: 'id_reused',
      requested: 'waiting',
      current: { status: 'running', revision: 1 },
    });
    for (const command of ['pause', 'cancel', 'dispatch', 'resume'])
      expectProblem(await http.post(`/executions/${id}/${command}`, { command_id: 'e' }), 409, 'id_reused');
    const pause = await http.post(`/executions/${id}/pause`, { command_id: 'c' });
    expect(pause.body).toMatchObject({ applied: true });
    expectProblem(await http.post(`/executions/${id}/cancel`, { command_id: 'c' }), 409, 'id_reused');
    expect((await http.show(id)).status).toBe('paused');
  });

  it('ids bind within one execution', async () => {
    const [one, two] = [fresh(), fresh()];
    for (const id of [one, two])
      expect((await http.tell(id, 'running', { event_id: 'same' })).body).not.toHaveProperty('replayed');
  });

  it('a refused id binds nothing: sent again, it is decided again', async () => {
    const id = await standing(http, 'paused');
    const send = () => http.tell(id, 'succeeded', { event_id: 'e' });
    expect((await send()).body).toMatchObject({ verdict: 'not_running' });
    expect((await send()).body).toMatchObject({ verdict: 'not_running' });
    await http.post(`/executions/${id}/resume`);
    expect((await send()).body).toMatchObject({ verdict: 'applied', applied: true });
    expect((await send()).body).toMatchObject({ verdict: 'applied', replayed: true });
  });

  it('a replay is given after the stream was sealed, resumed or fenced', async () => {
    const id = fresh();
    const report = () => http.tell(id, 'failed', { event_id: 'e', error: 'x' });
    const first = await report();
    await http.post(`/executions/${id}/resume`);
    expect((await report()).body).toMatchObject({ verdict: 'applied', replayed: true, position: first.body.position });
    await http.post(`/executions/${id}/cancel`);
    expect((await report()).body).toMatchObject({
      verdict: 'applied',
      replayed: true,
      current: { status: 'cancelled' },
    });
  });
}

function describeKept(http: Http): void {
  const verdicts = async (id: string) => (await http.refused(id)).map(({ verdict }: { verdict: string }) => verdict);

  it('every refused report about an existing execution is kept, from either endpoint', async () => {
    const id = await standing(http, 'succeeded');
    await http.tell(id, 'running');
    await http.say(id, 'waiting');
    await http.tell(id, 'failed');
    await http.tell(id, undefined, { message: 'm' });
    await http.post(`/executions/${id}/progress`, { message: 'n' });
    await http.tell(id, 'running', { attempt: 2 });
    await http.tell(id, 'nonsense');
    const kept = 'regression regression conflict dropped dropped unknown_attempt unsupported_status'.split(' ');
    expect(await verdicts(id)).toEqual(kept);
    expect((await http.show(id)).revision).toBe(1);
  });

  it('a duplicate is kept only if it brings anything that differs from what stands', async () => {
    const id = fresh();
    await http.tell(id, 'succeeded', { result: { a: 1, b: 2 } });
    for (const more of [{}, { result: { b: 2, a: 1 } }])
      expect((await http.tell(id, 'succeeded', more)).body).toMatchObject({ verdict: 'duplicate', applied: false });
    expect(await verdicts(id)).toEqual([]);
    expect((await http.say(id, 'succeeded', { result: { a: 2 } })).body).toMatchObject({
      verdict: 'duplicate',
      result: { a: 1 },
    });
    for (const more of [{ error: 'e' }, { message: 'm' }, { duration_ms: 5 }])
      expect((await http.tell(id, 'succeeded', more)).body).toMatchObject({ verdict: 'duplicate', applied: false });
    expect(await verdicts(id)).toEqual(Array(4).fill('duplicate'));
    expect((await http.show(id)).result).toEqual({ a: 1, b: 2 });
  });

  it.each([
    ['{"isLosslessNumber":true,"value":"9007199254740993"}', '{"value":"9007199254740993","isLosslessNumber":true}'],
    ['{"digits":"9007199254740993"}', '{ "digits" : "9007199254740993" }'],
  ])('%s is not the number that it looks like, and is itself however it is written', async (object, same) => {
    const id = fresh();
    const tell = async (status: string, said: string) => {
      const report = `{"execution_id":"${id}","status":"${status}",${said}}`;
      return (await http.post('/workflow/executions/events', report)).body.verdict;
    };
    expect(await tell('running', '"data":9007199254740993')).toBe('applied');
    expect(await tell('running', `"data":${object}`)).toBe('applied');
    expect(await tell('running', `"data":${same}`)).toBe('duplicate');
    await tell('ok', '"result":9007199254740993');
    expect(await tell('ok', '"result":9007199254740993')).toBe('duplicate');
    expect(await verdicts(id)).toEqual([]);
    expect(await tell('ok', `"result":${object}`)).toBe('duplicate');
    expect(await verdicts(id)).toEqual(['duplicate']);
  });

  it('not kept: heartbeats, refused commands, 412s, replays', async () => {
    const id = await standing(http, 'succeeded');
    await http.post(`/executions/${id}/heartbeat`);
    for (const command of ['resume', 'pause', 'cancel', 'dispatch']) await http.post(`/executions/${id}/${command}`);
    await http.post('/executions', { execution_id: id });
    await http.say(id, 'failed', {}, { 'if-match': '"0"' });
    expect(await verdicts(id)).toEqual([]);
  });

  it('a report whose id is another’s is kept', async () => {
    const id = fresh();
    await http.tell(id, 'running', { event_id: 'e' });
    await http.tell(id, 'waiting', { event_id: 'e' });
    expect(await http.refused(id)).toMatchObject([
      { event_id: 'e', verdict: 'id_reused', data: { report: { status: 'waiting' } } },
    ]);
  });

  it('a loop keeps one copy: without an id a report is identified by verdict, attempt and body', async () => {
    const id = await standing(http, 'succeeded');
    for (let n = 0; n < 5; n++) await http.tell(id, 'failed', { error: 'e' });
    await Promise.all(Array.from({ length: 20 }, () => http.tell(id, 'failed', { error: 'e' })));
    expect(await verdicts(id)).toEqual(['conflict']);
    await http.tell(id, 'failed', { error: 'other' });
    await http.tell(id, 'failed', { error: 'e', attempt: 2 });
    await http.tell(id, 'failed', { error: 'e', event_id: 'mine' });
    await http.tell(id, 'failed', { error: 'e', event_id: 'mine' });
    expect(await verdicts(id)).toEqual(['conflict', 'conflict', 'unknown_attempt', 'conflict']);
  });
}

/** docs/semantics.md §3: what is decided once, and what is kept of the rest. */
export function describeIdempotency(start: Start): void {
  describe('idempotency', () => {
    const http = serving(start);
    describeIds(http);
    describe('kept in the refused stream', () => describeKept(http));
  });
}

/** The bound of what is kept (docs/semantics.md §3). */
export function describeManyRefused(start: Start): void {
  const http = serving(start);

  it('after 1,000 per execution one ReportsOmitted marker is written, the rest are counted', async () => {
    const id = await standing(http, 'succeeded');
    const counted = async () =>
      /^\w*omitted\w*(?:\{.*\})? (\d+)$/m.exec((await http.get('//metrics')).text)?.[1] ?? '0';
    const before = Number(await counted());
    const report = (n: number) => JSON.stringify({ execution_id: id, status: 'failed', error: `e${n}` });
    const reports = Array.from({ length: 1200 }, (_, n) => report(n));
    // A store that is slow, or far away, does not take them all in the time of one body: the rest is sent again.
    while (reports.length > 0) {
      const { text } = await http.call('POST', '/reports', reports.join('\n'), {
        'content-type': 'application/x-ndjson',
      });
      const begun = lines(text).filter(({ next_line }) => next_line === undefined);
      expect(new Set(begun.map(({ verdict }) => verdict))).toEqual(new Set(['conflict']));
      reports.splice(0, begun.length);
    }
    await http.tell(id, 'failed', { error: 'one more' });
    const kept = (await http.get(`/executions/${id}/refused?from_revision=1&limit=1000`)).body;
    const types = kept.events.map(({ type }: { type: string }) => type);
    expect(types).toEqual([...Array(999).fill('ReportRefused'), 'ReportsOmitted']);
    expect(kept.head_revision).toBe(1000);
    expect(Number(await counted()) - before).toBe(201);
    const { body } = await http.tell(fresh(), 'running');
    expect((await http.get(`/executions/${id}?wait_for=${body.position}`)).body).toMatchObject({
      refused_count: 1000,
      revision: 1,
    });
  }, 120_000);
}
