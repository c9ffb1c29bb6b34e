import { expectProblem, fresh, standing, type Http } from './http.js';

/** What no endpoint is, and what no endpoint takes. */
export function describeAddresses(http: Http): void {
  it.each([
    ['GET', '/nothing'],
    ['GET', '/executions/a/nothing'],
    ['POST', '/nothing'],
    ['GET', '//nothing'],
    ['GET', '//api/v2/executions'],
    ['GET', '/executions/a/b/events'],
    ['PROPFIND', '/nothing'],
  ])('%s %s is 404, and another one than of what an endpoint does not find', async (method, path) => {
    expectProblem(await http.call(method, path), 404, 'no_such_endpoint');
  });

  it.each([
    ['DELETE', '/executions/a', 'GET, HEAD'],
    ['PUT', '/executions', 'GET, HEAD, POST'],
    ['POST', '/executions/a', 'GET, HEAD'],
    ['POST', '/executions/a?no_such=1', 'GET, HEAD'],
    ['GET', '/workflow/executions/events', 'POST'],
    ['OPTIONS', '/reports', 'POST'],
    ['PROPFIND', '/executions/a%2Fb/events', 'GET, HEAD'],
    ['PATCH', '//health/live', 'GET, HEAD'],
    ['PUT', '//docs/openapi.json', 'GET, HEAD'],
  ])('%s %s is 405 with Allow: %s, whatever its body is', async (method, path, allow) => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await http.call(method, path, method === 'GET' ? undefined : '{', headers);
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('an address with a slash too many, at the end or in between, is read without it', async () => {
    const id = await standing(http, 'running');
    for (const path of [`/executions/${id}/`, `//api//v1/executions//${id}`, `/executions/${id}///`])
      expect((await http.get(path)).body).toMatchObject({ execution_id: id });
    expect((await http.get('/executions/?limit=1')).body.executions).toHaveLength(1);
    expect((await http.get('//health//live/')).status).toBe(200);
    const told = await http.post('/workflow//executions/events/', { execution_id: id, status: 'done' });
    expect(told.body).toMatchObject({ applied: true });
    const many = [{ execution_id: fresh(), status: 'running' }];
    expect(JSON.parse((await http.post('/reports/', many)).text)).toMatchObject({ applied: true });
  });

  it('an id keeps its slashes, encoded as they are', async () => {
    const id = `${fresh()}//a/`;
    await http.tell(id, 'running');
    expect(await http.show(id)).toMatchObject({ execution_id: id });
    expect((await http.get(`/executions/${encodeURIComponent(id)}/`)).body).toMatchObject({ execution_id: id });
  });

  describe('parameters of what reads none in its address', () => {
    it('are a 400 that says where they go, and nothing is done', async () => {
      const id = await standing(http, 'running');
      const bulk = await http.post('/bulk/cancel?dry_run=true', { execution_ids: [id] });
      expect(expectProblem(bulk, 400, 'validation').detail).toBe('dry_run: goes into the body, not into the address');
      for (const path of [`/executions/${id}/cancel?reason=x`, `/executions/${id}/pause?status=failed`])
        expect(expectProblem(await http.post(path), 400, 'validation').detail).toContain('goes into the body');
      expect(await http.show(id)).toMatchObject({ status: 'running', revision: 1 });
    });

    it.each([
      ['POST', '/executions?no_such=1', { execution_id: 'not-registered' }],
      ['POST', '/executions/batch-status?no_such=1', { execution_ids: ['a'] }],
      ['POST', '/projections/execution-status/pause?no_such=1', undefined],
      ['GET', '/projections?no_such=1', undefined],
      ['GET', '/projections/execution-status?no_such=1', undefined],
    ])('%s %s is a 400 that names it', async (method, path, body) => {
      expect(expectProblem(await http.call(method, path, body), 400, 'validation').detail).toContain('no_such');
    });

    it('parameters are ignored where reports come in: webhooks carry their tokens there', async () => {
      const id = fresh();
      const { status, body } = await http.post('/workflow/executions/events?token=t', { execution_id: id });
      expect([status, body.applied]).toEqual([200, true]);
      expect((await http.post(`/executions/${id}/status?token=t`, { status: 'running' })).status).toBe(200);
    });
  });

  it.each([
    '/executions?no_such_parameter=1',
    '/executions?limit=0',
    '/executions?limit=501',
    '/executions?limit=x',
    '/executions?limit=1.5',
    '/executions?status=nonsense',
    '/executions?sort=status',
    '/executions?resumable=yes',
    '/executions?created_after=yesterday',
    '/executions?label=nocolon',
    '/executions?wait_for=-1',
    '/executions?wait_for=x',
    '/executions?wait_ms=30001',
    '/executions?q=',
    '/executions?limit=1&limit=2',
    '/executions?kind=a&kind=b',
    '/executions?parent_execution_id=a~0',
    '/executions?cursor=',
    '/executions/ID?until=running',
    '/executions/ID?wait_ms=x',
    '/executions/ID?no_such_parameter=1',
    '/executions/ID/events?from_revision=-1',
    '/executions/ID/events?limit=0',
    '/executions/ID/events?limit=1001',
    '/executions/ID/events?wait_ms=30001',
    '/executions/ID/events?no_such_parameter=1',
    '/executions/ID/refused?limit=x',
    '/executions/ID/state',
    '/executions/ID/state?at_revision=0&at_time=2026-01-01T00:00:00Z',
    '/executions/ID/state?at_revision=x',
    '/executions/ID/state?at_time=x',
    '/executions/ID/state?at_revision=2',
    '/events?after=x',
    '/events?limit=1001',
    '/events?x=1',
  ])('GET %s is 400', async (path) => {
    const problem = expectProblem(
      await http.get(path.replace('ID', await standing(http, 'running'))),
      400,
      'validation',
    );
    const key = /no_such_parameter/.exec(path)?.[0];
    if (key) expect(problem.detail).toContain(key);
  });

  it.each([
    [{}],
    [{ execution_ids: [] }],
    [{ execution_ids: 'a' }],
    [{ execution_ids: [7] }],
    [{ execution_ids: ['a'], x: 1 }],
    [[]],
  ])('batch-status of %j is 400', async (body) => {
    expectProblem(await http.post('/executions/batch-status', body), 400, 'validation');
  });

  it('batch-status of 500 is answered, of 501 is 400', async () => {
    const ids = Array.from({ length: 501 }, (_, n) => `nobody-${n}`);
    expectProblem(await http.post('/executions/batch-status', { execution_ids: ids }), 400, 'validation');
    const { body } = await http.post('/executions/batch-status', { execution_ids: ids.slice(1) });
    expect(Object.keys(body)).toHaveLength(500);
  });

  it.each(['', '/events', '/refused', '/state?at_revision=0', '/state?at_time=2026-01-01T00:00:00Z'])(
    'reading %s of an unknown id is 404',
    async (read) => {
      expectProblem(await http.get(`/executions/${fresh()}${read}`), 404, 'not_found');
    },
  );
}
