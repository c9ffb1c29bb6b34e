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
  it.each(ENDS)('%s costs only itself: %s is named, on every door', async (_what, path, members) => {
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

/** wire.md, Reports: one bad optional never costs the outcome, and a typo is named. */
export function describeIgnored(start: Start): void {
  describe('what cannot be read of a report', () => describeOptionals(serving(start)));
  describe('members under other names', () => describeNames(serving(start)));
}
