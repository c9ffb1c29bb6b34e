import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { ControlProjection, type ProjectionAction } from '../application/commands/control-projection.handler.js';
import { ReadProjections } from '../application/queries/read-projections.handler.js';
import { Problem } from '../contract/problem.js';
import { projection, projectionList, type ProjectionView } from '../contract/projections.js';
import { Needs } from './access.js';
import { Answers } from './openapi.js';

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

  @Post(':name/pause')
  @Needs('operate')
  @HttpCode(202)
  @Answers(projection, 404, 503)
  pause(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.control(name, 'pause', reply);
  }

  @Post(':name/resume')
  @Needs('operate')
  @HttpCode(202)
  @Answers(projection, 404, 503)
  resume(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.control(name, 'resume', reply);
  }

  @Post(':name/retry')
  @Needs('operate')
  @HttpCode(202)
  @Answers(projection, 404, 409, 503)
  retry(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.control(name, 'retry', reply);
  }

  private async control(name: string, action: ProjectionAction, reply: FastifyReply): Promise<ProjectionView> {
    const controlled = await this.commands.execute(new ControlProjection(name, action));
    if (controlled === 'unknown') throw unknown(name);
    if (controlled !== 'accepted') throw Problem.of('not_now', controlled.notNow);
    void reply.header('location', `/api/v1/projections/${encodeURIComponent(name)}`);
    return this.one(name);
  }
}

const unknown = (name: string): Problem => Problem.of('not_found', `there is no projection ${JSON.stringify(name)}`);
