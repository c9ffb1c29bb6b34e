import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Freshness } from '../application/reading/freshness.js';
import { ReadLog } from '../application/reading/read-log.handler.js';
import { logQuery } from '../contract/queries.js';
import { logPage } from '../contract/history.js';
import { START } from '../event-store/position.js';
import { Needs, withinOf } from './access.js';
import { Answers } from './openapi.js';
import { goneSignal, Http, type HttpCall } from './parameters.js';

const DEFAULT_LIMIT = 100;

/** The history of everything (docs/http-api.md, Reads). */
@Controller('events')
@Needs('read', { reach: 'shown' })
export class LogController {
  constructor(
    private readonly queries: QueryBus,
    private readonly freshness: Freshness,
  ) {}

  @Get()
  @Answers(logPage, 400, 409, 503)
  async log(
    @Query({ schema: logQuery }) query: { after?: bigint; limit?: number; wait_ms?: number },
    @Http() http: HttpCall,
  ) {
    const { after = START, limit = DEFAULT_LIMIT, wait_ms = 0 } = query;
    await this.freshness.expectReached(after);
    const page = await this.queries.execute(
      new ReadLog(after, limit, wait_ms, goneSignal(http), withinOf(http.request)),
    );
    void http.reply.header('ledger-position', page.next_after);
    return page;
  }
}
