import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expectNoEntry, expectProblem, fresh, lines, raw, serving, type Http, type Raw, type Start } from './http.js';
import { eventually } from '../../support/eventually.js';

const SECRET = 'it is a secret';
const sign = (body: string | Buffer) => `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
const SIGNATURE = 'X-Hub-Signature-256';
const DELIVERY = { 'x-github-event': 'star', 'content-type': 'application/json' };
/** What anybody can write. */
const FORGED = `${SIGNATURE}: sha256=${'0'.repeat(64)}`;

/** A request of which only so much was sent, and what has come back so far. */
interface Begun {
  readonly socket: Socket;
  answer(): Raw | undefined;
}

function begin(url: string, head: readonly string[], part: string | Buffer = ''): Begun {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk: Buffer) => void (text += chunk.toString()));
  socket.on('error', () => undefined);
  socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(part)]));
  const answer = (): Raw | undefined => {
    const [top = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
    const [line = '', ...fields] = top.split('\r\n');
    const headers = Object.fromEntries(fields.map((field) => field.toLowerCase().split(': ')));
    if (!text.includes('\r\n\r\n') || body.length < Number(headers['content-length'] ?? 0)) return undefined;
    return { status: Number(line.split(' ')[1]), headers, text: body };
  };
  return { socket, answer };
}

/** How long an answer may take that waits for nobody, in milliseconds. */
const PROMPTLY_MS = 2_000;

/** When it holds. @throws where that is not prompt: the server waits for what does not come */
async function promptly(holds: () => boolean, what: string): Promise<void> {
  const since = performance.now();
  await eventually(async () => holds() || performance.now() - since > PROMPTLY_MS, Boolean);
  if (!holds()) throw new Error(`${what}: nothing within ${PROMPTLY_MS} ms`);
}

/** What a request is answered with of whose body nothing has been sent yet. */
async function answered(url: string, head: readonly string[]): Promise<Raw> {
  const { socket, answer } = begin(url, head);
  try {
    await promptly(() => answer() !== undefined, head.join(', '));
    return answer()!;
  } finally {
    socket.destroy();
  }
}

const post = (path: string, ...more: string[]): string[] => [
  `POST ${path} HTTP/1.1`,
  'Host: localhost',
  'Content-Type: application/json',
  'Content-Length: 1000',
  ...more,
];

/** Every endpoint that may be sent a body and the scope it wants, as the document of the API has them. */
export async function endpointsWithBody(): Promise<(readonly [path: string, scope: string])[]> {
  const { paths } = JSON.parse(await readFile(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));
  return Object.keys(paths)
    .filter((path) => paths[path].post !== undefined)
    .map((path) => [path, paths[path].post['x-scope']] as const);
}

const SCOPES = ['report', 'command', 'read', 'operate'];
const bearer = (key: string): string => `Authorization: Bearer key-of-${key}`;

function describeKeyed(http: Http): void {
  it('a caller without a key, or whose key lacks the scope, is refused at every endpoint', async () => {
    const endpoints = (await endpointsWithBody()).filter(([, scope]) => scope !== 'public');
    expect(endpoints.length).toBeGreaterThan(15);
    const refused = async ([template, scope]: readonly [string, string]): Promise<void> => {
      const path = template.replaceAll(/\{\w+\}/g, 'nobody');
      expectProblem(await answered(http.url, post(path)), 401, 'unauthorized');
      expectNoEntry(await answered(http.url, post(path, bearer('nobody'))));
      for (const other of SCOPES.filter((one) => one !== scope))
        expectProblem(await answered(http.url, post(path, bearer(other))), 403, 'forbidden');
    };
    await Promise.all(endpoints.map(refused));
  }, 20_000);

  it('so is an unknown path, a wrong method, a type that is not read and a length over the limit', async () => {
    const key = bearer('report');
    const events = post('/api/v1/workflow/executions/events', key);
    const instead = (line: number, text: string) => events.with(line, text);
    expectProblem(await answered(http.url, post('/api/v1/nothing', key)), 404, 'no_such_endpoint');
    expectProblem(await answered(http.url, instead(0, 'PUT /api/v1/executions HTTP/1.1')), 405, 'method_not_allowed');
    expectProblem(await answered(http.url, instead(2, 'Content-Type: text/plain')), 415, 'unsupported_media_type');
    expectProblem(await answered(http.url, instead(3, 'Content-Length: 5000000')), 413, 'too_large');
  });
}

function describeSigned(http: Http): void {
  const PATHS = ['/api/v1/sources/github', '/api/v1/sources/%67ithub', '//api/v1/sources/gith%75b/?a=b'];
  const deliver = (body: string | Buffer, headers: Record<string, string>, path = PATHS[0]!) =>
    raw(http.url, { method: 'POST', path, body, headers: { ...DELIVERY, ...headers } });

  it.each(PATHS)('%s: a delivery without a signature, or with what is none, is 401', async (path) => {
    for (const more of [[], [`${SIGNATURE}: sha256=`], [`${SIGNATURE}: sha256=${'0'.repeat(63)}g`]])
      expectProblem(await answered(http.url, post(path, ...more)), 401, 'unauthorized');
  });

  it('a forged delivery that is too long, of another type or of another method is refused, too', async () => {
    const head = post(PATHS[0]!, FORGED);
    expectProblem(await answered(http.url, head.with(3, `Content-Length: ${1024 * 1024 + 1}`)), 413, 'too_large');
    expectProblem(await answered(http.url, head.with(2, 'Content-Type: text/plain')), 415, 'unsupported_media_type');
    expectProblem(await answered(http.url, head.with(0, `PUT ${PATHS[0]} HTTP/1.1`)), 401);
  });

  it.each(PATHS)('%s: a signature is of the bytes that are read, and of no others', async (path) => {
    for (const body of ['{}', 'no JSON', '{"a":"\ufffd"}'])
      for (const other of ['', '{ }', `${body} `])
        expectProblem(await deliver(body, { [SIGNATURE]: sign(other) }, path), 401, 'unauthorized');
    expect((await deliver('{}', { [SIGNATURE]: sign('{}') }, path)).status).toBe(202);
    expectProblem(await deliver('no JSON', { [SIGNATURE]: sign('no JSON') }, path), 400, 'validation');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expectProblem(await deliver('a=b', { ...form, [SIGNATURE]: sign('payload=%7B%7D') }, path), 401, 'unauthorized');
    expect((await deliver('payload=%7B%7D', { ...form, [SIGNATURE]: sign('payload=%7B%7D') }, path)).status).toBe(202);
  });

  it('a delivery without a body is refused, whatever signature it has', async () => {
    const [line, host] = post(PATHS[0]!);
    const bare = [line!, host!, 'X-GitHub-Event: star', `${SIGNATURE}: ${sign('')}`, 'Content-Length: 0'];
    expectProblem(await answered(http.url, bare), 400, 'validation');
  });

  it('an encoded one is signed as it was sent, and decoded after that', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    const body = gzipSync('{}');
    expect((await deliver(body, { ...gzip, [SIGNATURE]: sign(body) })).status).toBe(202);
    expectProblem(await deliver(body, { ...gzip, [SIGNATURE]: sign('{}') }), 401, 'unauthorized');
    expectProblem(await deliver('{}', { ...gzip, [SIGNATURE]: sign(body) }), 401, 'unauthorized');
  });

  it('unfinished bodies of anonymous senders shut nobody out, and are dropped, the oldest first', async () => {
    const half = Buffer.alloc(900_000, 'x');
    const forged = post(PATHS[0]!, FORGED).with(3, 'Content-Length: 1000000');
    const all: Begun[] = [];
    try {
      // 36 MB in all; each is there before the next one comes, so that it is known which are the oldest.
      for (let n = 0; n < 40; n++) {
        const begun = begin(http.url, forged, half);
        all.push(begun);
        await promptly(() => begun.socket.bytesWritten > half.length && !begun.socket.writableLength, `half ${n}`);
      }
      await promptly(() => all.slice(0, 10).every((one) => one.answer()), 'the oldest halves');
      for (const { answer } of all.slice(0, 10)) expectProblem(answer()!, 503, 'overloaded');
      expect(all.at(-1)!.answer()).toBeUndefined();
      expect((await deliver('{}', { [SIGNATURE]: sign('{}') })).status).toBe(202);
    } finally {
      for (const { socket } of all) socket.destroy();
    }
  }, 20_000);
}

/** docs/operations.md, Keys. */
export function describeBeforeBody(start: Start): void {
  describe('before a byte of a body is read', () => {
    const API_KEYS = SCOPES.map((scope) => `${scope}:key-of-${scope}:${scope}`).join();
    describe('with keys', () => describeKeyed(serving(start, { API_KEYS })));
    describe('at a signed source', () => describeSigned(serving(start, { API_KEYS, GITHUB_WEBHOOK_SECRET: SECRET })));

    describe('at a source that is closed', () => {
      const http = serving(start, { API_KEYS });
      it.each(['/api/v1/sources/github', '/api/v1/sources/%67ithub'])('%s is 404', async (path) => {
        expectProblem(await answered(http.url, post(path)), 404, 'no_such_endpoint');
      });
    });

    describe('without keys', () => {
      const http = serving(start);
      it('a foreign host name or web page is 403', async () => {
        for (const path of ['/api/v1/sources/github', '/api/v1/executions']) {
          expectProblem(await answered(http.url, post(path).with(1, 'Host: ledger.example')), 403, 'forbidden');
          expectProblem(await answered(http.url, post(path, 'Origin: https://evil.example')), 403, 'forbidden');
        }
      });

      it('many reports are read as such by any text of the address', async () => {
        const report = JSON.stringify({ execution_id: fresh(), status: 'running' });
        for (const path of ['/%72eports', '//api//v1/report%73/']) {
          const answer = await http.call('POST', path, `${report}\n`, { 'content-type': 'application/x-ndjson' });
          expect(lines(answer.text)).toMatchObject([{ line: 1, execution_id: JSON.parse(report).execution_id }]);
        }
      });
    });
  });
}
