import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { PROJECTIONS } from '../../projections/index.js';
import { ControlProjection, type ProjectionAction } from '../application/operating/control-projection.handler.js';
import { ReadProjections } from '../application/operating/read-projections.handler.js';
import { invalid, noProjection, Problem } from '../contract/problem.js';
import { projection, projectionList, rebuildBody, verifyBody, type ProjectionView } from '../contract/projections.js';
import type { OperationOptions } from '../rebuild/projection-operation.js';
import { Needs } from './access.js';
import { originOf } from './incoming-request.js';
import { Answers } from './openapi.js';
import { Http, Said, type HttpCall } from './parameters.js';

/** Projections are of all executions. */
const ALL = { reach: 'everything' } as const;

/** The projections, for those who keep the ledger running (docs/http-api.md, Operations). */
@Controller('projections')
export class ProjectionsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @Needs('read', ALL)
  @Answers(projectionList, 503)
  async list() {
    return { projections: await this.queries.execute(new ReadProjections()) };
  }

  @Get(':name')
  @Needs('read', ALL)
  @Answers(projection, 404, 503)
  async one(@Param('name') name: string): Promise<ProjectionView> {
    const [found] = await this.queries.execute(new ReadProjections(name));
    if (!found) throw noProjection(name);
    return found;
  }

  @Post(':name/rebuild')
  @Needs('operate', ALL)
  @HttpCode(202)
  @Answers(projection, 400, 404, 409, 503)
  rebuild(
    @Param('name') name: string,
    @Said(rebuildBody) body: { events_per_second?: number },
    @Http() http: HttpCall,
  ) {
    return this.control(name, 'rebuild', http, { eventsPerSecond: body.events_per_second });
  }

  @Post(':name/verify')
  @Needs('operate', ALL)
  @HttpCode(202)
  @Answers(projection, 400, 404, 409, 503)
  verify(@Param('name') name: string, @Said(verifyBody) { sample }: { sample?: number }, @Http() http: HttpCall) {
    const counts = PROJECTIONS.some((one) => one.name === name && one.kind === 'counters');
    if (sample !== undefined && counts) throw invalid('sample', `${name} counts: it can only be verified whole`);
    return this.control(name, 'verify', http, { sample });
  }

  @Post(':name/rollback')
  @Needs('operate', ALL)
  @HttpCode(202)
  @Answers(projection, 404, 409, 503)
  rollback(@Param('name') name: string, @Http() http: HttpCall) {
    return this.control(name, 'rollback', http);
  }

  @Post(':name/prune')
  @Needs('operate', ALL)
  @HttpCode(202)
  @Answers(projection, 404, 409, 503)
  prune(@Param('name') name: string, @Http() http: HttpCall) {
    return this.control(name, 'prune', http);
  }

  @Post(':name/pause')
  @Needs('operate', ALL)
  @HttpCode(202)
  @Answers(projection, 404, 503)
  pause(@Param('name') name: string, @Http() http: HttpCall) {
    return this.control(name, 'pause', http);
  }

  @Post(':name/resume')
  @Needs('operate', ALL)
  @HttpCode(202)
  @Answers(projection, 404, 503)
  resume(@Param('name') name: string, @Http() http: HttpCall) {
    return this.control(name, 'resume', http);
  }

  @Post(':name/retry')
  @Needs('operate', ALL)
  @HttpCode(202)
  @Answers(projection, 404, 409, 503)
  retry(@Param('name') name: string, @Http() http: HttpCall) {
    return this.control(name, 'retry', http);
  }

  private async control(
    name: string,
    action: ProjectionAction,
    { request, reply }: HttpCall,
    options: OperationOptions = {},
  ): Promise<ProjectionView> {
    const asked = new ControlProjection(name, action, originOf(request, 'projections'), options);
    const controlled = await this.commands.execute(asked);
    if (controlled === 'unknown') throw noProjection(name);
    if (controlled !== 'accepted') throw Problem.of('not_now', controlled.notNow);
    void reply.header('location', `/api/v1/projections/${encodeURIComponent(name)}`);
    return this.one(name);
  }
}
