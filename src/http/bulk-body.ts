import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { BYTES_PER_TURN, ownTurn } from '../event-loop.js';
import type { BodyBudget, Share } from './body-budget.js';
import { readBody } from './read-body.js';
import { ElementSplitter, LineSplitter, type RawReport } from './report-splitter.js';

const SPLITTERS = { lines: LineSplitter, elements: ElementSplitter } as const;

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
    const add = (chunk: Buffer): Promise<void> | undefined => {
      splitter.add(chunk);
      return share.hold(splitter.held);
    };
    try {
      await readBody(request, payload, (chunk) => {
        if ((inTurn += chunk.length) < BYTES_PER_TURN) return add(chunk);
        inTurn = 0;
        return ownTurn().then(() => add(chunk));
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
