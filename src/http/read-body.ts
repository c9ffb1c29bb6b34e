import type { Server } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../contract/problem.js';
import { decoded, flawOf } from './content-encoding.js';
import { askForBody } from './hold-back.js';
import { discardRest } from './linger.js';

/** Takes a piece of a body, and may ask the sender to wait. @throws Problem to refuse the body */
export type Take = (chunk: Buffer) => Promise<void> | undefined | void;

/** Who reads a body. */
export interface Reader {
  /** Before the first byte, of which so many are announced: may ask the sender to wait. @throws Problem to refuse the body */
  readonly admit?: (announced: number) => Promise<void> | undefined;
  readonly take: Take;
}

/** How bodies that are on their way are given up, by the server that they come to. */
const arriving = new WeakMap<Server, Set<(why: Problem) => void>>();

function arrivingAt(server: Server): Set<(why: Problem) => void> {
  const known = arriving.get(server) ?? new Set();
  arriving.set(server, known);
  return known;
}

/** Refuses the bodies that have not come to their end: a server that stops cannot wait for who holds back the rest. */
export function refuseArriving(server: Server): void {
  const why = Problem.of('unavailable', 'the ledger is being stopped; send the same again');
  for (const giveUp of [...arrivingAt(server)]) giveUp(why);
}

/**
 * Gives a body to its reader, piece by piece, as it was before its encoding.
 * @throws Problem of the reader, or 413 beyond the limit of the endpoint: at once, with the rest unread
 */
export async function readBody(
  request: FastifyRequest,
  payload: Readable,
  { admit, take }: Reader,
  encoding = request.headers['content-encoding'],
): Promise<void> {
  const announced = Number(request.headers['content-length'] ?? 0);
  const limit = request.routeOptions.bodyLimit!;
  const tooLarge = (): Problem => Problem.of('too_large', `the body is larger than ${limit} bytes`);
  let body = payload;
  try {
    if (announced > limit) throw tooLarge();
    body = decoded(encoding, payload);
    let size = 0;
    const taken = (chunk: Buffer): ReturnType<Take> => {
      if ((size += chunk.length) > limit) throw tooLarge();
      return take(chunk);
    };
    await eachPiece(body, {
      admitted: admit?.(announced),
      begin: () => askForBody(request.raw),
      take: taken,
      underWay: arrivingAt(request.server.server),
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

interface Pieces {
  readonly admitted: Promise<void> | undefined;
  readonly begin: () => void;
  readonly take: Take;
  readonly underWay: Set<(why: Problem) => void>;
}

function eachPiece(payload: Readable, { admitted, begin, take, underWay }: Pieces): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      underWay.delete(fail);
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
    underWay.add(fail);
    payload.pause().on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
    const start = (): void => {
      if (!underWay.has(fail)) return; // it was given up while it waited, and is answered
      begin();
      payload.resume();
    };
    if (admitted === undefined) start();
    else admitted.then(start, fail);
  });
}
