import { Controller, Get, Inject, Res, VERSION_NEUTRAL } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RUNTIME, type Runtime } from '../application/ports.js';
import { Problem } from '../contract/problem.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.js';
import type { Position } from '../event-store/position.js';
import { READ_MODEL, type ReadModel } from '../read-model/read-model.js';
import { Needs } from './access.js';
import { Metrics } from './metrics.js';

/** How long a projection may stand still behind the head before it counts as stuck, in milliseconds. */
const STUCK_AFTER_MS = 30_000;

/** For those who keep the ledger running (wire.md, Operations). */
@Controller({ version: VERSION_NEUTRAL })
export class OperationsController {
  private seen: { position: Position; at: number } | undefined;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @Needs('public')
  live() {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Needs('public')
  async ready() {
    const [head, { position }] = await Promise.all([this.store.head(), this.readModel.checkpoint()]);
    const now = this.runtime.clock();
    if (position >= head || this.seen?.position !== position) this.seen = { position, at: now };
    if (now - this.seen.at > STUCK_AFTER_MS) {
      throw Problem.of('unavailable', `the projection stands at ${position} while the log is at ${head}`);
    }
    return { status: 'ready', head: String(head), checkpoint: String(position) };
  }

  @Get('metrics')
  @Needs('read')
  async scrape(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('content-type', this.metrics.contentType).serializer((payload: string) => payload);
    return this.metrics.text();
  }
}
