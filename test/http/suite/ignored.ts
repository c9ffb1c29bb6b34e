import { expectProblem, fresh, lines, serving, standing, type Http, type Start } from './http.js';

const ENDS: readonly [string, string, object | string][] = [
  ['a measure below zero', 'duration_ms', { duration_ms: -1 }],
  ['a measure beyond all time', 'duration_ms', { duration_ms: 1e300 }],
  ['a measure that is no number', 'duration_ms', { duration_ms: '12s' }],
  ['a measure that no double holds', 'error_status_code', '"error_status_code":1e400'],
  ['a code that is a text', 'error_status_code', { error_status_code: '137' }],
  ['progress beyond its end', 'progress', { progress: 101 }],
  ['progress that is a text', 'progress', { progress: '50%' }],
  ['a moment before the calendar', 'completed_at', { completed_at: '0000-12-31T23:59:59Z' }],
  ['a moment without a zone', 'completed_at', { completed_at: '2026-01-10T13:50:54' }],
  ['a moment of another form', 'occurred_at', { occurred_at: '2023-01-10 13:50:54 UTC' }],
  ['a moment that is a number', 'occurred_at', { occurred_at: 1700000000 }],
  ['a message that is no text', 'message', { message: { text: 'm' } }],
  ['a worker that is no text', 'worker', { worker: 7 }],
  ['a reason that is no text', 'status_reason', { status_reason: ['oom'] }],
];

/** A report as JSON, with members as an object or as text (numbers that JavaScript cannot write). */
const withMembers = (report: object, members: object | string): string =>
  typeof members === 'string'
    ? `${JSON.stringify(report).slice(0, -1)},${members}}`
    : JSON.stringify({ ...report, ...members });

