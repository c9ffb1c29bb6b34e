import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { STATUSES } from '../../../src/domain/status.js';
import { appliedTo, expectProblem, fresh, lines, raw, serving, type Http, type Raw, type Start } from './http.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const JSON_TYPE = { 'content-type': 'application/json' };
const LIMIT = 2048;

function describeLines(http: Http): void {
  const send = async (text: string) => {
    const answer = await http.call('POST', '/reports', text, NDJSON);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson\b/);
    return lines(answer.text);
  };

  it('one receipt per report, in order; blank lines give none but count; a bad one spoils no other', async () => {
    const [a, b] = [fresh(), fresh()];
    const receipts = await send(
      [
        JSON.stringify({ execution_id: a, status: 'running', event_id: 'e' }),
        '',
        '{"execution_id": ',
        '  \t ',
        JSON.stringify({ status: 'running' }),
        '[]',
        'null',
        JSON.stringify({ execution_id: b, status: 'nonsense' }) + '\r',
        JSON.stringify({ execution_id: a, status: 'running', event_id: 'e' }),
        JSON.stringify({ execution_id: a, status: 7 }),
        JSON.stringify({ execution_id: `${a}~1`, attempt: 2 }),
        JSON.stringify({ execution_id: `${a}~1`, status: 'ok' }),
      ].join('\n'),
    );
    const malformed = (line: number) => ({
      line,
      verdict: 'malformed',
      applied: false,
      error: expect.stringMatching(/./),
    });
    expect(receipts).toEqual([
      {
        line: 1,
        ...appliedTo(a),
        current: { status: 'running', attempt: 1, authority: null, sealed: false, dispatched: true, revision: 1 },
      },
      malformed(3),
      malformed(5),
      malformed(6),
      malformed(7),
      {
        line: 8,
        verdict: 'unsupported_status',
        applied: false,
        execution_id: b,
        current: null,
        allowed: [...STATUSES],
      },
      expect.objectContaining({
        line: 9,
        verdict: 'applied',
        applied: true,
        replayed: true,
        position: receipts[0].position,
      }),
      malformed(10),
      malformed(11),
      expect.objectContaining({ line: 12, verdict: 'applied', applied: true, execution_id: a }),
    ]);
    expect(await http.show(a)).toMatchObject({ status: 'succeeded', revision: 2 });
  });

  it('an Idempotency-Key of the whole is no report’s id', async () => {
    const id = fresh();
    const body = [
      JSON.stringify({ execution_id: id, status: 'queued' }),
      JSON.stringify({ execution_id: id, status: 'running', event_id: 'own' }),
    ].join('\n');
    const answer = await http.call('POST', '/reports', body, { ...NDJSON, 'idempotency-key': 'whole' });
    expect(lines(answer.text).map(({ verdict }) => verdict)).toEqual(['applied', 'applied']);
  });

  it('those of one execution are decided in order, among 1,000 of others', async () => {
    const [id, crowd] = [fresh(), fresh('crowd')];
    const mine = ['queued', 'running', 'waiting', 'running', 'succeeded', 'running', 'failed'];
    const text = Array.from({ length: 1000 }, (_, n) =>
      n % 130 === 7 && n < 910
        ? JSON.stringify({ execution_id: id, status: mine[Math.floor(n / 130)] })
        : JSON.stringify({ execution_id: `${crowd}-${n % 100}`, message: `m${n}` }),
    ).join('\n');
    const receipts = await send(text);
    expect(receipts.map(({ line }) => line)).toEqual(Array.from({ length: 1000 }, (_, n) => n + 1));
    const own = receipts.filter(({ execution_id }) => execution_id === id);
    expect(own.map(({ verdict, current }) => [verdict, current.status, current.revision])).toEqual([
      ['applied', 'queued', 1],
      ['applied', 'running', 2],
      ['applied', 'waiting', 3],
      ['applied', 'running', 4],
      ['applied', 'succeeded', 5],
      ['regression', 'succeeded', 5],
      ['conflict', 'succeeded', 5],
    ]);
    expect(receipts.filter(({ verdict }) => verdict !== 'applied')).toHaveLength(2);
  }, 180_000);

  it('a JSON array answers the same, line being the element’s number from 1', async () => {
    const id = fresh();
    const answer = await http.post('/reports', [
      { execution_id: id, status: 'running' },
      7,
      null,
      {},
      { execution_id: id, status: 'ok' },
    ]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson\b/);
    expect(lines(answer.text).map(({ line, verdict }) => [line, verdict])).toEqual([
      [1, 'applied'],
      [2, 'malformed'],
      [3, 'malformed'],
      [4, 'malformed'],
      [5, 'applied'],
    ]);
    expect((await http.post('/reports', [])).text).toBe('');
    expect(await send('\n \n')).toEqual([]);
  });

  it('more values than are taken are 413, and cost only their own line among others', async () => {
    const [wide, other] = [fresh(), fresh()];
    const data = Array.from({ length: 20_000 }, (_, n) => n);
    const report = { execution_id: wide, status: 'running', data };
    const problem = expectProblem(await http.post('/workflow/executions/events', report), 413, 'too_large');
    expect(problem.detail).toContain('20000 values');
    const receipts = await send(
      [report, { execution_id: other, status: 'ok' }].map((one) => JSON.stringify(one)).join('\n'),
    );
    expect(receipts).toMatchObject([
      { line: 1, verdict: 'malformed', error: expect.stringContaining('20000 values') },
      { line: 2, verdict: 'applied' },
    ]);
    expect((await http.get(`/executions/${wide}`)).status).toBe(404);
  });

  it.each([
    ['{', 'not JSON'],
    ['{}', 'no array'],
    ['7', 'a number'],
    ['[1,]', 'an element that is missing'],
    ['[] []', 'more than an array'],
  ])('%s as application/json is 400: %s', async (text) => {
    expectProblem(await http.post('/reports', text), 400, 'validation');
  });
}

