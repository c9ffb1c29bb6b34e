import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiQuery } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { aboutAll } from '../application/confinement.js';
import { RUNTIME, type Runtime } from '../application/ports.js';
import { ReadRows } from '../application/reading/read-rows.handler.js';
import { Problem } from '../contract/problem.js';
import { rowsPage, rowsQuery } from '../contract/projections.js';
import { LOG_READS, type LogReads } from '../event-store/event-store.js';
import { READ_MODEL, type ReadModel } from '../read-model/read-model.js';
import type { ShownRow } from '../read-model/rows-query.js';
import { Needs, withinOf, type WithActor } from './access.js';
import { Answers } from './openapi.js';
import { untilProjected, withAsOf } from './reads.js';
import { readRowsQuery, rowsCursor } from './rows-request.js';
import { pageOf } from './written.js';

const DEFAULT_LIMIT = 50;

const show = ({ values, truncated }: ShownRow): object => (truncated.length > 0 ? { ...values, truncated } : values);

/** The rows of any projection, also of one that somebody added. */
@Controller('projections')
export class ProjectionRowsController {
  constructor(
    private readonly queries: QueryBus,
    @Inject(LOG_READS) private readonly store: LogReads,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  @Get(':name/rows')
  @Needs('read', { reach: 'shown' })
  @ApiQuery({
    name: 'column',
    required: false,
    schema: { type: 'object', additionalProperties: { type: 'string' } },
    style: 'form',
    explode: true,
    description: 'Columns by their names, each with the value that its rows have',
  })
  @Answers(rowsPage, 400, 404, 409, 503)
  async rows(
    @Param('name') name: string,
    @Query({ schema: rowsQuery }) _documented: object,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const projection = this.readModel.projection(name);
    if (projection === undefined) throw Problem.of('not_found', `there is no projection ${JSON.stringify(name)}`);
    const within = withinOf(request);
    // A count is of all executions: none of it can be shown of some.
    if (within !== undefined && projection.kind === 'counters') throw Problem.of('forbidden', aboutAll(within));
    const asked = readRowsQuery(projection, request.query);
    await untilProjected(this.readModel, this.store, asked, name);
    const { filters, absent, after, limit = DEFAULT_LIMIT } = asked;
    const read = this.queries.execute(new ReadRows({ projection, filters, absent, within, limit, after }));
    const page = await withAsOf({ store: this.store, clock: this.runtime.clock }, read);
    return pageOf(reply, { name: 'rows', ...page }, show, ({ place }) => rowsCursor(projection, asked, place));
  }
}