function describeOptionals(http: Http): void {
  it.each(ENDS)('%s costs only itself: %s is named, on every endpoint', async (_what, path, members) => {
    const id = fresh();
    const ignored = [{ path, message: expect.stringMatching(/./) }];
    const sent = await http.post(
      '/workflow/executions/events',
      withMembers({ execution_id: id, status: 'failed' }, members),
    );
    expect(sent.body).toMatchObject({ success: true, verdict: 'applied', ignored });
    const told = await standing(http, 'running');
    const strict = await http.post(
      `/executions/${told}/status`,
      withMembers({ status: 'failed', error: 'e' }, members),
    );
    expect(strict.body).toMatchObject({ status: 'failed', error: 'e', verdict: 'applied', ignored });
    const line = withMembers({ execution_id: fresh(), status: 'failed' }, members);
    const many = await http.call('POST', '/reports', line, { 'content-type': 'application/x-ndjson' });
    expect(lines(many.text)).toMatchObject([{ line: 1, verdict: 'applied', ignored }]);
  });

  it.each([
    ['progress', '"progress":100.00000000000001', { progress: 100 }],
    ['progress', '"progress":-0.0000000001', { progress: 0 }],
    ['duration_ms', '"duration_ms":12.3456789012345678901', { duration_ms: 12.345678901234567 }],
    ['error_status_code', '"error_status_code":123456789012345678901', { error_status_code: 123456789012345680000 }],
  ])('%s is read as a double, and clamped where the meaning is plain: %s', async (_member, text, shown) => {
    const id = await standing(http, 'running');
    const { body } = await http.post(`/executions/${id}/status`, withMembers({ status: 'failed' }, text));
    expect(body).toMatchObject({ verdict: 'applied', ...shown });
    expect(body.ignored).toBeUndefined();
  });

  it('inferred that cannot be read lowers the authority all the same', async () => {
    const id = await standing(http, 'running');
    const { body } = await http.tell(id, 'failed', { inferred: 'yes' });
    expect(body).toMatchObject({ applied: true, current: { authority: 'watchdog' }, ignored: [{ path: 'inferred' }] });
  });

  it('of labels only the bad ones are left out', async () => {
    const id = fresh();
    const labels = { team: 'a', 'a:b': 'c', size: 7, ...Object.fromEntries([['__proto__', 'p']]) };
    const { body } = await http.tell(id, 'running', { labels });
    expect(body.ignored.map(({ path }: { path: string }) => path).sort()).toEqual(['labels.a:b', 'labels.size']);
    expect((await http.show(id)).labels).toEqual(
      Object.fromEntries([
        ['team', 'a'],
        ['__proto__', 'p'],
      ]),
    );
    const many = await http.tell(fresh(), 'running', {
      labels: Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`l${n}`, n])),
    });
    expect(many.body).toMatchObject({ applied: true });
    expect(many.body.ignored.length).toBeLessThanOrEqual(20);
  });

  it('a progress report with nothing left is 400, and says why', async () => {
    const id = await standing(http, 'running');
    const { detail } = expectProblem(
      await http.post(`/executions/${id}/progress`, { progress: 200 }),
      400,
      'validation',
    );
    expect(detail).toContain('progress');
    expect(detail).toContain('at least one of');
    const { body } = await http.post(`/executions/${id}/progress`, { progress: 200, message: 'm' });
    expect(body).toMatchObject({ message: 'm', ignored: [{ path: 'progress' }] });
  });

  it('a refused report names what was ignored, too', async () => {
    const id = await standing(http, 'succeeded');
    const refused = await http.say(id, 'failed', { duration_ms: -1 });
    expect(expectProblem(refused, 409, 'conflict').ignored).toMatchObject([{ path: 'duration_ms' }]);
    expect((await http.refused(id))[0].data.report).toMatchObject({ duration_ms: -1 });
  });

  it('a heartbeat is one, whatever its worker is called', async () => {
    const id = await standing(http, 'running');
    const { body } = await http.post(`/executions/${id}/heartbeat`, { worker: 7 });
    expect(body).toMatchObject({ applied: true, ignored: [{ path: 'worker' }] });
  });

  it.each([
    ['execution_id', { execution_id: 7 }],
    ['event_id', { event_id: '' }],
    ['status', { status: 7 }],
    ['attempt', { attempt: 'two' }],
    ['attempt', { attempt: 1.5 }],
  ])('what a report is about must be read: %s %j is 400', async (path, members) => {
    const answer = await http.post('/workflow/executions/events', {
      execution_id: fresh(),
      status: 'running',
      ...members,
    });
    expect(expectProblem(answer, 400, 'validation').issues).toMatchObject([{ path }]);
  });
}

function describeNames(http: Http): void {
  it.each([
    ['state', 'status'],
    ['executionId', 'execution_id'],
    ['error_message', 'error'],
    ['errorMessage', 'error'],
    ['workflowId', 'workflow_id'],
    ['Duration', 'duration_ms'],
    ['occurredAt', 'occurred_at'],
  ])('%s looks like %s, and is named', async (key, meant) => {
    const { body } = await http.tell(fresh(), 'running', { [key]: 'x' });
    expect(body).toMatchObject({ applied: true, ignored: [{ path: key, message: expect.stringContaining(meant) }] });
  });

  it('one that is missing under its name is named beside what looks like it', async () => {
    const answer = await http.post('/workflow/executions/events', { executionId: fresh(), state: 'success' });
    expect(expectProblem(answer, 400, 'validation').issues).toEqual([
      { path: 'execution_id', message: expect.stringMatching(/./) },
      { path: 'executionId', message: 'is not read; did you mean execution_id?' },
      { path: 'state', message: 'is not read; did you mean status?' },
    ]);
  });

  it('what looks like nothing of ours is nobody’s business', async () => {
    const { body } = await http.tell(fresh(), 'running', { shard: 7, 'x-trace': 'a', constructor: 1, toString: 2 });
    expect([body.applied, body.ignored]).toEqual([true, undefined]);
  });

  it('the endpoint for events takes all that an outcome has', async () => {
    const id = fresh();
    const outcome = {
      error: 'e',
      error_details: { code: 'X' },
      error_status_code: 502,
      completed_at: '2026-01-10T13:50:54.000Z',
      duration_ms: 1_500,
      target: 'node.call',
      kind: 'job',
      labels: { team: 'a' },
    };
    expect((await http.tell(id, 'failed', outcome)).body.ignored).toBeUndefined();
    expect(await http.show(id)).toMatchObject(outcome);
  });
}

