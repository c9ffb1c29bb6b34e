import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { get, request } from 'node:http';
import { fresh, serving, type Start } from './http.js';

const DECODERS = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync } as const;
const TEXT = 'the same again and again, '.repeat(100);

interface Bytes {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly bytes: Buffer;
}

/** docs/http-api.md, Bodies: answers are compressed where the caller asks. */
export function describeCompression(start: Start): void {
  describe('compression', () => {
    const http = serving(start);
    const ask = (path: string, headers: Record<string, string> = {}) =>
      new Promise<Bytes>((resolve, reject) =>
        get(http.url + path, { headers, agent: false }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) }),
          );
        }).on('error', reject),
      );
    const long = async () => {
      const id = fresh();
      await http.tell(id, 'running', { message: TEXT });
      return `/api/v1/executions/${id}`;
    };

    it.each(Object.entries(DECODERS))('in %s where it is asked for', async (name, decode) => {
      const path = await long();
      const plain = await ask(path);
      const small = await ask(path, { 'accept-encoding': name });
      expect(small.headers).toMatchObject({ 'content-encoding': name, vary: 'accept-encoding', etag: '"1"' });
      expect(small.bytes.length).toBeLessThan(plain.bytes.length / 2);
      expect(decode(small.bytes).toString()).toBe(plain.bytes.toString());
    });

    it('as it is where it is not asked for, or not in a way that is known; said to depend on it', async () => {
      const path = await long();
      for (const headers of [{}, { 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip;q=0, compress' }]) {
        const answer = await ask(path, headers);
        expect([answer.status, answer.headers['content-encoding'], answer.headers.vary]).toEqual([
          200,
          undefined,
          'accept-encoding',
        ]);
      }
    });

    it('a small answer is not compressed, a list and the log are', async () => {
      await long();
      const gzip = { 'accept-encoding': 'gzip' };
      expect((await ask('/health/live', gzip)).headers['content-encoding']).toBeUndefined();
      for (const path of ['/api/v1/events', '/metrics', '/docs/openapi.json'])
        expect([path, (await ask(path, gzip)).headers['content-encoding']]).toEqual([path, 'gzip']);
    });

    it('the ETag stays what it was: 304 as before', async () => {
      const answer = await ask(await long(), { 'accept-encoding': 'br', 'if-none-match': 'W/"1"' });
      expect([answer.status, answer.headers.etag, answer.headers.vary]).toEqual([304, '"1"', 'accept-encoding']);
      expect(answer.headers['content-encoding']).toBeUndefined();
    });

    it('the receipts of many reports are compressed, a stream is not', async () => {
      const reports = Array.from({ length: 20 }, () => ({ execution_id: fresh(), status: 'running' }));
      const sent = request(`${http.url}/api/v1/reports`, {
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip' },
      });
      const chunks: Buffer[] = [];
      const encoding = await new Promise((resolve, reject) => {
        sent.on('error', reject).on('response', (response) => {
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve(response.headers['content-encoding']));
        });
        sent.end(JSON.stringify(reports));
      });
      expect([encoding, gunzipSync(Buffer.concat(chunks)).toString().trim().split('\n').length]).toEqual(['gzip', 20]);
      await new Promise<void>((resolve, reject) => {
        const stream = get(
          `${http.url}/api/v1/stream?after=0`,
          { headers: { 'accept-encoding': 'gzip' } },
          (response) => {
            expect(response.headers['content-encoding']).toBeUndefined();
            response.once('data', () => {
              stream.destroy();
              resolve();
            });
          },
        ).on('error', reject);
      });
    });
  });
}
