import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { onlyLooks } from './access.js';
import type { InFlight, Share } from './in-flight.js';
import { closeQueuedAnswers } from './queued-answers.js';
import { Problem } from '../contract/problem.js';

/** How long a caller may take nothing of what waits for it, in milliseconds. */
export const STALL_MS = 30_000;
/**
 * In how many looks that time passes. Node tells of a look only where nothing was taken since the one before, and first
 * passes over one at which the system has taken a part: one look alone would take twice the time.
 */
const LOOKS = 6;
/** A look that comes later than this, in looks, follows one that Node passed over. */
const LONGEST_LOOK = 1.9;
/** An answer that shows anything has so many bytes, or more. */
const LEAST_BYTES = 4 * 1024;

/** A text of more characters is held as bytes. */
const LONG_TEXT = 64 * 1024;

const shares = new WeakMap<FastifyRequest, Share>();

/** What a request holds of the bytes in flight. */
export const shareOf = (request: FastifyRequest): Share => shares.get(request)!;

/**
 * Bounds what answers hold: each counts until its caller has taken it, whoever takes nothing of it for a while is hung up on,
 * and where too much is held already nothing is read for another one.
 */
export function registerAnswers(fastify: FastifyInstance, inFlight: InFlight, stallMs = STALL_MS): void {
  closeQueuedAnswers(fastify.server);
  fastify.addHook('onRequest', (request, _reply, done) => {
    shares.set(request, inFlight.open());
    done();
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (onlyLooks(request) && !inFlight.hasRoom(LEAST_BYTES))
      throw Problem.of('overloaded', 'too many bytes of other answers are held at the moment; ask again');
    done();
  });
  fastify.addHook('onSend', (request, reply, sent, done) => {
    request.body = undefined; // it is decided, and the request stays as long as its answer
    const payload = asHeld(sent);
    const share = shares.get(request) ?? inFlight.open();
    const bytes = sizeOf(payload);
    if (bytes !== undefined && onlyLooks(request) && reply.statusCode < 400) share.claim(bytes);
    else if (bytes !== undefined) share.take(bytes);
    const { raw } = reply;
    if (raw.destroyed) share.release();
    else raw.once('close', share.release);
    hangUpWhenStalled(raw, stallMs);
    done(null, payload);
  });
}

/** A long text as the bytes that it is sent as: else both are held while it waits, and room for three bytes a character. */
const asHeld = (payload: unknown): unknown =>
  typeof payload === 'string' && payload.length > LONG_TEXT ? Buffer.from(payload) : payload;

/** Of what is whole; what comes piece by piece is never held whole, or was counted by who made it. */
const sizeOf = (payload: unknown): number | undefined =>
  payload === null || payload === undefined ? 0 : (payload as { length?: number }).length;

function hangUpWhenStalled(answer: ServerResponse, stallMs: number): void {
  const lookMs = stallMs / LOOKS;
  let idle = 0;
  let last = 0;
  answer.setTimeout(lookMs, () => {
    const now = performance.now();
    const follows = now - last < LONGEST_LOOK * lookMs;
    last = now;
    // Where nothing waits to be taken it is for us to go on.
    if (answer.writableLength === 0) idle = 0;
    else idle = follows ? idle + 1 : 1;
    if (idle < LOOKS) answer.setTimeout(lookMs);
    else answer.destroy();
  });
}
