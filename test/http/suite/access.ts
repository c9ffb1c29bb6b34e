import { expectNoEntry, expectProblem, fresh, raw, serving, type Http, type Raw, type Start } from './http.js';

const REPORT = { 'content-type': 'application/json' };
const report = () => JSON.stringify({ execution_id: fresh(), status: 'running' });
const noCors = ({ headers }: Raw) =>
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);

function describeLoopback(http: Http): void {
  const host = () => new URL(http.url).host;
  const port = () => new URL(http.url).port;
  const send = (headers: Record<string, string>, path = '/api/v1/workflow/executions/events') =>
    raw(http.url, { method: 'POST', path, headers: { ...REPORT, ...headers }, body: report() });

  it.each([
    'ledger.example',
    'evil.example',
    '192.168.1.7',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    '[::2]',
    '0.0.0.0',
  ])('a request whose Host is %s, no loopback name, is 403', async (name) => {
    for (const given of [`${name}:${port()}`, name]) {
      expectProblem(await send({ host: given }), 403, 'forbidden');
      for (const path of ['/api/v1/executions', '/metrics', '/docs', '/api/v1/nothing'])
        expectProblem(await raw(http.url, { path, headers: { host: given } }), 403, 'forbidden');
    }
  });

  it.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'LOCALHOST'])('%s is one', async (name) => {
    expect((await send({ host: `${name}:${port()}` })).status).toBe(200);
    expect((await send({ host: name })).status).toBe(200);
  });

  it.each([
    'https://evil.example',
    'null',
    'http://localhost',
    'https://HOST',
    'http://HOST.evil.example',
    'http://127.0.0.1:1',
    '',
  ])('an Origin other than its own scheme and host is 403: %s', async (origin) => {
    expectProblem(await send({ origin: origin.replace('HOST', host()) }), 403, 'forbidden');
  });

  it('a request from the ledger’s own Origin is served', async () => {
    expect((await send({ origin: `http://${host()}` })).status).toBe(200);
    expect((await send({ origin: `http://localhost:${port()}`, host: `localhost:${port()}` })).status).toBe(200);
  });

  it('Sec-Fetch-Site: cross-site is 403, others are not', async () => {
    expectProblem(await send({ 'sec-fetch-site': 'cross-site' }), 403, 'forbidden');
    const read = { headers: { 'sec-fetch-site': 'cross-site' } };
    expectProblem(await raw(http.url, { path: '/api/v1/executions', ...read }), 403, 'forbidden');
    for (const site of ['same-origin', 'none']) expect((await send({ 'sec-fetch-site': site })).status).toBe(200);
  });

  it('no CORS headers, whatever is asked', async () => {
    noCors(await send({ origin: 'https://evil.example' }));
    noCors(await send({ origin: `http://${host()}` }));
    const preflight = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answer = await raw(http.url, { method: 'OPTIONS', path: '/api/v1/executions', headers: preflight });
    noCors(answer);
    expectProblem(answer, 403, 'forbidden');
  });
}

