import { afterEach, describe, expect, it } from '@jest/globals';
import { getEventListeners, once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Delivery } from '../../src/client/delivery.js';
import { connect, Ledger, MemoryOutbox, reportOf, type Connection } from '../../src/client/index.js';
import { eventually } from '../support/eventually.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function connectedTo(listener: RequestListener): Promise<Connection> {
  server = createServer((request, response) => {
    request.resume();
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return connect({ url: `http://127.0.0.1:${port}`, retry: { limit: 0 } });
}
const json = (response: ServerResponse, body: object): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** A ledger that applies all reports, and leaves the answers to heartbeats to the test. */
async function holdingHeartbeats() {
  let hold!: (response: ServerResponse) => void;
  const heartbeat = new Promise<ServerResponse>((resolve) => (hold = resolve));
  const connection = await connectedTo((request, response) => {
    if (request.url?.endsWith('/heartbeat')) hold(response);
    else json(response, { verdict: 'applied', applied: true, current: { status: 'running' } });
  });
  return { connection, heartbeat };
}
const HEART = { id: 'a', target: 't', heartbeatMs: 10 };

describe('a delivery that nobody answers', () => {
  it('leaves no listener of its rests behind', async () => {
    let asked = 0;
    const connection = await connectedTo((_, response) => void response.writeHead(404).end(String(asked++)));
    const delivery = new Delivery(connection, new MemoryOutbox(), { restMs: 1 });
    delivery.put(reportOf('event', 'a', { execution_id: 'a', status: 'running' }));
    await eventually(
      () => asked,
      (times) => times >= 20,
    );
    await delivery.close();
    expect(getEventListeners(delivery.stopped, 'abort').filter(({ name }) => name === 'wake')).toEqual([]);
    expect(getEventListeners(delivery.stopped, 'abort').length).toBeLessThan(10);
  });
});

describe('a heartbeat under way', () => {
  it.each(['the delivery is closed', 'the execution has ended'])('is given up when %s', async (when) => {
    const { connection, heartbeat } = await holdingHeartbeats();
    const ledger = new Ledger(connection);
    const execution = ledger.open(HEART);
    execution.start();
    const response = await heartbeat;
    const closed = once(response, 'close');
    if (when === 'the delivery is closed') await ledger.close();
    else await execution.end({ status: 'succeeded' });
    await closed;
    expect(response.writableFinished).toBe(false);
    await ledger.close();
  });

  it('that is answered after the outcome does not stop the work', async () => {
    const { connection, heartbeat } = await holdingHeartbeats();
    const ledger = new Ledger(connection);
    const execution = ledger.open(HEART);
    execution.start();
    const response = await heartbeat;
    const ending = execution.end({ status: 'succeeded' });
    json(response, { verdict: 'fenced', applied: false, current: { status: 'succeeded' } });
    expect((await ending).won).toBe(true);
    await pause(50);
    expect(execution.signal.aborted).toBe(false);
    await ledger.close();
  });
});
