import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { ReadLog } from '../application/reading/read-log.handler.js';
import { logQuery } from '../contract/queries.js';
import { logPage } from '../contract/history.js';
import { LOG_READS, type LogReads } from '../event-store/event-store.js';
import { START } from '../event-store/position.js';
import { Needs, withinOf, type WithActor } from './access.js';
import { Answers } from './openapi.js';
import { expectReached, goneSignal } from './reads.js';

const DEFAULT_LIMIT = 100;

/** The history of everything (docs/http-api.md, Reads). */
@Controller('events')
@Needs('read', { reach: 'shown' })
export class LogController {
  constructor(
    private readonly queries: QueryBus,
    @Inject(LOG_READS) private readonly store: LogReads,
  ) {}

  @Get()
  @Answers(logPage, 400, 409, 503)
  async log(
    @Query({ schema: logQuery }) query: { after?: bigint; limit?: number; wait_ms?: number },
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { after = START, limit = DEFAULT_LIMIT, wait_ms = 0 } = query;
    await expectReached(this.store, after);
    const page = await this.queries.execute(
      new ReadLog(after, limit, wait_ms, goneSignal(request, reply), withinOf(request)),
    );
    void reply.header('ledger-position', page.next_after);
    return page;
  }
}