/** What only an outcome has a place for. */
const EARLY: readonly [string, unknown][] = [
  ['result', { rows: 1 }],
  ['error', 'e'],
  ['error_details', [1]],
  ['error_status_code', 502],
  ['duration_ms', 5],
  ['completed_at', '2026-01-10T13:50:54.000Z'],
];

function describeEarly(http: Http): void {
  it.each(EARLY)(
    '%s beside an open status is named, counts nothing, and is kept where it repeats',
    async (path, value) => {
      const id = fresh();
      const ignored = [{ path, message: expect.stringContaining('outcome') }];
      const said = { [path]: value };
      expect((await http.tell(id, 'queued', said)).body).toMatchObject({ verdict: 'applied', ignored });
      expect((await http.say(id, 'queued', said)).body).toMatchObject({
        verdict: 'duplicate',
        status: 'queued',
        ignored,
      });
      expect((await http.tell(id, 'queued', { ...said, [path]: null })).body.ignored).toBeUndefined();
      expect((await http.tell(id, undefined, { ...said, progress: 5 })).body).toMatchObject({
        verdict: 'applied',
        ignored,
      });
      expect(await http.show(id)).not.toHaveProperty(path);
      expect(await http.refused(id)).toMatchObject([{ verdict: 'duplicate', data: { report: said } }]);
    },
  );

  it('what cannot be read of a repetition is kept, what is of the report itself is not', async () => {
    const id = await standing(http, 'running');
    await http.tell(id, 'running', { occurred_at: 'now', timestamp: 1, inferred: 'no' });
    expect(await http.refused(id)).toEqual([]);
    await http.tell(id, 'running', { errorMessage: 'e' });
    expect(await http.refused(id)).toMatchObject([{ verdict: 'duplicate', data: { report: { errorMessage: 'e' } } }]);
  });

  it('a repeated outcome is kept for anything that it says otherwise, once', async () => {
    const id = fresh();
    const outcome = { result: 1, message: 'm', data: { a: 1 }, worker: 'w', duration_ms: 5 };
    await http.tell(id, 'succeeded', outcome);
    for (const more of [{}, { message: 'n' }, { duration_ms: 6 }, { duration_ms: 6 }, { message: 'm' }])
      expect((await http.tell(id, 'succeeded', { ...outcome, ...more })).body.verdict).toBe('duplicate');
    expect(await http.refused(id)).toMatchObject([
      { verdict: 'duplicate', data: { report: { message: 'n' } } },
      { verdict: 'duplicate', data: { report: { duration_ms: 6 } } },
    ]);
    expect(await http.show(id)).toMatchObject({ result: 1, message: 'm', worker: 'w', duration_ms: 5 });
  });

  it('an error that is an object stays whole beside details of its own', async () => {
    const error = { message: 'm', code: 'X' };
    const id = fresh();
    await http.tell(id, 'failed', { error, error_details: { host: 'h' } });
    expect(await http.show(id)).toMatchObject({ error: JSON.stringify(error), error_details: { host: 'h' } });
  });

  it.each([
    ['progress', { progress: 5, status: 'running', result: 1 }, ['status', 'result']],
    ['heartbeat', { progress: 5, execution_id: 'x' }, ['progress']],
  ])('/%s names what it does not read', async (endpoint, body, paths) => {
    const id = await standing(http, 'running');
    const told = await http.post(`/executions/${id}/${endpoint}`, body);
    expect(told.body).toMatchObject({ applied: true });
    expect(told.body.ignored.map(({ path }: { path: string }) => path)).toEqual(paths);
  });
}

