import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../contract/problem.js';
import { decoded, flawOf } from './content-encoding.js';
import { discardRest } from './linger.js';

/** Takes a piece of a body, and may ask the sender to wait. @throws Problem to refuse the body */
export type Take = (chunk: Buffer) => Promise<void> | undefined | void;

/** Gives a body to `take`, piece by piece. @throws Problem of `take`, or 413 beyond the limit of the door: at once, with the rest unread */
export async function readBody(request: FastifyRequest, payload: Readable, take: Take): Promise<void> {
  const limit = request.routeOptions.bodyLimit!;
  const tooLarge = (): Problem => Problem.of('too_large', `the body is larger than ${limit} bytes`);
  let body = payload;
  try {
    if (Number(request.headers['content-length']) > limit) throw tooLarge();
    body = decoded(request.headers['content-encoding'], payload);
    let size = 0;
    await eachPiece(body, (chunk) => {
      if ((size += chunk.length) > limit) throw tooLarge();
      return take(chunk);
    });
  } catch (error) {
    if (body !== payload) {
      payload.unpipe();
      body.destroy();
    }
    discardRest(request, payload);
    throw error;
  }
}

function eachPiece(payload: Readable, take: Take): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      payload.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      settle();
    };
    const fail = (error: unknown): void => end(() => reject(error as Error));
    const cut = (error?: Error): void => fail(Problem.of('validation', flawOf(error)));
    let taken: Promise<void> | undefined;
    const onData = (chunk: Buffer): void => {
      try {
        const pause = take(chunk);
        if (pause === undefined) return;
        payload.pause();
        taken = pause.then(() => void payload.resume(), fail);
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = (): void => {
      payload.off('close', onClose);
      if (taken === undefined) end(resolve);
      else void taken.then(() => end(resolve)); // a paused stream ends all the same, while its last piece still waits
    };
    const onError = cut;
    const onClose = (): void => cut();
    payload.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose).resume();
  });
}
