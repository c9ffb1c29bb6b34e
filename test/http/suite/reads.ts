import { seenHeld } from './held.js';
import { expectProblem, fresh, POSITION, serving, standing, type Http, type Start } from './http.js';
import { describeLog, describeHistory } from './history.js';

function describeOne(http: Http): void {
  it('GET one includes every write acknowledged before the request', async () => {
    const ids = Array.from({ length: 20 }, () => fresh());
    await Promise.all(
      ids.map(async (id) => {
        for (const status of ['queued', 'running', 'succeeded']) {
          const { body } = await http.tell(id, status);
          expect(await http.show(id)).toMatchObject({
            status,
            revision: body.current.revision,
            position: body.position,
          });
        }
      }),
    );
  });

  it('the Execution has the shape every endpoint shows, and nothing else', async () => {
    const id = await standing(http, 'running');
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await http.show(id)).toEqual({
      execution_id: id,
      run_id: id,
      labels: {},
      status: 'running',
      sealed: false,
      attempt: 1,
      report_as: `${id}~1`,
      authority: null,
      created_at: at,
      started_at: at,
      last_activity_at: at,
      stale: false,
      silent: false,
      resumable: false,
      cancellable: true,
      dispatched: true,
      awaiting_worker: false,
      refused_count: 0,
      anomalies: { regressions: 0, dropped: 0, conflicts: 0, fenced: 0, superseded: 0 },
      revision: 1,
      position: POSITION,
    });
  });

  it('refused_count is as of the projection', async () => {
    const id = await standing(http, 'succeeded');
    await http.tell(id, 'failed');
    const { body } = await http.tell(fresh(), 'running');
    const shown = (await http.get(`/executions/${id}?wait_for=${body.position}`)).body;
    expect(shown).toMatchObject({ refused_count: 1, revision: 1 });
  });

  it('?until=terminal holds the answer until it is terminal', async () => {
    const id = await standing(http, 'queued');
    const held = http.get(`/executions/${id}?until=terminal&wait_ms=30000`);
    await http.tell(id, 'running');
    expect(await seenHeld(http, held)).toBe('held');
    await http.tell(id, 'succeeded', { result: 7 });
    expect((await held).body).toMatchObject({ status: 'succeeded', result: 7, revision: 3 });
    expect((await http.get(`/executions/${id}?until=terminal&wait_ms=30000`)).body.status).toBe('succeeded');
  });

  it('?until=terminal ends when the time is up; an unknown execution is 404 at once', async () => {
    const id = await standing(http, 'running');
    expect((await http.get(`/executions/${id}?until=terminal&wait_ms=20`)).body).toMatchObject({ status: 'running' });
    expect((await http.get(`/executions/${id}?until=terminal&wait_ms=0`)).body).toMatchObject({ status: 'running' });
    expectProblem(await http.get(`/executions/${fresh()}?until=terminal&wait_ms=30000`), 404, 'not_found');
  });
}

/** Held reads, so many at once. */
function describeWaiters(http: Http, count: number): void {
  it.each([
    ['the execution', '?until=terminal'],
    ['the history', '/events?from_revision=2'],
  ])(
    'many waiters on %s are answered by one terminal',
    async (_what, read) => {
      const id = await standing(http, 'running');
      const path = `/executions/${id}${read}&wait_ms=30000`;
      const held = Array.from({ length: count }, () => http.get(path));
      expect(await seenHeld(http, Promise.race(held))).toBe('held');
      await http.tell(id, 'failed', { error: 'e' });
      const end = read.startsWith('/') ? { final: true, events: [{ revision: 2 }] } : { status: 'failed', revision: 2 };
      for (const { status, body } of await Promise.all(held))
        expect({ status, body }).toMatchObject({ status: 200, body: end });
    },
    60_000,
  );

  it('many waiters on the log are answered by one event', async () => {
    const { body } = await http.tell(fresh(), 'running');
    const held = Array.from({ length: count }, () => http.get(`/events?after=${body.position}&wait_ms=30000`));
    expect(await seenHeld(http, Promise.race(held))).toBe('held');
    const next = await http.tell(fresh(), undefined);
    for (const answer of await Promise.all(held))
      expect(answer.body).toMatchObject({ events: [{ type: 'ExecutionRegistered' }], next_after: next.body.position });
  }, 60_000);
}

function describeWaitFor(http: Http): void {
  it('wait_for answers once the projection has passed the position', async () => {
    for (let n = 0; n < 20; n++) {
      const id = fresh();
      const { body } = await http.tell(id, 'running');
      const list = (await http.get(`/executions?q=${id}&wait_for=${body.position}`)).body;
      expect(list.executions).toMatchObject([{ execution_id: id, status: 'running' }]);
      expect(BigInt(list.as_of.position)).toBeGreaterThanOrEqual(BigInt(body.position));
    }
  });

  it('a position beyond the head is 409 position_ahead', async () => {
    const id = await standing(http, 'running');
    for (const path of [`/executions/${id}`, '/executions'])
      expectProblem(await http.get(`${path}?wait_for=999999999999`), 409, 'position_ahead');
  });
}

/** PROJECTOR=off: nothing is ever projected, and what is not read from a projection is as fresh as ever. */
function describeUnprojected(start: Start): void {
  describe('with PROJECTOR=off', () => {
    const http = serving(start, { PROJECTOR: 'off' });

    it('wait_for is 503 not_yet_projected with Retry-After', async () => {
      const { body } = await http.tell(fresh(), 'running');
      for (const path of ['/executions?', `/executions/${body.execution_id}?`]) {
        const answer = await http.get(`${path}wait_for=${body.position}&wait_ms=20`);
        expectProblem(answer, 503, 'not_yet_projected');
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      }
    });

    it('GET one, batch-status, the history and state are as fresh as ever; the list says how far behind it is', async () => {
      const ids = Array.from({ length: 7 }, () => fresh());
      for (const id of ids) await http.tell(id, 'succeeded');
      for (const asked of [ids.slice(0, 1), ids]) {
        const batch = (await http.post('/executions/batch-status', { execution_ids: [...asked, 'nobody'] })).body;
        for (const id of asked) expect(batch[id]).toEqual(await http.show(id));
        expect(batch['nobody']).toEqual({ execution_id: 'nobody', status: 'not_found' });
      }
      expect(await http.history(ids[0]!)).toMatchObject({ final: true });
      expect((await http.get(`/executions/${ids[0]}/state?at_revision=0`)).body).toMatchObject({ status: 'pending' });
      const list = (await http.get('/executions')).body;
      expect(list).toMatchObject({ executions: [], as_of: { position: '0', lag_ms: expect.any(Number) } });
    });
  });
}

/** docs/http-api.md, Reads, but for the list. */
export function describeReads(start: Start): void {
  describe('reads', () => {
    const http = serving(start);
    describe('one', () => describeOne(http));
    describe('100 at once', () => describeWaiters(http, 100));
    describe('history', () => describeHistory(http));
    describe('log', () => describeLog(http));
    describe('wait_for', () => describeWaitFor(http));
  });
  describeUnprojected(start);
}

/** As many held reads as a busy dashboard has. */
export function describeManyWaiters(start: Start): void {
  describe('reads, 1,000 at once', () => {
    describeWaiters(serving(start), 1_000);
  });
}
