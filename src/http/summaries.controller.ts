import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { statusCounts as countsProjection } from '../../projections/status-counts.js';
import { RUNTIME, type Runtime } from '../application/ports.js';
import { CountStatuses } from '../application/queries/count-statuses.handler.js';
import { countsQuery, statusCounts, type CountsQuery } from '../contract/queries.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.js';
import { READ_MODEL, type Checkpoint, type ReadModel } from '../read-model/read-model.js';
import { Needs } from './access.js';
import { Answers } from './openapi.js';
import { asOf, untilProjected } from './reads.js';

/** What many executions come to: read from the projections that add up (wire.md, Reads). */
@Controller()
@Needs('read')
export class SummariesController {
  constructor(
    private readonly queries: QueryBus,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  @Get('status-counts')
  @Answers(statusCounts, 400, 409, 503)
  async counts(
    @Query({ schema: countsQuery }) { wait_for, wait_ms, ...request }: CountsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await untilProjected(this.readModel, this.store, { wait_for, wait_ms }, countsProjection.name);
    const { counts, checkpoint } = await this.queries.execute(new CountStatuses(request));
    return { counts, as_of: await this.reflects(checkpoint, reply) };
  }

  private reflects(checkpoint: Checkpoint, reply: FastifyReply) {
    void reply.header('ledger-position', String(checkpoint.position));
    return asOf(checkpoint, this.store, this.runtime.clock());
  }
}
