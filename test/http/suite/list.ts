import { expectProblem, fresh, POSITION, serving, type Http, type Start } from './http.js';
import { describePages } from './list-pages.js';

type Row = Record<string, unknown>;
const names = (rows: Row[]) => rows.map((row) => String(row['execution_id']).slice(-1));

/** Executions of every kind under one workflow, named by their last character, in the order they were made. */
async function furnish(http: Http) {
  const workflow_id = fresh('w');
  const id = (name: string) => `${workflow_id}-${name}`;
  const labels = (more: object) => ({ team: 'a', ...more });
  await http.post('/executions', {
    execution_id: id('1'),
    workflow_id,
    kind: 'job',
    target: 't1',
    labels: labels({ k: 'x:v:y' }),
  });
  await http.tell(id('2'), 'queued', { workflow_id, run_id: id('run'), type: 't1' });
  await http.tell(id('3'), 'running', { workflow_id, run_id: id('run'), parent_execution_id: id('1') });
  await http.tell(id('4'), 'waiting', { workflow_id, parent_execution_id: id('1') });
  await http.tell(id('5'), 'paused', { workflow_id });
  await http.tell(id('6'), 'failed', { workflow_id, error: { deep: 1 } });
  await http.tell(id('7'), 'timeout', { workflow_id });
  await http.tell(id('8'), 'succeeded', { workflow_id, result: { big: 1 }, input_data: 'in' });
  await http.tell(id('9'), 'cancelled', { workflow_id });
  await http.post('/executions', { execution_id: id('a'), workflow_id, kind: 'agent', labels: labels({ env: '' }) });
  await http.tell(id('8'), 'failed'); // refused
  await http.tell(id('1'), undefined, { message: 'last to move' });
  const { body } = await http.post('/executions', { execution_id: id('b'), workflow_id });
  const list = async (query = '') => {
    const answer = await http.get(
      `/executions?workflow_id=${workflow_id}&wait_for=${body.position}${query && '&'}${query}`,
    );
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
    return answer.body as { executions: Row[]; next_cursor?: string; as_of: Row };
  };
  return { workflow_id, id, list };
}

