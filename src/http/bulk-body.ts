import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { BodyBudget, Share } from './body-budget.js';
import { readBody } from './read-body.js';
import { ElementSplitter, LineSplitter, type RawReport } from './report-splitter.js';

const SPLITTERS = { lines: LineSplitter, elements: ElementSplitter } as const;
/** How much is looked at in one turn of the event loop. */
const BYTES_PER_TURN = 64 * 1024;

/** The reports of one request, taken apart while they arrived and not yet read. Whoever has it releases it. */
export class BulkBody {
  private constructor(
    readonly reports: readonly RawReport[],
    private readonly share: Share,
  ) {}

  /** @throws Problem 400 or 413 where it is no body of reports, or too large; 503 where there is no room for it in time */
  static async read(
    request: FastifyRequest,
    payload: Readable,
    as: keyof typeof SPLITTERS,
    bodyLimit: number,
    budget: BodyBudget,
  ): Promise<BulkBody> {
    const splitter = new SPLITTERS[as](bodyLimit);
    const share = budget.open();
    let inTurn = 0;
    try {
      await readBody(request, payload, (chunk) => {
        splitter.add(chunk);
        const room = share.hold(splitter.held);
        if (room !== undefined) return room;
        if ((inTurn += chunk.length) < BYTES_PER_TURN) return undefined;
        inTurn = 0;
        return nextTurn();
      });
      splitter.end();
    } catch (error) {
      share.release();
      throw error;
    }
    return new BulkBody(splitter.reports, share);
  }

  release(): void {
    this.share.release();
  }
}
