import { seenHeld } from './held.js';
import { expectProblem, fresh, POSITION, standing, type Http } from './http.js';

const types = ({ events }: { events: { type: string }[] }) => events.map(({ type }) => type);

/** docs/http-api.md, History, Refused reports, State in the past. */
export function describeHistory(http: Http): void {
  it('tells everything in order, final last: what each event was, who said it, and the status after it', async () => {
    const id = fresh();
    await http.post('/executions', { execution_id: id, kind: 'k', command_id: 'reg' });
    await http.tell(id, 'running', { event_id: 'e1', worker: 'w', progress: 10, occurred_at: '2026-01-01T00:00:00Z' });
    await http.tell(id, 'failed', { error: 'e' });
    await http.post(`/executions/${id}/resume`, { reason: 'r' });
    const page = await http.history(id);
    expect(page).toMatchObject({ execution_id: id, next_revision: 5, head_revision: 4, final: false });
    expect(
      page.events.map((e: Record<string, unknown>) => [e['revision'], e['type'], e['status'], e['attempt']]),
    ).toEqual([
      [0, 'ExecutionRegistered', 'pending', 1],
      [1, 'ExecutionProgressed', 'pending', 1],
      [2, 'ExecutionStarted', 'running', 1],
      [3, 'ExecutionFailed', 'failed', 1],
      [4, 'ExecutionResumed', 'running', 2],
    ]);
    expect(page.events[2]).toEqual({
      revision: 2,
      position: POSITION,
      event_id: 'e1',
      type: 'ExecutionStarted',
      attempt: 1,
      status: 'running',
      recorded_at: expect.stringMatching(/Z$/),
      occurred_at: '2026-01-01T00:00:00.000Z',
      source: expect.stringMatching(/./),
      reporter: { actor: 'anonymous', authority: 'worker' },
      data: { attempt: 1, worker: 'w' },
    });
    expect(page.events[4].data).toMatchObject({
      attempt: 2,
      takeover: false,
      reason: 'r',
      previous: { status: 'failed', error: 'e', authority: 'worker' },
    });
    const positions = page.events.map(({ position }: { position: string }) => BigInt(position));
    expect(positions).toEqual([...positions].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('comes in pages; beyond the head there is nothing, and next_revision says where to ask again', async () => {
    const id = fresh();
    for (let n = 0; n < 7; n++) await http.tell(id, undefined, { message: `m${n}` });
    const whole = await http.history(id);
    const read = async (from: number, limit: number) =>
      (await http.get(`/executions/${id}/events?from_revision=${from}&limit=${limit}`)).body;
    const pages = [await read(0, 3), await read(3, 3), await read(6, 3)];
    expect(pages.flatMap(({ events }) => events)).toEqual(whole.events);
    expect(pages.map((page) => [page.next_revision, page.head_revision, page.final])).toEqual([
      [3, 7, false],
      [6, 7, false],
      [8, 7, false],
    ]);
    expect(await read(8, 3)).toEqual({
      execution_id: id,
      events: [],
      next_revision: 8,
      head_revision: 7,
      final: false,
    });
    expect(await read(100, 3)).toMatchObject({ events: [], next_revision: 100, head_revision: 7 });
  });

  it('wait_ms holds the answer until something is there; a final ends the wait', async () => {
    const id = await standing(http, 'running');
    const held = http.get(`/executions/${id}/events?from_revision=2&wait_ms=30000`);
    await http.tell(fresh(), 'running'); // somebody else's news wakes nobody
    expect(await seenHeld(http, held)).toBe('held');
    await http.tell(id, undefined, { message: 'm' });
    expect((await held).body).toMatchObject({
      events: [{ type: 'ExecutionProgressed' }],
      next_revision: 3,
      final: false,
    });
    const last = http.get(`/executions/${id}/events?from_revision=3&wait_ms=30000`);
    await http.tell(id, 'succeeded');
    expect((await last).body).toMatchObject({ events: [{ type: 'ExecutionSucceeded' }], final: true });
    for (const from of [4, 9]) {
      const after = (await http.get(`/executions/${id}/events?from_revision=${from}&wait_ms=30000`)).body;
      expect(after).toMatchObject({ events: [], next_revision: from, final: true });
    }
    expectProblem(await http.get(`/executions/${fresh()}/events?wait_ms=30000`), 404, 'not_found');
  });

  it('refused: the refused reports with verdict and against; an existing execution with none has no events', async () => {
    const id = await standing(http, 'succeeded');
    const empty = await http.get(`/executions/${id}/refused`);
    expect(empty).toMatchObject({ status: 200, body: { execution_id: id, events: [] } });
    const report = { status: 'failed', error: 'late', event_id: 'e', nobody_knows: [1] };
    await http.post(
      '/workflow/executions/events',
      { execution_id: id, ...report },
      { 'x-correlation-id': 'c', 'x-actor-id': 'a' },
    );
    await http.say(id, 'running');
    const { body } = await http.get(`/executions/${id}/refused`);
    expect(body.events).toMatchObject([
      {
        event_id: 'e',
        verdict: 'conflict',
        correlation_id: 'c',
        on_behalf_of: 'a',
        reporter: { actor: 'anonymous', authority: 'worker' },
        against: { status: 'succeeded', attempt: 1, authority: 'worker', revision: 1 },
        data: { verdict: 'conflict', report: { execution_id: id, ...report } },
      },
      { verdict: 'regression', data: { report: { status: 'running' } } },
    ]);
    const page = (await http.get(`/executions/${id}/refused?from_revision=1&limit=1`)).body;
    expect(page.events).toEqual(body.events.slice(1));
  });

  it('state: the Execution as it was at a revision or a moment, flags as of then', async () => {
    const id = await standing(http, 'running');
    await http.tell(id, 'failed', { error: 'e', progress: 5 });
    await http.post(`/executions/${id}/resume`);
    const at = async (query: string) => http.get(`/executions/${id}/state?${query}`);
    const views = await Promise.all(
      [0, 1, 2, 3, 4].map(async (revision) => (await at(`at_revision=${revision}`)).body),
    );
    expect(views.map(({ status, attempt, resumable, revision }) => [status, attempt, resumable, revision])).toEqual([
      ['pending', 1, false, 0],
      ['running', 1, false, 1],
      ['running', 1, false, 2],
      ['failed', 1, true, 3],
      ['running', 2, false, 4],
    ]);
    expect(views[3]).toMatchObject({ error: 'e', progress: 5 });
    expect(views[4]).toEqual(await http.show(id));
    const { events } = await http.history(id);
    expect((await at(`at_time=${events[4].recorded_at}`)).body).toMatchObject({ revision: 4 });
    expect((await at('at_time=2999-01-01T00:00:00Z')).body).toMatchObject({ revision: 4 });
    expectProblem(await at('at_revision=5'), 400, 'validation');
    expectProblem(await at('at_time=2020-01-01T00:00:00Z'), 404, 'not_found');
  });
}

/** docs/http-api.md, The log. */
export function describeLog(http: Http): void {
  it('/events is the history of everything, after exclusive, refused streams excluded', async () => {
    const [one, two] = [fresh(), fresh()];
    const start = (await http.tell(one, 'running')).body.position;
    await http.tell(two, 'succeeded');
    await http.tell(two, 'failed'); // refused
    const end = (await http.tell(one, 'succeeded')).body.position;
    const { body } = await http.get(`/events?after=${start}`);
    expect(body.events.map((event: Record<string, unknown>) => [event['execution_id'], event['type']])).toEqual([
      [two, 'ExecutionRegistered'],
      [two, 'ExecutionSucceeded'],
      [one, 'ExecutionSucceeded'],
    ]);
    expect(body).toMatchObject({ next_after: end, head_position: end });
    const pages: unknown[] = [];
    for (let after = start; after !== end;) {
      const page = (await http.get(`/events?after=${after}&limit=1`)).body;
      expect(BigInt(page.next_after)).toBeGreaterThan(BigInt(after));
      pages.push(...page.events);
      after = page.next_after;
    }
    expect(pages).toEqual(body.events);
    const { revision: _, ...event } = (await http.history(one)).events.at(-1);
    expect(body.events.at(-1)).toMatchObject({
      event_id: event.event_id,
      position: end,
      recorded_at: event.recorded_at,
    });
  });

  it('wait_ms holds the answer until something is there that is no refusal', async () => {
    const id = await standing(http, 'succeeded');
    const { next_after } = (await http.get(`/events?limit=1000&after=${(await http.show(id)).position}`)).body;
    const held = http.get(`/events?after=${next_after}&wait_ms=30000`);
    await http.tell(id, 'failed');
    expect(await seenHeld(http, held)).toBe('held');
    const { body } = await http.tell(fresh(), 'running');
    expect(types((await held).body)).toContain('ExecutionRegistered');
    const last = (await http.get(`/events?after=${body.position}&wait_ms=20`)).body;
    expect(last).toEqual({ events: [], next_after: body.position, head_position: body.position });
  });
}
