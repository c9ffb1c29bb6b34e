import type { Readable } from 'node:stream';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** How much more of a refused request is read, and for how long, in ms, so that its sender comes to see why. */
export const LINGER_BYTES = 64 * 1024 * 1024;
export const LINGER_MS = 5_000;
/** How much of it is read in a turn of the event loop, in bytes: of each that sends fast the system has two megabytes at once. */
const PER_TURN = 256 * 1024;

/** Closes the connection when its time is over. */
export function limited(socket: Socket): NodeJS.Timeout {
  return setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

const discarded = new WeakSet<Readable>();

/** Reads what is still to come, and keeps nothing of it: a connection that is closed unread loses the answer on its way. */
export function discardRest({ raw: { socket } }: FastifyRequest, payload: Readable): void {
  if (discarded.has(payload)) return;
  discarded.add(payload);
  const giveUp = limited(socket);
  let rest = LINGER_BYTES;
  let inTurn = 0;
  payload
    .on('error', () => undefined)
    .on('data', (chunk: Buffer) => {
      if ((rest -= chunk.length) < 0) socket.destroy();
      if ((inTurn += chunk.length) < PER_TURN) return;
      inTurn = 0;
      payload.pause();
      setImmediate(() => payload.resume());
    })
    .on('close', () => clearTimeout(giveUp))
    .on('end', () => clearTimeout(giveUp))
    .resume();
  if (payload.readableEnded || payload.destroyed) clearTimeout(giveUp);
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;

/** Lets every answer reach its caller that is given before the request was read to its end: a caller without rights still sends. */
export function registerLinger(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    const { raw } = request;
    if (hasBody(request) && !raw.complete) {
      const closes = !reply.raw.shouldKeepAlive;
      reply.raw.shouldKeepAlive = true; // else the server closes the connection with the answer, unread as it is
      discardRest(request, raw);
      if (closes)
        void Promise.all([once(raw, 'end'), once(reply.raw, 'finish')]).then(
          () => raw.socket.end(),
          () => undefined,
        );
    }
    done();
  });
}
