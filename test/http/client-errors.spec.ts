import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerClientError } from '../../src/http/server-errors.js';
import { expectProblem } from './suite/http.js';
import { bytes } from './suite/server-errors.js';

let handled = 0;
const limits = { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 50 };
const server = createServer(limits, (_request, response) => void (handled++, response.end()));
server.on('clientError', answerClientError);
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

it('a request that does not arrive in time is 408, and what comes of it afterwards is not done', async () => {
  expectProblem(await bytes(url, 'GET / HTTP/1.1\r\nHost: a\r\n', '\r\n'), 408, 'request_timeout');
  expect(handled).toBe(0);
});
