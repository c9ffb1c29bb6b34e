import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { moment } from '../support/ledger/handling.js';
import { startTestLedger } from '../support/ledger/ledger.js';
import { expectProblem } from './suite/http.js';

it('a request on a connection that still stands while the ledger stops is refused with a problem, as every error is', async () => {
  const { ledger, url, close } = await startTestLedger();
  const server: Server = ledger.app.getHttpServer();
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const answers = text(socket);
  const body = JSON.stringify({ execution_id: 'early', status: 'running' });
  const head = `POST /api/v1/workflow/executions/events HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`;
  socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
  await once(server, 'request');
  const closed = close();
  while (server.listening) await moment();
  socket.write(`${body.slice(5)}GET /api/v1/executions HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  const [first, second] = (await answers).split(/(?=HTTP\/1\.1 \d)/).map((answer) => {
    const [, status, headers = '', content = ''] = /^HTTP\/1\.1 (\d+)[^\r]*\r\n([^]*?)\r\n\r\n([^]*)$/.exec(answer)!;
    const named = headers.split('\r\n').map((line) => line.split(': ', 2) as [string, string]);
    return { status: Number(status), headers: new Headers(named), text: content };
  });
  expect(first).toMatchObject({ status: 200, text: expect.stringContaining('"verdict":"applied"') });
  expectProblem({ ...second!, body: undefined }, 503, 'unavailable');
  expect([second!.headers.get('retry-after'), second!.headers.get('connection')]).toEqual(['1', 'close']);
  await closed;
}, 30_000);