function describeKeys(http: Http): void {
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const ENDPOINTS: readonly [string, string, string][] = [
    ['report', 'POST', '/workflow/executions/events'],
    ['report', 'POST', '/executions/x/status'],
    ['report', 'POST', '/executions/x/progress'],
    ['report', 'POST', '/executions/x/heartbeat'],
    ['report', 'POST', '/reports'],
    ...['dispatch', 'abort', 'resume', 'pause', 'cancel'].map((one): [string, string, string] => [
      'command',
      'POST',
      `/executions/x/${one}`,
    ]),
    ['command', 'POST', '/executions'],
    ...['', '/x', '/x/events', '/x/refused', '/x/state?at_revision=0'].map((one): [string, string, string] => [
      'read',
      'GET',
      `/executions${one}`,
    ]),
    ['read', 'POST', '/executions/batch-status'],
    ['read', 'GET', '/events'],
    ['read', 'GET', '/status-counts'],
    ['read', 'GET', '/target-health'],
    ['read', 'GET', '/failure-groups'],
    ['read', 'GET', '/executions/histogram'],
    ['read', 'GET', '/executions/x/tree'],
    ['read', 'GET', '/projections'],
    ['read', 'GET', '/projections/x'],
    ['operate', 'POST', '/projections/x/pause'],
    ['operate', 'POST', '/projections/x/resume'],
    ['operate', 'POST', '/projections/x/retry'],
    ['read', 'GET', '//metrics'],
  ];

  it.each(ENDPOINTS)('%s: %s %s wants a key with that scope', async (scope, method, path) => {
    const body = method === 'POST' ? '[' : undefined;
    const ask = (headers?: Record<string, string>) => http.call(method, path, body, headers);
    for (const headers of [
      undefined,
      bearer('wrong'),
      bearer(''),
      { authorization: 'Basic a2V5LW9mLWFsbA==' },
      { authorization: 'key-of-all' },
    ]) {
      expectNoEntry(await ask(headers));
    }
    for (const key of ['report', 'command', 'read', 'operate']) {
      const answer = await ask(bearer(`key-of-${key}`));
      if (key === scope) expect([200, 400, 404]).toContain(answer.status);
      else expectProblem(answer, 403, 'forbidden');
    }
    expect([200, 400, 404]).toContain((await ask(bearer('key-of-all'))).status);
  });

  it('every endpoint but /health/* and the pages about the endpoints wants a key, unknown addresses included', async () => {
    for (const path of ['/nothing', '//nothing', '//docs/../metrics', '//docsx', '//metrics'])
      expectNoEntry(await http.get(path));
    expect((await http.get('//docs')).text).toContain('swagger-ui');
    expect((await http.get('//docs/openapi.json')).body.paths).toHaveProperty('/api/v1/executions');
    expect((await http.get('//docs/swagger-ui-init.js')).status).toBe(200);
    expect((await http.get('/executions', { 'x-api-key': 'key-of-all' })).status).toBe(200);
    expectNoEntry(await http.get('/executions', { 'x-api-key': 'key-of-nobody' }));
    for (const path of ['/executions/x', '//health/nothing']) expectProblem(await http.call('PUT', path), 401);
    // What is not there, or not taken, wants no more than a key: to name a scope would send its caller looking for another one.
    for (const key of ['key-of-all', 'key-of-report']) {
      expectProblem(await http.get('/nothing', bearer(key)), 404, 'no_such_endpoint');
      expectProblem(await http.call('PUT', '/executions/x', undefined, bearer(key)), 405, 'method_not_allowed');
    }
    expect((await http.get('//health/live')).status).toBe(200);
    expect((await http.get('//health/ready')).status).toBe(200);
  });

  it('reporter.actor is the key’s name; two scopes are joined by +', async () => {
    const id = fresh();
    const told = await http.post(
      '/workflow/executions/events',
      { execution_id: id, status: 'running' },
      bearer('key-of-both'),
    );
    expect(told.body).toMatchObject({ applied: true });
    await http.post(`/executions/${id}/cancel`, undefined, { ...bearer('key-of-all'), 'x-actor-id': 'bob' });
    const history = (await http.get(`/executions/${id}/events`, bearer('key-of-both'))).body;
    expect(history.events.map((event: { reporter: { actor: string } }) => event.reporter.actor)).toEqual([
      'both',
      'both',
      'all',
    ]);
    expect(history.events[2]).toMatchObject({ on_behalf_of: 'bob' });
    expectProblem(await http.post(`/executions/${id}/pause`, undefined, bearer('key-of-both')), 403, 'forbidden');
  });

  it('two API keys that both count from 1 register two executions, and each finds its own again', async () => {
    const count = { 'idempotency-key': fresh('1') };
    const register = async (key: string) =>
      (await http.post('/executions', { kind: 'job' }, { ...bearer(key), ...count })).body;
    const [one, other] = [await register('key-of-command'), await register('key-of-all')];
    expect([one.applied, other.applied, other.replayed]).toEqual([true, true, undefined]);
    expect(other.execution_id).not.toBe(one.execution_id);
    for (const [key, { execution_id }] of [
      ['key-of-command', one],
      ['key-of-all', other],
    ] as const)
      expect(await register(key)).toMatchObject({ execution_id, replayed: true });
  });

  it('with keys any Host and Origin are served: the key decides', async () => {
    const headers = { host: 'ledger.example', origin: 'https://app.example', ...bearer('key-of-all') };
    const answer = await raw(http.url, { path: '/api/v1/executions', headers });
    expect(answer.status).toBe(200);
    noCors(answer);
  });
}

/** docs/operations.md, Keys. */
export function describeAccess(start: Start): void {
  describe('who may', () => {
    describe('without keys', () => describeLoopback(serving(start)));
    const keys = ['report', 'command', 'read', 'operate'].map((scope) => `${scope}:key-of-${scope}:${scope}`);
    const API_KEYS = [...keys, 'both:key-of-both:report+read', 'all:key-of-all'].join();
    describe('with keys', () => describeKeys(serving(start, { API_KEYS })));
  });
}
