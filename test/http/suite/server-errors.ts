import { connect } from 'node:net';
import { expectProblem, fresh, serving, type Http, type Raw, type Start } from './http.js';

/** What comes back for these bytes, until the server closes the connection; `more` is sent once it has begun to answer. */
export function bytes(url: string, sent: string | Buffer, more?: string | Buffer): Promise<Raw> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => {
      if (chunks.length === 0 && more !== undefined) socket.write(more);
      chunks.push(chunk);
    });
    socket.on('error', reject);
    socket.on('end', () => {
      const [head = '', text = ''] = Buffer.concat(chunks)
        .toString()
        .split(/\r\n\r\n(.*)/s);
      const [line = '', ...fields] = head.split('\r\n');
      const headers = Object.fromEntries(fields.map((field) => field.toLowerCase().split(': ')));
      socket.destroy();
      resolve({ status: Number(line.split(' ')[1]), headers, text });
    });
    socket.write(sent);
  });
}

const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const JSON_POST = [
  'POST /api/v1/workflow/executions/events HTTP/1.1',
  'Host: localhost',
  'Content-Type: application/json',
];

function describeBroken(http: Http): void {
  it.each([
    ['a broken request line', 'GARBAGE\r\n\r\n', 400, 'validation'],
    ['a broken header', head('GET /health/live HTTP/1.1', 'Host: localhost', 'no colon'), 400, 'validation'],
    ['headers of 20 KB', head('GET / HTTP/1.1', `X-Long: ${'x'.repeat(20_000)}`), 431, 'headers_too_large'],
    ['a broken chunk', `${head(...JSON_POST, 'Transfer-Encoding: chunked')}no number\r\n`, 400, 'validation'],
    ['two lengths', head(...JSON_POST, 'Content-Length: 2', 'Content-Length: 3'), 400, 'validation'],
  ])('%s is a problem as others are', async (_what, sent, status, type) => {
    const answer = await bytes(http.url, sent);
    expectProblem(answer, status, type);
    expect(answer.headers.connection).toBe('close');
  });

  it('an Expect that is not met is 417, 100-continue is', async () => {
    const id = fresh();
    const body = JSON.stringify({ execution_id: id, status: 'running' });
    const ask = (expectation: string) =>
      bytes(http.url, head(...JSON_POST, 'Connection: close', `Content-Length: ${body.length}`, expectation) + body);
    expectProblem(await ask('Expect: miracles'), 417, 'expectation_failed');
    expect((await http.get(`/executions/${id}`)).status).toBe(404);
    expect((await ask('Expect: 100-continue')).status).toBe(100);
    expect((await http.show(id)).status).toBe('running');
  });

  it('who holds the body back for 100-continue is refused without having sent it', async () => {
    const held = (length: number, path = 'workflow/executions/events'): Promise<Raw> =>
      bytes(
        http.url,
        head(
          `POST /api/v1/${path} HTTP/1.1`,
          ...JSON_POST.slice(1),
          `Content-Length: ${length}`,
          'Expect: 100-continue',
        ),
      );
    expectProblem(await held(2_000_000_000), 413, 'too_large');
    expectProblem(await held(2, 'nothing'), 404, 'no_such_endpoint');
    expectProblem(await held(2, 'executions/x/cancel?dry_run=true'), 400, 'validation');
  });

  it('the answer comes to who is still sending after it', async () => {
    expectProblem(await bytes(http.url, `GARBAGE\r\n\r\n${'x'.repeat(4_000_000)}`, 'x'.repeat(1_000_000)), 400);
  });
}

function describeStillSending(http: Http): void {
  const piece = Buffer.alloc(3_000_000, 'x');
  const LENGTH = `Content-Length: ${2 * piece.length}`;
  const send = (lines: readonly string[]) =>
    bytes(http.url, Buffer.concat([Buffer.from(head(...lines, LENGTH, 'Connection: close')), piece]), piece);

  it.each([
    ['413', JSON_POST, 413],
    ['403', [JSON_POST[0]!, 'Host: ledger.example'], 403],
    ['404', ['POST /api/v1/nothing HTTP/1.1', JSON_POST[1]!], 404],
    ['405', ['PUT /api/v1/executions HTTP/1.1', JSON_POST[1]!], 405],
  ])('%s comes to a caller that sends on, and the connection is closed then', async (_status, lines, status) => {
    expectProblem(await send(lines), status);
  });
}

function describeNoHost(start: Start): void {
  describe.each([
    ['without keys', {}],
    ['with keys', { API_KEYS: 'all:key-of-all' }],
  ])('%s', (_keys, env: Record<string, string>) => {
    const http = serving(start, env);
    const ask = (line: string) => bytes(http.url, head(line, 'Connection: close', 'Authorization: Bearer key-of-all'));

    it.each(['1.0', '1.1'])('health answers to HTTP/%s without a Host', async (version) => {
      for (const path of ['/health/live', '/health/ready'])
        expect((await ask(`GET ${path} HTTP/${version}`)).status).toBe(200);
    });

    it('everything else is 400', async () => {
      for (const path of ['/api/v1/executions', '/metrics', '/docs', '/nothing', '/api/v1/sources/github'])
        expectProblem(await ask(`GET ${path} HTTP/1.1`), 400, 'validation');
    });
  });
}

/** docs/http-api.md, Problems: what the server refuses before there is a request, or before it has come. */
export function describeServerErrors(start: Start): void {
  describe('a request that is none', () => describeBroken(serving(start)));
  describe('a request that is refused while it comes', () => describeStillSending(serving(start)));
  describe('a request without a Host', () => describeNoHost(start));
}
