import type { OutgoingHttpHeaders } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expectProblem, fresh, lines, raw, standing, type Http } from './http.js';

const EVENTS = '/workflow/executions/events';
const JSON_TYPE = { 'content-type': 'application/json' };
const NDJSON = { 'content-type': 'application/x-ndjson' };
const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** docs/http-api.md, Bodies: what a body may be wrapped in. */
export function describeEncodings(http: Http): void {
  const send = (path: string, headers: OutgoingHttpHeaders, body: Buffer) =>
    raw(http.url, { method: 'POST', path: `/api/v1${path}`, headers, body });
  const report = (more: object = {}) =>
    Buffer.from(JSON.stringify({ execution_id: fresh(), status: 'running', ...more }));

  describe.each(Object.entries(ENCODERS))('in %s', (name, encode) => {
    const encoded = { 'content-encoding': name };

    it('a report is taken, and so are many', async () => {
      const one = await send(EVENTS, { ...JSON_TYPE, ...encoded }, encode(report()));
      expect(JSON.parse(one.text)).toMatchObject({ applied: true });
      const many = encode(
        Buffer.from(Array.from({ length: 20 }, () => report({ data: 'x'.repeat(10_000) })).join('\n')),
      );
      const receipts = lines((await send('/reports', { ...NDJSON, ...encoded }, many)).text);
      expect(receipts.map(({ applied }) => applied)).toEqual(Array(20).fill(true));
    });

    it('what stands for more than BODY_LIMIT is 413, and nothing is decided', async () => {
      const small = encode(report({ message: 'x'.repeat(5_000_000) }));
      expect(small.length).toBeLessThan(20_000);
      expectProblem(await send(EVENTS, { ...JSON_TYPE, ...encoded }, small), 413, 'too_large');
    });

    it.each([
      ['cut off', (body: Buffer) => body.subarray(0, body.length - 5)],
      ['something else', () => Buffer.from('{"execution_id":"plain","status":"running"}')],
    ])('a body that is %s is 400, and the connection serves on', async (_what, spoil) => {
      const answer = await send(EVENTS, { ...JSON_TYPE, ...encoded }, spoil(encode(report())));
      expect(expectProblem(answer, 400, 'validation').detail).toContain('Content-Encoding');
      expect((await http.get('//health/live')).status).toBe(200);
    });
  });

  it.each(['zstd', 'compress', 'gzip, gzip', 'constructor'])('in %s is 415, and told what is read', async (name) => {
    const answer = await send(EVENTS, { ...JSON_TYPE, 'content-encoding': name }, report());
    expectProblem(answer, 415, 'unsupported_media_type');
    expect(answer.headers['accept-encoding']).toBe('gzip, deflate, br');
  });

  it.each(['identity', ' GZip '])('in %j, whatever the case', async (name) => {
    const body = name === 'identity' ? report() : gzipSync(report());
    expect((await send(EVENTS, { ...JSON_TYPE, 'content-encoding': name }, body)).status).toBe(200);
  });

  it('a byte order mark is no part of a body', async () => {
    const marked = (body: Buffer | string) => Buffer.concat([BYTE_ORDER_MARK, Buffer.from(body)]);
    expect((await send(EVENTS, JSON_TYPE, marked(report()))).status).toBe(200);
    for (const [type, body] of [
      [NDJSON, `${String(report())}\n`],
      [JSON_TYPE, ` [${String(report())}]`],
    ] as const)
      expect(lines((await send('/reports', type, marked(body))).text)).toMatchObject([{ line: 1, applied: true }]);
  });

  it.each([
    'application/ndjson',
    'application/jsonl',
    'application/x-jsonlines',
    'Application/X-NDJSON; charset=utf-8',
  ])('%s is lines of reports', async (type) => {
    const { text } = await send('/reports', { 'content-type': type }, report());
    expect(lines(text)).toMatchObject([{ line: 1, applied: true }]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/x-ndjson', 'application/xml'])(
    'an empty body may be of any type: %s',
    async (type) => {
      const id = await standing(http, 'running');
      const { status } = await send(`/executions/${id}/pause`, { 'content-type': type }, Buffer.alloc(0));
      expect([status, (await http.show(id)).status]).toEqual([200, 'paused']);
    },
  );
}
