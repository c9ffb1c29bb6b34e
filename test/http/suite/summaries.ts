import { describeHistogram } from './histogram.js';
import { expectProblem, fresh, serving, type Http, type Start } from './http.js';

const NOBODY = {
  pending: 0,
  queued: 0,
  running: 0,
  waiting: 0,
  paused: 0,
  succeeded: 0,
  failed: 0,
  timeout: 0,
  cancelled: 0,
};

/** Rules of every endpoint that reads projected data. */
function describeProjected(http: Http, endpoint: () => string, dense: boolean): void {
  const query = (more: string): string => `${endpoint()}${endpoint().includes('?') ? '&' : '?'}${more}`;

  it('says how far its projection is', async () => {
    const { body: told } = await http.tell(fresh(), 'running');
    const answer = await http.get(query(`wait_for=${told.position}`));
    expect(answer.status).toBe(200);
    const { position, at, lag_ms, lag_events } = answer.body.as_of;
    expect(BigInt(position)).toBeGreaterThanOrEqual(BigInt(told.position));
    expect(answer.headers.get('ledger-position')).toBe(position);
    expect(new Date(at).toISOString()).toBe(at);
    expect([typeof lag_ms, typeof lag_events]).toEqual(['number', dense ? 'number' : 'undefined']);
  });

  it('refuses what it does not know, and a position beyond the head', async () => {
    expectProblem(await http.get(query('colour=red')), 400, 'validation');
    expectProblem(await http.get(query('wait_for=999999999')), 409, 'position_ahead');
    expectProblem(await http.get(query('wait_for=-1')), 400, 'validation');
  });
}

function describeCounts(http: Http): void {
  const counts = async (position: string, query = '') => {
    const answer = await http.get(`/status-counts?wait_for=${position}${query}`);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
    return answer.body.counts as Record<string, number>;
  };

  it('count each execution where it stands, and move with it', async () => {
    const [id, workflow_id] = [fresh(), fresh('w')];
    const { body: first } = await http.tell(id, 'running', { workflow_id, type: 'node' });
    const before = await counts(first.position);
    expect(Object.keys(before).sort()).toEqual(Object.keys(NOBODY).sort());
    await http.tell(id, 'running', { workflow_id }); // says nothing new
    const { body: last } = await http.tell(id, 'failed', { inferred: true });
    expect(await counts(last.position)).toEqual({
      ...before,
      running: before['running']! - 1,
      failed: before['failed']! + 1,
    });
    const { body: right } = await http.tell(id, 'succeeded'); // the worker knows better
    expect(await counts(right.position)).toEqual({
      ...before,
      running: before['running']! - 1,
      succeeded: before['succeeded']! + 1,
    });
    expect(await counts(right.position, `&workflow_id=${workflow_id}`)).toEqual({ ...NOBODY, succeeded: 1 });
    expect(await counts(right.position, `&workflow_id=${workflow_id}&target=node`)).toEqual({
      ...NOBODY,
      succeeded: 1,
    });
    expect(await counts(right.position, `&workflow_id=${workflow_id}&target=other`)).toEqual(NOBODY);
  });
}

/** A hundredth more or less. */
const SEVEN = expect.closeTo(7, 1);

