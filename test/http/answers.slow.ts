import { afterEach, beforeEach, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { registerAnswers } from '../../src/http/answers.js';
import { type Problem } from '../../src/contract/problem.js';
import { InFlight } from '../../src/http/in-flight.js';
import { raw } from './suite/http.js';
import { eventually } from '../support/eventually.js';

const MIB = 1024 * 1024;
const STALL_MS = 1_000;
/** More than the systems of both ends keep on the way. */
const LARGE = 32 * MIB;

let server: FastifyInstance;
let inFlight: InFlight;
let url: string;
let gathered = 0;
const sockets: Socket[] = [];

beforeEach(async () => {
  gathered = 0;
  inFlight = new InFlight(64 * MIB);
  server = Fastify();
  server.setErrorHandler((error, _request, reply) => reply.status((error as Problem).details.status).send('refused'));
  registerAnswers(server, inFlight, STALL_MS);
  const looks = { config: { scope: 'read' } };
  server.get('/large', looks, async () => {
    gathered++;
    return 'x'.repeat(LARGE);
  });
  server.get('/small', looks, async () => 'small');
  server.post('/done', { config: { scope: 'report' } }, async () => {
    gathered++;
    return 'x'.repeat(LARGE);
  });
  server.get('/slow', looks, async () => {
    await pause(1.5 * STALL_MS);
    return 'slow';
  });
  url = await server.listen({ port: 0 });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

/** Asks, so many times without waiting for the answer, and reads nothing until it is told to. */
function asking(path: string, method = 'GET', times = 1): { socket: Socket; ended: Promise<unknown> } {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  sockets.push(socket);
  socket.pause().on('error', () => undefined);
  const close = once(server.server, 'connection').then(([theirs]) => once(theirs as Socket, 'close'));
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`.repeat(times));
  return { socket, ended: close };
}

/** Whether all that was held is let go of. */
const isFree = (): boolean => inFlight.hasRoom(56 * MIB);

it.each(['GET', 'POST'])(
  'who takes nothing of an answer to %s is hung up on, and its bytes are free',
  async (method) => {
    const since = performance.now();
    const { ended } = asking(method === 'GET' ? '/large' : '/done', method);
    await eventually(
      async () => isFree(),
      (free) => !free,
    );
    await ended;
    expect(performance.now() - since).toBeGreaterThan(STALL_MS - 50);
    await eventually(async () => isFree(), Boolean);
  },
);

it('answers behind one of which nothing is taken go with it, and their bytes are free', async () => {
  const { ended } = asking('/done', 'POST', 5);
  await eventually(
    async () => gathered,
    (n) => n === 5,
  );
  await ended;
  await eventually(async () => isFree(), Boolean);
});

it('who takes some now and then gets all of it, however long that takes', async () => {
  const { socket } = asking('/large');
  let size = 0;
  let rests = 0;
  socket.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size < (rests + 1) * 4 * MIB) return;
    rests++;
    socket.pause();
    setTimeout(() => socket.resume(), STALL_MS / 4);
  });
  socket.resume();
  await eventually(
    async () => size,
    (all) => all > LARGE,
  );
  expect(rests).toBe(8);
});

it('an answer that is long in coming is waited for', async () => {
  expect(await raw(url, { path: '/slow' })).toMatchObject({ status: 200, text: 'slow' });
});

it('beyond what all hold one more is given, and who looks is told to come again; small ones are served', async () => {
  const all = [asking('/large'), asking('/large')];
  await eventually(
    async () => gathered,
    (n) => n === 2,
  );
  expect(await raw(url, { path: '/large' })).toMatchObject({ status: 503, text: 'refused' });
  expect(await raw(url, { path: '/small' })).toMatchObject({ status: 200, text: 'small' });
  await Promise.all(all.map(({ ended }) => ended));
  expect((await raw(url, { path: '/large' })).status).toBe(200);
});

it('where nothing is left, nothing is gathered', async () => {
  for (const bytes of [LARGE, LARGE, 64 * MIB]) inFlight.open().take(bytes);
  expect((await raw(url, { path: '/large' })).status).toBe(503);
  expect(gathered).toBe(0);
});
