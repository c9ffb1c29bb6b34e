import { expectProblem, fresh, standing, type Http } from './http.js';

const TERMINAL = ['succeeded', 'failed', 'timeout', 'cancelled'] as const;
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** docs/semantics.md §4, register. */
export function describeRegister(http: Http): void {
  const body = (execution_id: string) => ({
    execution_id,
    workflow_id: 'w',
    parent_execution_id: 'p',
    target: 't',
    kind: 'k',
    input: { a: [1] },
    labels: { team: 'x' },
    deadline: '2999-01-01T00:00:00+00:00',
    timeout_ms: 60_000,
  });

  it('201 + Location + the Execution, pending, and the receipt', async () => {
    const id = fresh();
    const answer = await http.post('/executions', body(id));
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/api/v1/executions/${id}`);
    expect(answer.body).toEqual({
      ...(await http.show(id)),
      verdict: 'applied',
      applied: true,
      current: { status: 'pending', attempt: 1, authority: null, sealed: false, dispatched: false, revision: 0 },
    });
    const { deadline, timeout_ms: _, ...described } = body(id);
    expect(answer.body).toMatchObject({ ...described, run_id: 'w', status: 'pending', created_at: INSTANT });
    expect(Date.parse(answer.body.deadline)).toBeLessThan(Date.parse(deadline));
    expect(Date.parse(answer.body.deadline) - Date.parse(answer.body.created_at)).toBe(60_000);
  });

  it('the same body again, ids aside: 200, the first receipt, the Execution as of now', async () => {
    const id = fresh();
    const first = await http.post('/executions', { ...body(id), command_id: 'a' });
    await http.tell(id, 'succeeded', { result: 1 });
    for (const more of [{}, { command_id: 'a' }, { command_id: 'b' }]) {
      const again = await http.post('/executions', { ...body(id), ...more });
      expect({ status: again.status, location: again.headers.get('location') }).toEqual({
        status: 200,
        location: null,
      });
      expect(again.body).toEqual({
        ...(await http.show(id)),
        verdict: 'applied',
        applied: true,
        replayed: true,
        position: first.body.position,
        current: expect.objectContaining({ status: 'succeeded', revision: 1 }),
      });
    }
    const other = await http.post('/executions', { ...body(id), kind: 'other', command_id: 'a' });
    expectProblem(other, 409, 'id_reused');
  });

  it('a stream that a report opened is described once, with what is new; another description is id_reused', async () => {
    const id = fresh();
    await http.tell(id, 'running', { workflow_id: 'told' });
    const described = await http.post('/executions', body(id));
    expect(described.status).toBe(200);
    expect(described.body).toMatchObject({
      verdict: 'applied',
      applied: true,
      status: 'running',
      workflow_id: 'told',
      kind: 'k',
      labels: { team: 'x' },
      input: { a: [1] },
    });
    expect((await http.post('/executions', body(id))).body).toMatchObject({
      replayed: true,
      position: described.body.position,
    });
    const problem = expectProblem(
      await http.post('/executions', { execution_id: id, kind: 'other' }),
      409,
      'id_reused',
    );
    expect(problem).toMatchObject({ verdict: 'id_reused', requested: 'register', current: { status: 'running' } });
  });

  it.each(TERMINAL)('%s: regression naming the status, so that the submitter does not start', async (status) => {
    const id = await standing(http, status);
    const problem = expectProblem(await http.post('/executions', { execution_id: id }), 409, 'regression');
    expect(problem).toMatchObject({ verdict: 'regression', requested: 'register', current: { status } });
  });

  it.each([
    [{ execution_id: 7 }],
    [{ labels: { a: 1 } }],
    [{ labels: [] }],
    [{ labels: null }],
    [{ labels: 7 }],
    [{ labels: { '': 'x' } }],
    [{ labels: { 'a:b': 'c' } }],
    [{ deadline: 'tomorrow' }],
    [{ deadline: '2026-01-01' }],
    [{ timeout_ms: -1 }],
    [{ timeout_ms: '5' }],
    [{ run_id: 7 }],
    [{ command_id: '' }],
    [[]],
    ['x'],
    [{ kind: null }],
  ])('%j is 400', async (bad) => {
    expectProblem(await http.post('/executions', JSON.stringify(bad)), 400, 'validation');
  });

  it('more labels than 1,000 are 400', async () => {
    const labelled = (count: number) => ({
      labels: Object.fromEntries(Array.from({ length: count }, (_, n) => [`key-${n}`, ''])),
    });
    expect((await http.post('/executions', labelled(1_000))).status).toBe(201);
    expectProblem(await http.post('/executions', labelled(1_001)), 400, 'validation');
  });
}
