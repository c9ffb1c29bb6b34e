import { afterEach, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStream } from '../../src/http/event-stream.js';

let server: Server;
afterEach(() => {
  jest.useRealTimers();
  server.closeAllConnections();
  server.close();
});

it('a quiet stream says every 15 s that it is there, so that nobody in between takes it for dead', async () => {
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout', 'performance'],
  });
  server = createServer(
    (_request, response) => void new EventStream(response, { mayGoOn: () => true }, () => undefined),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  for (let n = 0; n < 2; n++) {
    const said = once(response, 'data');
    jest.advanceTimersByTime(14_999);
    expect(response.readableLength).toBe(0);
    jest.advanceTimersByTime(1);
    expect(String((await said)[0])).toBe(': ping\n\n');
  }
  const [ended] = [once(response, 'end')];
  asked.destroy();
  await ended.catch(() => undefined);
});
