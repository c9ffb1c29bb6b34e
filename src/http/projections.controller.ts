import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { ControlProjection, type ProjectionAction } from '../application/commands/control-projection.handler.js';
import { ReadProjections } from '../application/queries/read-projections.handler.js';
import { invalid, Problem } from '../contract/problem.js';
import { projection, projectionList, rebuildBody, verifyBody, type ProjectionView } from '../contract/projections.js';
import { PROJECTIONS } from '../../projections/index.js';
import { Needs } from './access.js';
import { Answers } from './openapi.js';
import { Said } from './parameters.js';

type Reply = FastifyReply;

/** The projections, for those who keep the ledger running (wire.md, Operations). */
@Controller('projections')
export class ProjectionsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @Needs('read')
  @Answers(projectionList, 503)
  async list() {
    return { projections: await this.queries.execute(new ReadProjections()) };
  }

  @Get(':name')
  @Needs('read')
  @Answers(projection, 404, 503)
  async one(@Param('name') name: string): Promise<ProjectionView> {
    const [found] = await this.queries.execute(new ReadProjections(name));
    if (!found) throw unknown(name);
    return found;
  }

  @Post(':name/rebuild')
  @Needs('operate')
  @HttpCode(202)
  @Answers(projection, 400, 404, 409, 503)
  rebuild(
    @Param('name') name: string,
    @Said(rebuildBody) body: { events_per_second?: number },
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.control(new ControlProjection(name, 'rebuild', { eventsPerSecond: body.events_per_second }), reply);
  }

  @Post(':name/verify')
  @Needs('operate')
  @HttpCode(202)
  @Answers(projection, 400, 404, 409, 503)
  verify(
    @Param('name') name: string,
    @Said(verifyBody) { sample }: { sample?: number },
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const counts = PROJECTIONS.some((one) => one.name === name && one.kind === 'counters');
    if (sample !== undefined && counts) throw invalid('sample', `${name} counts: it can only be verified whole`);
    return this.control(new ControlProjection(name, 'verify', { sample }), reply);
  }

  @Post(':name/rollback')
  @Needs('operate')
  @HttpCode(202)
  @Answers(projection, 404, 409, 503)
  rollback(@Param('name') name: string, @Res({ passthrough: true }) reply: Reply) {
    return this.simply(name, 'rollback', reply);
  }

  @Post(':name/prune')
  @Needs('operate')
  @HttpCode(202)
  @Answers(projection, 404, 409, 503)
  prune(@Param('name') name: string, @Res({ passthrough: true }) reply: Reply) {
    return this.simply(name, 'prune', reply);
  }

  @Post(':name/pause')
  @Needs('operate')
  @HttpCode(202)
  @Answers(projection, 404, 503)
  pause(@Param('name') name: string, @Res({ passthrough: true }) reply: Reply) {
    return this.simply(name, 'pause', reply);
  }

  @Post(':name/resume')
  @Needs('operate')
  @HttpCode(202)
  @Answers(projection, 404, 503)
  resume(@Param('name') name: string, @Res({ passthrough: true }) reply: Reply) {
    return this.simply(name, 'resume', reply);
  }

  @Post(':name/retry')
  @Needs('operate')
  @HttpCode(202)
  @Answers(projection, 404, 409, 503)
  retry(@Param('name') name: string, @Res({ passthrough: true }) reply: Reply) {
    return this.simply(name, 'retry', reply);
  }

  private simply(name: string, action: ProjectionAction, reply: Reply): Promise<ProjectionView> {
    return this.control(new ControlProjection(name, action), reply);
  }

  private async control(command: ControlProjection, reply: Reply): Promise<ProjectionView> {
    const { name } = command;
    const controlled = await this.commands.execute(command);
    if (controlled === 'unknown') throw unknown(name);
    if (controlled !== 'accepted') throw Problem.of('not_now', controlled.notNow);
    void reply.header('location', `/api/v1/projections/${encodeURIComponent(name)}`);
    return this.one(name);
  }
}

const unknown = (name: string): Problem => Problem.of('not_found', `there is no projection ${JSON.stringify(name)}`);