function describeHealth(http: Http): void {
  const health = async (query: string) => {
    const answer = await http.get(`/target-health?${query}`);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
    return answer.body;
  };

  it('shows a target by the hour: outcomes by authority, durations by quantile', async () => {
    const type = fresh('node');
    const durations = Array.from({ length: 100 }, (_, n) => n + 1);
    await Promise.all(durations.map((duration_ms) => http.tell(fresh(), 'succeeded', { type, duration_ms })));
    const { body: told } = await http.tell(fresh(), 'failed', { type, inferred: true });
    const { targets, from, to } = await health(`target=${type}&wait_for=${told.position}`);
    expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
    const outcomes = { succeeded: { worker: 100 }, failed: { watchdog: 1 } };
    expect(targets).toMatchObject([{ target: type, outcomes, durations_ms: { count: 100 } }]);
    const [{ durations_ms, hours }] = targets;
    for (const [quantile, expected] of [
      ['p50', 50],
      ['p95', 95],
      ['p99', 99],
    ] as const)
      expect(Math.abs(durations_ms[quantile] / expected - 1)).toBeLessThan(0.03);
    expect(hours.length).toBeLessThanOrEqual(2);
    expect(hours[0].hour).toMatch(/T\d\d:00:00\.000Z$/);
  });

  it('takes back what was a guess', async () => {
    const [type, id] = [fresh('node'), fresh()];
    await http.tell(id, 'running', { type });
    await http.tell(id, 'timeout', { inferred: true });
    const { body: told } = await http.tell(id, 'succeeded', { duration_ms: 7 });
    const { targets } = await health(`target=${type}&wait_for=${told.position}`);
    expect(targets).toMatchObject([{ outcomes: { succeeded: { worker: 1 } }, durations_ms: { count: 1 } }]);
    expect(targets[0].outcomes).toEqual({ succeeded: { worker: 1 } });
    const all = await health('');
    expect(all.targets.find(({ target }: { target: string }) => target === type)).toEqual({
      target: type,
      outcomes: { succeeded: { worker: 1 } },
      durations_ms: { count: 1, p50: SEVEN, p95: SEVEN, p99: SEVEN },
    });
  });

  it('is asked for a time: of nobody else’s, nor of too much', async () => {
    const type = fresh('node');
    const at = '2020-05-05T12:34:56.000Z';
    const { body: told } = await http.say(await opened(http, type), 'succeeded', { completed_at: at });
    const asked = (from: string, to: string) => `target=${type}&wait_for=${told.position}&from=${from}&to=${to}`;
    const inIt = await health(asked('2020-05-05T12:00:00Z', '2020-05-05T13:00:00Z'));
    expect(inIt.targets[0].hours).toMatchObject([{ hour: '2020-05-05T12:00:00.000Z' }]);
    expect((await health(asked('2020-05-05T13:00:00Z', '2020-05-06T00:00:00Z'))).targets).toEqual([]);
    expectProblem(await http.get('/target-health?from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z'), 400);
    expectProblem(await http.get('/target-health?from=2020-01-01T00:00:00Z&to=2021-01-01T00:00:00Z'), 400);
    expectProblem(await http.get('/target-health?from=yesterday'), 400);
  });
}

function describeFailures(http: Http): void {
  const groups = async (query: string) => {
    const answer = await http.get(`/failure-groups?${query}`);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
    return answer.body.groups as Record<string, unknown>[];
  };
  const listed = async (query: string) =>
    (await http.get(`/executions?${query}&count=true&sort=created_at`)).body as { executions: never[]; total: number };

  it('shows what failed by what the errors have in common, as many as the list has of it', async () => {
    const [workflow_id, name] = [fresh('w'), fresh('code').replace(/\d/g, 'x')];
    const fail = (n: number, error: string, type: string, kind: string, status = 'failed') =>
      http.tell(`${workflow_id}-${n}`, status, { workflow_id, error, type, kind });
    await fail(1, `${name}: host-17 refused "a"`, 't1', 'job');
    await fail(2, `${name}: host-4 refused "b c"`, 't2', 'agent');
    await fail(3, `${name}: host-4 refused ""`, 't2', 'job', 'timeout');
    const { body: told } = await fail(4, 'something else', 't1', 'job');
    const asked = `workflow_id=${workflow_id}`;
    const [first, other] = await groups(`${asked}&wait_for=${told.position}`);
    expect(first).toEqual({
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      pattern: `${name}: host-<n> refused <text>`,
      ...{ count: 3, standing: 3, first_at: expect.stringMatching(/:00\.000Z$/), last_at: expect.any(String) },
      ...{ targets: ['t2', 't1'], example: `${workflow_id}-3` },
    });
    expect(other).toMatchObject({ pattern: 'something else', count: 1, example: `${workflow_id}-4` });
    const of = `${asked}&failure_group=${String(first!['fingerprint'])}`;
    expect(await listed(of)).toMatchObject({ total: 3 });
    expect(await listed(`${asked}&-failure_group=${String(first!['fingerprint'])}`)).toMatchObject({ total: 1 });
    for (const [query, count] of [
      ['target=t2', 2],
      ['kind=job', 2],
      ['status=timeout', 1],
      ['status=failed&status=timeout&target=t1&kind=job', 1],
    ] as const) {
      expect((await groups(`${asked}&${query}`))[0]).toMatchObject({ count, standing: count });
      expect(await listed(`${of}&${query}`)).toMatchObject({ total: count });
    }
    expect(await groups(`${asked}&to=2020-01-01T00:00:00Z`)).toEqual([]);
  });

  it('a failure that was made good happened, and stands no more; one that was corrected did not happen', async () => {
    const workflow_id = fresh('w');
    const [good, guessed] = [fresh(), fresh()];
    await http.tell(good, 'failed', { workflow_id, error: 'no disk' });
    await http.tell(guessed, 'timeout', { workflow_id, inferred: true, error: 'not heard of' });
    const { body: told } = await http.tell(guessed, 'succeeded');
    const shown = (position: string) => groups(`workflow_id=${workflow_id}&wait_for=${position}`);
    const [before, ...none] = await shown(told.position);
    expect([before, none]).toMatchObject([{ count: 1, standing: 1, example: good }, []]);
    await http.post(`/executions/${good}/resume`, {});
    const { body: last } = await http.tell(`${good}~2`, 'succeeded');
    const [after] = await shown(last.position);
    expect(after).toEqual({ ...before, standing: 0, example: undefined });
    expect(await listed(`failure_group=${String(after!['fingerprint'])}&workflow_id=${workflow_id}`)).toMatchObject({
      total: 0,
    });
  });

  it('is asked for what it counts by, and for a month at most', async () => {
    for (const query of [
      'status=succeeded',
      'run_id=x',
      'from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z',
      'to=then',
    ])
      expectProblem(await http.get(`/failure-groups?${query}`), 400, 'validation');
    expectProblem(await http.get('/executions?failure_group=x'), 400, 'validation');
  });
}

