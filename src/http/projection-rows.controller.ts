import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiQuery } from '@nestjs/swagger';
import { aboutAll } from '../application/confinement.js';
import { Freshness } from '../application/reading/freshness.js';
import { ReadRows } from '../application/reading/read-rows.handler.js';
import { noProjection, Problem } from '../contract/problem.js';
import { rowsPage, rowsQuery } from '../contract/projections.js';
import { READ_MODEL, type ReadModel } from '../read-model/read-model.js';
import type { ShownRow } from '../read-model/rows-query.js';
import { Needs, withinOf } from './access.js';
import { Answers } from './openapi.js';
import { Http, type HttpCall } from './parameters.js';
import { readRowsQuery, rowsCursor } from './rows-request.js';
import { pageOf } from './written.js';

const DEFAULT_LIMIT = 50;

const show = ({ values, truncated }: ShownRow): object => (truncated.length > 0 ? { ...values, truncated } : values);

/** The rows of any projection, also of one that somebody added. */
@Controller('projections')
export class ProjectionRowsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly freshness: Freshness,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
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
  async rows(@Param('name') name: string, @Query({ schema: rowsQuery }) _documented: object, @Http() http: HttpCall) {
    const projection = this.readModel.projection(name);
    if (projection === undefined) throw noProjection(name);
    const within = withinOf(http.request);
    // A count is of all executions: none of it can be shown of some.
    if (within !== undefined && projection.kind === 'counters') throw Problem.of('forbidden', aboutAll(within));
    const asked = readRowsQuery(projection, http.request.query);
    await this.freshness.untilProjected(asked, name);
    const { filters, absent, after, limit = DEFAULT_LIMIT } = asked;
    const read = this.queries.execute(new ReadRows({ projection, filters, absent, within, limit, after }));
    const page = await this.freshness.withAsOf(read);
    return pageOf(http.reply, { name: 'rows', ...page }, show, ({ place }) => rowsCursor(projection, asked, place));
  }
}
