import { afterAll, beforeAll, expect, it } from '@jest/globals';
import Fastify, { type FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../src/contract/problem.js';
import { readBody } from '../../src/http/read-body.js';
import { raw } from './suite/http.js';

const server = Fastify();
const LATE = 20;
const BODY = Buffer.alloc(200_000, 'x');
let url: string;

beforeAll(async () => {
  server.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    let size = 0;
    await readBody(request, payload, {
      take: async (chunk) => {
        await pause(LATE);
        size += chunk.length;
        if (size > 100_000 && request.url === '/refused') throw Problem.of('too_large', 'enough');
      },
    });
    return size;
  });
  server.post('/whole', async ({ body }) => ({ body }));
  server.post('/refused', async ({ body }) => ({ body }));
  url = await server.listen({ port: 0 });
});
afterAll(() => server.close());

const send = (path: string) =>
  raw(url, { method: 'POST', path, headers: { 'content-type': 'application/octet-stream' }, body: BODY });

it('a body has been read when its last piece has been taken, however long that takes', async () => {
  const { text } = await send('/whole');
  expect(JSON.parse(text)).toEqual({ body: BODY.length });
});

it('what refuses a piece late refuses the body', async () => {
  expect((await send('/refused')).text).toContain('enough');
});