const opened = async (http: Http, target: string): Promise<string> => {
  const id = fresh();
  await http.post('/executions', { execution_id: id, target });
  return id;
};

function describeTree(http: Http): void {
  const child = (parent_execution_id: string, status: string, id = fresh()) =>
    http.tell(id, status, { parent_execution_id, run_id: 'r-tree' });

  it('shows an execution with its descendants, and the totals of each and of the run', async () => {
    const [root, middle, leaf] = [fresh(), fresh(), fresh()];
    await http.tell(root, 'running', { run_id: 'r-tree', type: 'planner' });
    await child(root, 'failed', middle);
    await child(root, 'succeeded');
    await child(root, 'succeeded');
    const { body: told } = await child(middle, 'waiting', leaf);
    const answer = await http.get(`/executions/${root}/tree?wait_for=${told.position}`);
    expect(answer.body).toMatchObject({
      run_id: 'r-tree',
      run_counts: { running: 1, failed: 1, succeeded: 2, waiting: 1 },
      root: { execution_id: root, status: 'running', target: 'planner', child_counts: { failed: 1, succeeded: 2 } },
    });
    const { children } = answer.body.root;
    expect(children).toHaveLength(3);
    expect(children[0]).toMatchObject({
      execution_id: middle,
      child_counts: { waiting: 1 },
      children: [{ execution_id: leaf, children: [], child_counts: {} }],
    });
    const cut = (await http.get(`/executions/${root}~1/tree?limit=2&depth=1`)).body;
    expect([cut.truncated, cut.root.children.length, cut.root.child_counts]).toEqual([
      true,
      1,
      { failed: 1, succeeded: 2 },
    ]);
  });

  it('ends where a parent is its own descendant', async () => {
    const [one, other] = [fresh(), fresh()];
    await child(other, 'running', one);
    const { body: told } = await child(one, 'running', other);
    const { root } = (await http.get(`/executions/${one}/tree?wait_for=${told.position}`)).body;
    expect(root).toMatchObject({ execution_id: one, children: [{ execution_id: other, children: [] }] });
    expectProblem(await http.get(`/executions/${fresh()}/tree`), 404, 'not_found');
  });
}

/** docs/http-api.md, Reads: what many executions come to. `dense`: positions count events. */
export function describeSummaries(start: Start, dense = true): void {
  describe('summaries', () => {
    const http = serving(start);
    describe('GET /status-counts', () => {
      describeProjected(http, () => '/status-counts', dense);
      describeCounts(http);
    });
    describe('GET /target-health', () => {
      describeProjected(http, () => '/target-health?target=x', dense);
      describeHealth(http);
    });
    describe('GET /failure-groups', () => {
      describeProjected(http, () => '/failure-groups', dense);
      describeFailures(http);
    });
    describe('GET /executions/histogram', () => {
      describeProjected(http, () => '/executions/histogram', dense);
      describeHistogram(http);
    });
    describe('GET /executions/:id/tree', () => {
      const id = fresh();
      beforeAll(() => http.tell(id, 'running'));
      describeProjected(http, () => `/executions/${id}/tree`, dense);
      describeTree(http);
    });
  });
}