function describeFilters(http: Http): void {
  let made: Awaited<ReturnType<typeof furnish>>;
  beforeAll(async () => {
    made = await furnish(http);
  }, 20_000);

  it.each([
    ['', 'ba987654321'],
    ['status=running', '3'],
    ['status=done', '8'],
    ['status=running&status=failed&status=PAUSED', '653'],
    ['status=pending', 'ba1'],
    ['kind=job', '1'],
    ['kind=none', ''],
    ['target=t1', '21'],
    ['label=team:a', 'a1'],
    ['label=team:a&label=env:', 'a'],
    ['label=team:b', ''],
    ['label=k:x:v:y', '1'],
    ['label=k:x', ''],
    ['resumable=true', '765'],
    ['resumable=true&status=succeeded&q=w', ''],
    ['resumable=false', 'ba98432' + '1'],
    ['stale=true', ''],
    ['stale=false&status=running', '3'],
    ['cancellable=false', '98'],
    ['cancellable=true', 'ba7654321'],
    ['-status=succeeded', 'ba97654321'],
    ['-status=done&-status=PENDING', '9765432'],
    ['-status=failed&resumable=true', '75'],
    ['-kind=job', 'ba98765432'],
    ['-kind=job&-kind=agent', 'b98765432'],
    ['kind=job&-kind=job', ''],
    ['-target=t1', 'ba9876543'],
    ['-label=team:a', 'b98765432'],
    ['-label=env:&-label=k:x', 'b987654321'],
    ['-error=DeEp', 'ba98754321'],
    ['refused=true', '8'],
    ['refused=false', 'ba97654321'],
    ['created_after=2020-01-01T00:00:00Z', 'ba987654321'],
    ['created_before=2020-01-01T00:00:00Z', ''],
    ['created_after=2999-01-01T00:00:00Z', ''],
    ['created_before=2999-01-01T00:00:00%2B02:00', 'ba987654321'],
    ['resumable=true&status=failed&cancellable=true', '6'],
    ['started_after=2020-01-01T00:00:00Z&status=running', '3'],
    ['started_before=2020-01-01T00:00:00Z', ''],
    ['completed_after=2020-01-01T00:00:00Z', '9876'],
    ['completed_before=2020-01-01T00:00:00Z', ''],
    ['last_activity_after=2020-01-01T00:00:00Z', 'ba987654321'],
    ['last_activity_before=2020-01-01T00:00:00Z', ''],
    ['attempt_above=0', 'ba987654321'],
    ['attempt_above=1', ''],
    ['error=DeEp%22:', '6'],
    ['error=deeper', ''],
    ['sort=started_at&status=running&status=failed', '3'],
    ['sort=completed_at', '6789'],
    ['sort=-completed_at', '9876'],
    ['sort=created_at', '123456789ab'],
    ['sort=-created_at', 'ba987654321'],
    ['limit=3', 'ba9'],
  ])('?%s lists %s', async (query, expected) => {
    expect(names((await made.list(query)).executions).join('')).toBe(expected);
  });

  it('filters by run, by parent, by a prefix of execution, run or workflow id', async () => {
    const { id, list, workflow_id } = made;
    expect(names((await list(`run_id=${id('run')}`)).executions)).toEqual(['3', '2']);
    expect(names((await list(`parent_execution_id=${id('1')}`)).executions)).toEqual(['4', '3']);
    expect(names((await list(`q=${id('ru')}`)).executions)).toEqual(['3', '2']);
    expect(names((await list(`q=${id('7')}`)).executions)).toEqual(['7']);
    expect((await list(`q=${workflow_id.slice(0, -3)}`)).executions).toHaveLength(11);
    for (const wild of ['%25', '_', '%5C', '%00']) expect((await list(`q=${wild}`)).executions).toEqual([]);
  });

  it.each([
    '-stale=true',
    '-q=w',
    '-created_after=2020-01-01T00:00:00Z',
    '-attempt_above=1',
    '-nobody=x',
    '--kind=job',
  ])('?%s asks nothing the other way round: 400 that names it', async (query) => {
    const problem = expectProblem(await http.get(`/executions?${query}`), 400, 'validation');
    expect(problem.detail).toContain(query.split('=')[0]);
  });

  it('a cursor goes on with what is asked the other way round', async () => {
    const query = '-status=succeeded&-status=failed&-kind=agent';
    const page = await made.list(`${query}&limit=3`);
    const rest = (await http.get(`/executions?cursor=${page.next_cursor}&${query}`)).body;
    expect(names([...page.executions, ...rest.executions]).join('')).toBe('b97' + '54321');
    expectProblem(await http.get(`/executions?cursor=${page.next_cursor}&-status=failed`), 400, 'validation');
  });

  it('-last_activity_at and last_activity_at go by who moved last', async () => {
    const newest = names((await made.list('sort=-last_activity_at')).executions);
    expect(newest.slice(0, 2)).toEqual(['b', '1']);
    expect(names((await made.list('sort=last_activity_at')).executions)).toEqual(newest.reverse());
  });

  it('shows what GET one shows but input, result and error_details', async () => {
    const { executions, as_of } = await made.list();
    for (const row of executions) {
      const { input: _in, result: _out, error_details: _why, ...rest } = await http.show(String(row['execution_id']));
      expect(row).toEqual(rest);
    }
    expect(as_of).toEqual({
      position: POSITION,
      at: expect.stringMatching(/Z$/),
      lag_ms: expect.any(Number),
      ...('lag_events' in as_of ? { lag_events: expect.any(Number) } : {}), // absent where positions are not dense
    });
  });
}

/** docs/http-api.md, List. */
export function describeList(start: Start): void {
  describe('list', () => {
    const http = serving(start);
    describe('filters and sorts', () => describeFilters(http));
    describe('pages', () => describePages(http));
  });
}
