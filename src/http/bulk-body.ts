import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { BYTES_PER_TURN, ownTurn } from '../event-loop.js';
import { shareOf } from './answers.js';
import { BYTE_WEIGHT, WINDOW_WEIGHT } from './body-weight.js';
import { readBody } from './read-body.js';
import { ElementSplitter, LineSplitter, type RawReport } from './report-splitter.js';

const SPLITTERS = { lines: LineSplitter, elements: ElementSplitter } as const;

/** The reports of one request, taken apart while they arrived and not yet read. */
export class BulkBody {
  private constructor(readonly reports: readonly RawReport[]) {}

  /** @throws Problem 400 or 413 where it is no body of reports, or too large; 503 where there is no room for it in time */
  static async read(
    request: FastifyRequest,
    payload: Readable,
    as: keyof typeof SPLITTERS,
    bodyLimit: number,
  ): Promise<BulkBody> {
    const splitter = new SPLITTERS[as](bodyLimit);
    const share = shareOf(request);
    /** All of it is kept, and a window of it at a time decided. */
    const hold = (bytes: number): Promise<void> | undefined =>
      share.hold(bytes + BYTE_WEIGHT * Math.min(bytes, Math.max(WINDOW_WEIGHT, bodyLimit)));
    let inTurn = 0;
    let toCome = 0;
    const add = (chunk: Buffer): Promise<void> | undefined => {
      splitter.add(chunk);
      toCome = Math.max(0, toCome - chunk.length);
      // What is still to come keeps its room: others would be let in to it, and all of them be stuck in their middle.
      return hold(toCome + splitter.held);
    };
    await readBody(request, payload, {
      admit: (announced) => hold((toCome = announced)),
      take: (chunk) => {
        if ((inTurn += chunk.length) < BYTES_PER_TURN) return add(chunk);
        inTurn = 0;
        return ownTurn().then(() => add(chunk));
      },
    });
    splitter.end();
    return new BulkBody(splitter.reports);
  }
}
