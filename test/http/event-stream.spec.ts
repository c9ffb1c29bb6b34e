import { afterEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mock } from 'node:test';
import { EventStream } from '../../src/http/event-stream.js';

let server: Server;
afterEach(() => {
  mock.timers.reset();
  server.closeAllConnections();
  server.close();
});

it('a quiet stream says every 15 s that it is there, so that nobody in between takes it for dead', async () => {
  mock.timers.enable({ apis: ['setInterval'] });
  server = createServer(
    (_request, response) => void new EventStream(response, { mayGoOn: () => true }, () => undefined),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  for (let n = 0; n < 2; n++) {
    const said = once(response, 'data');
    mock.timers.tick(14_999);
    expect(response.readableLength).toBe(0);
    mock.timers.tick(1);
    expect(String((await said)[0])).toBe(': ping\n\n');
  }
  const [ended] = [once(response, 'end')];
  asked.destroy();
  await ended.catch(() => undefined);
});
