import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, MemoryOutbox, NoAnswer, reportOf, send, Ledger, type Answer } from '../../src/client/index.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server of somebody's at the ledger's address, and a connection to it. */
async function connectedTo(listener: RequestListener) {
  server = createServer((request, response) => {
    request.resume();
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return connect({ url: `http://127.0.0.1:${port}`, retry: { limit: 0 } });
}
const answering = (status: number, type: string, body: string) =>
  connectedTo((_, response) => void response.writeHead(status, { 'content-type': type }).end(body));
const report = (execution: string) => reportOf('event', execution, { execution_id: execution, status: 'succeeded' });
const JSON_TYPE = 'application/json';
const problem = (status: number, type: string) => JSON.stringify({ type, status, detail: `it is ${type}` });

describe('an answer that is not the ledger’s', () => {
  it.each([
    [404, 'text/plain', 'default backend - 404'],
    [404, JSON_TYPE, '{"message":"no Route matched with those values"}'],
    [404, JSON_TYPE, 'null'],
    [404, 'application/problem+json', problem(404, 'about:blank')],
    [404, 'application/problem+json', problem(404, '/problems/no_such_endpoint')],
    [405, 'application/problem+json', problem(405, '/problems/method_not_allowed')],
    [405, 'text/html', '<html><h1>405 Not Allowed</h1></html>'],
    [400, 'text/html', ''],
    [403, 'text/html', '<html>forbidden</html>'],
    [200, 'text/html', '<html>welcome</html>'],
    [200, JSON_TYPE, '{"ok":true}'],
    [204, 'text/plain', ''],
  ])('%s %s %s leaves the report in the outbox', async (status, type, body) => {
    const connection = await answering(status, type, body);
    await expect(send(connection, report('a'))).rejects.toBeInstanceOf(NoAnswer);
    const outbox = new MemoryOutbox();
    await outbox.put(report('a'));
    const [answers, troubles] = [[] as Answer[], [] as unknown[]];
    const ledger = new Ledger(connection, {
      outbox,
      onAnswer: (_, answer) => answers.push(answer),
      onTrouble: (error) => troubles.push(error),
    });
    expect(await ledger.flush()).toBe(1);
    expect(answers).toEqual([]);
    expect(troubles).toEqual([expect.any(NoAnswer)]);
    await ledger.close();
  });
});

describe('an answer that decides', () => {
  it.each([
    [409, JSON_TYPE, '{"verdict":"conflict"}'],
    [400, 'application/problem+json', problem(400, '/problems/validation')],
    [413, 'text/html', '<html>413 Request Entity Too Large</html>'],
  ])('%s %s %s takes the report out of the outbox', async (status, type, body) => {
    const outbox = new MemoryOutbox();
    await outbox.put(report('a'));
    const ledger = new Ledger(await answering(status, type, body), { outbox });
    expect(await ledger.flush()).toBe(0);
  });
});

describe('an execution that the ledger cannot read', () => {
  it('keeps its report, and holds up no report of another execution', async () => {
    const connection = await connectedTo((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const isUnreadable = Buffer.concat(parts).includes('"unreadable-');
        response.writeHead(isUnreadable ? 503 : 200, { 'content-type': JSON_TYPE });
        response.end(
          isUnreadable ? problem(503, '/problems/unreadable_event') : '{"verdict":"applied","applied":true}',
        );
      });
    });
    const outbox = new MemoryOutbox();
    // More than are sent at once, so that a round that stopped would leave some.
    for (let n = 0; n < 20; n++) await outbox.put(report(`unreadable-${n}`));
    for (let n = 0; n < 20; n++) await outbox.put(report(`readable-${n}`));
    const troubles: unknown[] = [];
    const ledger = new Ledger(connection, { outbox, onTrouble: (error) => troubles.push(error) });
    expect(await ledger.flush()).toBe(20);
    expect(troubles).toEqual([]);
    const left: string[] = [];
    await outbox.deliver(({ execution }) => Promise.resolve(left.push(execution) < 0));
    expect(left.every((execution) => execution.startsWith('unreadable-'))).toBe(true);
  });
});