function describeLimits(http: Http): void {
  const padded = (execution_id: string, bytes: number) => {
    const report = { execution_id, status: 'running', message: '' };
    return JSON.stringify({ ...report, message: 'é'.repeat((bytes - JSON.stringify(report).length) / 2) });
  };

  it('BODY_LIMIT holds for each report, in bytes', async () => {
    const ids = [fresh(), fresh(), fresh()];
    const text = [padded(ids[0]!, LIMIT), padded(ids[1]!, LIMIT + 2), padded(ids[2]!, 200)].join('\n');
    const receipts = lines((await http.call('POST', '/reports', text, NDJSON)).text);
    expect(receipts.map(({ verdict }) => verdict)).toEqual(['applied', 'malformed', 'applied']);
    const array = lines((await http.post('/reports', `[${text.replaceAll('\n', ',')}]`)).text);
    expect(array.map(({ verdict }) => verdict)).toEqual(['duplicate', 'malformed', 'duplicate']);
  });

  it('10,000 reports are taken, one more is 413 and nothing is decided', async () => {
    const [id, other] = [fresh(), fresh()];
    const beat = JSON.stringify({ execution_id: id });
    const answer = await http.call('POST', '/reports', `${beat}\n`.repeat(10_001), NDJSON);
    expectProblem(answer, 413, 'too_large');
    expectProblem(await http.post('/reports', `[${Array(10_001).fill(beat).join()}]`), 413, 'too_large');
    expectProblem(await http.get(`/executions/${id}`), 404);
    const text = `${'{}\n'.repeat(9_999)}\n\n${JSON.stringify({ execution_id: other })}`;
    expect(lines((await http.call('POST', '/reports', text, NDJSON)).text).at(-1)).toMatchObject({
      line: 10_002,
      applied: true,
    });
  }, 20_000);

  it('64 MiB are taken, one byte more is 413 before it is read', async () => {
    const headers = { ...NDJSON, 'content-length': 64 * 1024 * 1024 + 1 };
    expectProblem(
      await raw(http.url, { method: 'POST', path: '/api/v1/reports', headers, body: '' }).catch(closedEarly),
      413,
      'too_large',
    );
  });

  it.each([
    ['newlines', NDJSON, Buffer.alloc(200_000, '\n')],
    ['elements', JSON_TYPE, Buffer.from(`[${'0,'.repeat(100_000)}`)],
    ['lines', NDJSON, Buffer.from('0\n'.repeat(100_000))],
  ])('too many %s are 413 while the rest is still to come', async (_what, type, begun) => {
    const length = 64 * 1024 * 1024;
    const answer = await unfinished(http.url, { ...type, 'content-length': length }, begun);
    expectProblem(answer, 413, 'too_large');
  });

  it('a body that is refused early is answered before its end, and the connection serves on', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { ...NDJSON, 'content-length': 4_000_000 };
    const asked = { method: 'POST', path: '/api/v1/reports', headers, body: Buffer.alloc(4_000_000, '\n'), agent };
    expectProblem(await raw(http.url, asked), 413, 'too_large');
    expect((await raw(http.url, { path: '/health/live', agent })).status).toBe(200);
    agent.destroy();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])('%s is 415', async (type) => {
    expectProblem(await http.call('POST', '/reports', '{}', { 'content-type': type }), 415, 'unsupported_media_type');
  });
}

/** What is answered to a request of which only the beginning was sent. */
function unfinished(url: string, headers: OutgoingHttpHeaders, begun: Buffer): Promise<Raw> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method: 'POST', path: '/api/v1/reports', headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() });
          sent.destroy();
        });
      },
    );
    sent.on('error', reject);
    sent.write(begun);
  });
}

const closedEarly = (error: unknown): never => {
  throw new Error('the connection was closed before an answer came', { cause: error });
};

/** docs/http-api.md, Many at once. */
export function describeBulk(start: Start): void {
  describe('many reports', () => {
    describe('lines', () => describeLines(serving(start)));
    describe('limits', () => describeLimits(serving(start, { BODY_LIMIT: `${LIMIT}` })));
  });
}
