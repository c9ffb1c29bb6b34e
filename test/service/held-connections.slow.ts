import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { closeService } from '../../src/composition/http-server.js';
import { eventually } from '../support/eventually.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = await startTestLedger();
}, 30_000);
afterEach(() => ledger.close(), 30_000);

/** Shorter than that of a real stop. */
const PATIENCE = { bodiesMs: 200, connectionsMs: 1_000 };
/** How long it takes until the service is closed, in milliseconds. */
const closed = async (): Promise<number> => {
  const since = performance.now();
  await closeService(ledger.ledger.app, PATIENCE);
  return performance.now() - since;
};

/** A connection that has sent so much, and what came back over it. */
async function holding(sent: string) {
  const { hostname, port } = new URL(ledger.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  let ended = false;
  socket.on('data', (chunk: Buffer) => void (received += chunk.toString()));
  socket.on('error', () => undefined).on('close', () => (ended = true));
  let connected = 0;
  await new Promise<void>((resolve) => socket.write(sent, () => resolve()));
  await eventually(
    async () => (connected = await new Promise<number>((resolve) => server().getConnections((_, n) => resolve(n)))),
    () => connected > 0,
  );
  return {
    get received() {
      return received;
    },
    get ended() {
      return ended;
    },
  };
}
const server = () => ledger.ledger.app.getHttpServer();

const HEAD =
  'POST /api/v1/workflow/executions/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

it.each([
  ['half a request line', 'POST /api/v1/workf'],
  ['half of the headers', HEAD],
])('a stop does not wait for who sent %s', async (_what, sent) => {
  const held = await holding(sent);
  expect(await closed()).toBeLessThan(3_000);
  await eventually(async () => held.ended, Boolean);
});

it('a body that still arrives is refused, and told so', async () => {
  let requests = 0;
  server().on('request', () => requests++);
  const held = await holding(`${HEAD}Content-Length: 1000\r\n\r\n{"execution_id":`);
  await eventually(
    async () => requests,
    (count) => count === 1,
  );
  expect(await closed()).toBeLessThan(3_000);
  await eventually(async () => held.ended, Boolean);
  expect(held.received).toMatch(/^HTTP\/1\.1 503 /);
  expect(held.received).toContain('/problems/unavailable');
});