function describeStrictKeys(http: Http): void {
  const body = { shard: 7, state: 'x', ...Object.fromEntries([['__proto__', 1]]) };
  const unknown = [
    { path: 'shard', message: expect.stringContaining('no member') },
    { path: 'state', message: expect.stringContaining('status') },
    { path: '__proto__', message: expect.stringContaining('no member') },
  ];

  it.each([
    ['/workflow/executions/events', { execution_id: 'x', status: 'running' }, 'state'],
    ['/executions/x/status', { status: 'running' }, 'state'],
    ['/executions/x/progress', { progress: 5 }, undefined],
    ['/executions/x/heartbeat', {}, undefined],
  ])('?strict=true: %s refuses members that are none, and names each', async (path, said, spelled) => {
    const id = fresh();
    await http.tell(id, 'queued');
    const to = path.replace('/x/', `/${id}/`);
    const report = 'execution_id' in said ? { ...said, execution_id: id } : said;
    const { revision } = await http.show(id);
    const refused = await http.post(`${to}?strict=true`, { ...report, ...body });
    const issues = unknown.map((issue) =>
      spelled ? issue : { ...issue, message: expect.stringContaining('no member') },
    );
    expect(expectProblem(refused, 400, 'validation').issues).toEqual(issues);
    expect((await http.show(id)).revision).toBe(revision);
    for (const flag of ['strict=true', 'strict=false', 'other=1'])
      expect((await http.post(`${to}?${flag}`, report)).status).toBe(200);
    expect((await http.post(`${to}?strict=false`, { ...report, ...body })).status).toBe(200);
    for (const bad of ['strict=maybe', 'strict=', 'strict=true&strict=true', 'strict=toString'])
      expect(expectProblem(await http.post(`${to}?${bad}`, report), 400, 'validation').issues).toEqual([
        { path: 'strict', message: 'expected true or false' },
      ]);
  });

  it.each([
    ['statuss', 'status'],
    ['mesage', 'message'],
    ['execution-idd', 'execution_id'],
    ['progres', 'progress'],
    ['stats', 'status'],
    ['weather', undefined],
    ['stat', undefined],
    [`m${'e'.repeat(100_000)}ssage`, undefined],
  ])('?strict=true names the nearest member that there is (%#)', async (key, meant) => {
    const said = { execution_id: fresh(), status: 'running', [key]: 1 };
    const { issues } = expectProblem(
      await http.post('/workflow/executions/events?strict=true', said),
      400,
      'validation',
    );
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    expect(issues).toMatchObject([{ message: `is no member of this report${hint}` }]);
  });

  it('of many reports each is malformed by itself, a flag that is none is wrong of all', async () => {
    const [good, bad] = [fresh(), fresh()];
    const text = [{ execution_id: good }, { execution_id: bad, ...body }].map((one) => JSON.stringify(one)).join('\n');
    const type = { 'content-type': 'application/x-ndjson' };
    const { text: told } = await http.call('POST', '/reports?strict=true', text, type);
    expect(lines(told)).toMatchObject([
      { line: 1, verdict: 'applied' },
      { line: 2, verdict: 'malformed', error: expect.stringMatching(/shard: .*state: .*__proto__: /s) },
    ]);
    expectProblem(await http.call('POST', '/reports?strict=maybe', text, type), 400, 'validation');
  });
}

/** docs/http-api.md, Reports: one bad optional never costs the outcome, and a typo is named. */
export function describeIgnored(start: Start): void {
  describe('what cannot be read of a report', () => describeOptionals(serving(start)));
  describe('members under other names', () => describeNames(serving(start)));
  describe('members that are none', () => describeStrictKeys(serving(start)));
  describe('what only an outcome may say', () => describeEarly(serving(start)));
}
