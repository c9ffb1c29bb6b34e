import { describeAddresses } from './addresses.js';
import { describeEncodings } from './encodings.js';
import { expectProblem, fresh, raw, serving, standing, type Http, type Start } from './http.js';

const EVENTS = '/workflow/executions/events';

function describeBodies(http: Http): void {
  const send = (type: string | undefined, body: string, path = EVENTS) =>
    raw(http.url, {
      method: 'POST',
      path: `/api/v1${path}`,
      headers: type === undefined ? {} : { 'content-type': type },
      body,
    });
  const report = () => JSON.stringify({ execution_id: fresh(), status: 'running' });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/vnd.acme.v2+json',
    'application/cloudevents+json; charset=UTF-8',
  ])('JSON endpoints take %s', async (type) => {
    expect((await send(type, report())).status).toBe(200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'text/json',
    'application/jsonp',
    'application/x-ndjson',
    'multipart/form-data; boundary=x',
    'nonsense',
  ])('%s is 415', async (type) => {
    expectProblem(await send(type, report()), 415, 'unsupported_media_type');
    const id = await standing(http, 'running');
    expectProblem(await send(type, '{}', `/executions/${id}/cancel`), 415, 'unsupported_media_type');
    expect((await http.show(id)).status).toBe('running');
  });

  it('no content type only with an empty body', async () => {
    expectProblem(await send(undefined, report()), 415, 'unsupported_media_type');
    const [one, two] = [await standing(http, 'running'), await standing(http, 'running')];
    expect((await send(undefined, '', `/executions/${one}/pause`)).status).toBe(200);
    expect((await send('application/json', '', `/executions/${two}/pause`)).status).toBe(200);
    expectProblem(await send('application/json', ''), 400, 'validation');
  });

  it.each(['{', '{"a":1,}', "{'a':1}", '[1', 'undefined', '{"execution_id":"a"} x', '\u0000', '"\n"', '-', '01'])(
    '%j is not JSON: 400 on every endpoint',
    async (text) => {
      const id = await standing(http, 'running');
      const endpoints = ['status', 'progress', 'heartbeat', 'dispatch', 'abort', 'resume', 'pause', 'cancel'];
      const paths = [
        EVENTS,
        '/executions',
        '/reports',
        '/executions/batch-status',
        ...endpoints.map((endpoint) => `/executions/${id}/${endpoint}`),
      ];
      for (const path of paths) expectProblem(await http.post(path, text), 400, 'validation');
      expect((await http.show(id)).revision).toBe(1);
    },
  );

  it('bytes that are no UTF-8 are no JSON: 400, for nothing may come back changed', async () => {
    const body = Buffer.concat([
      Buffer.from(`{"execution_id":"${fresh()}","message":"`),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    const headers = { 'content-type': 'application/json' };
    expectProblem(await raw(http.url, { method: 'POST', path: `/api/v1${EVENTS}`, headers, body }), 400, 'validation');
    const two = Buffer.concat([body, Buffer.from(`\n${report()}`)]);
    const ndjson = { 'content-type': 'application/x-ndjson' };
    const answer = await raw(http.url, { method: 'POST', path: '/api/v1/reports', headers: ndjson, body: two });
    expect(
      answer.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { line: 1, verdict: 'malformed' },
      { line: 2, verdict: 'applied' },
    ]);
  });

  it('a body over BODY_LIMIT is 413, one of just that size is taken', async () => {
    const [id, over] = [fresh(), fresh()];
    const sized = (execution_id: string, bytes: number) => {
      const empty = JSON.stringify({ execution_id, message: '' });
      return JSON.stringify({ execution_id, message: 'x'.repeat(bytes - empty.length) });
    };
    expect((await http.post(EVENTS, sized(id, 2 ** 20))).body).toMatchObject({ applied: true });
    expectProblem(await http.post(EVENTS, sized(over, 2 ** 20 + 1)), 413, 'too_large');
    expectProblem(await http.get(`/executions/${over}`), 404);
  });

  it.each([100, 1_000, 10_000, 400_000])(
    'a body nested %i deep is taken and given back, or 400; never a failure',
    async (depth) => {
      const id = fresh();
      const nested = '['.repeat(depth) + ']'.repeat(depth);
      const answer = await http.post(EVENTS, `{"execution_id":"${id}","status":"done","result":${nested}}`);
      if (answer.status === 400) {
        expectProblem(answer, 400, 'validation');
        expect(depth).toBeGreaterThan(100);
        return;
      }
      expect(answer.body).toMatchObject({ applied: true });
      const { position } = answer.body;
      expect((await http.get(`/executions/${id}?wait_for=${position}`)).text).toContain(`"result":${nested}`);
    },
  );
}

/** docs/http-api.md, Problems: RFC 9457 on every error. */
export function describeProblems(start: Start): void {
  describe('problems', () => {
    const http = serving(start);
    describe('bodies', () => describeBodies(http));
    describe('bodies', () => describeEncodings(http));
    describe('addresses and parameters', () => describeAddresses(http));
  });
}
