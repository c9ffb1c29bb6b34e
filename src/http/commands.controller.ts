import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { AbortExecution } from '../application/commands/abort.handler.js';
import type { Asked } from '../application/commands/ask.js';
import { CancelExecution } from '../application/commands/cancel.handler.js';
import { CascadeCancel } from '../application/commands/cascade-cancel.handler.js';
import { DispatchExecution } from '../application/commands/dispatch.handler.js';
import { PauseExecution } from '../application/commands/pause.handler.js';
import { RegisterExecution } from '../application/commands/register.handler.js';
import { ResumeExecution } from '../application/commands/resume.handler.js';
import { HandleExecution } from '../application/handle-execution.js';
import { RUNTIME, type Runtime } from '../application/ports.js';
import { RefusedWhilePaused } from '../application/queries/refused-while-paused.handler.js';
import type { Handled } from '../application/request.js';
import { viewOf } from '../application/view.js';
import { derivedId } from '../application/digest.js';
import * as answers from '../contract/answers.js';
import * as contract from '../contract/commands.js';
import { executionId, type NamedExecution } from '../contract/primitives.js';
import type { EventDataByType } from '../domain/events.js';
import { Needs, type WithActor } from './access.js';
import { asking, requestIdOf, settled, stamp, type Door } from './asking.js';
import { Answers } from './openapi.js';
import { cancelled, cascadeAnswer, resumed } from './outcomes.js';
import { orEmpty } from './or-empty.js';

type Ids = Parameters<typeof asking>[2];

/** Every command's door is conditional but register's: before it there is no revision to name. */
const door = (kind: string): Door => ({ source: kind, kind, conditional: kind !== 'register' });

/** What an operator or a submitter asks for (wire.md, Commands). */
@Controller('executions')
@Needs('command')
export class CommandsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly executions: HandleExecution,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  @Post()
  @Answers(answers.strictAnswer, 400, 409, 503)
  async register(
    @Body({ schema: orEmpty(contract.registerCommand) }) body: contract.RegisterBody,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const id = requestIdOf(request, body.command_id);
    const derived = (): string => (id === undefined ? this.runtime.newExecutionId() : derivedId('execution', id));
    const named = body.execution_id ?? { executionId: derived() };
    const handled = await this.ask(RegisterExecution, 'register', named, body, request);
    const receipt = settled(reply, handled, 'register');
    const opened = handled.created && !handled.replayed;
    void reply.status(opened ? 201 : 200);
    if (opened) void reply.header('location', `/api/v1/executions/${encodeURIComponent(handled.executionId)}`);
    return { ...(await viewOf(handled, this.executions, this.runtime)), ...receipt };
  }

  @Post(':id/dispatch')
  @HttpCode(200)
  @Answers(answers.receiptAnswer, 400, 404, 409, 412, 503)
  async dispatch(
    @Param('id', { schema: executionId }) named: NamedExecution,
    @Body({ schema: orEmpty(contract.dispatchCommand) }) body: contract.DispatchBody,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return settled(reply, await this.ask(DispatchExecution, 'dispatch', named, body, request), 'dispatch');
  }

  @Post(':id/abort')
  @HttpCode(200)
  @Answers(answers.receiptAnswer, 400, 404, 409, 412, 503)
  async abort(
    @Param('id', { schema: executionId }) named: NamedExecution,
    @Body({ schema: contract.abortCommand }) body: contract.AbortBody,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return settled(reply, await this.ask(AbortExecution, 'abort', named, body, request), 'abort');
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Answers(answers.resumeAnswer, 400, 404, 409, 412, 503)
  async resume(
    @Param('id', { schema: executionId }) named: NamedExecution,
    @Body({ schema: orEmpty(contract.resumeCommand) }) body: contract.ResumeBody,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const handled = await this.ask(ResumeExecution, 'resume', named, body, request);
    const answer = { ...settled(reply, handled, 'resume'), ...resumed(handled) };
    if (answer.previous_status !== 'paused') return answer;
    const whilePaused = new RefusedWhilePaused(handled.executionId, handled.event!.revision);
    return { ...answer, refused_while_paused: await this.queries.execute(whilePaused) };
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Answers(answers.pauseAnswer, 400, 404, 409, 412, 503)
  async pause(
    @Param('id', { schema: executionId }) named: NamedExecution,
    @Body({ schema: orEmpty(contract.pauseCommand) }) body: contract.PauseBody,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const handled = await this.ask(PauseExecution, 'pause', named, body, request);
    const receipt = settled(reply, handled, 'pause');
    const { event, state } = handled;
    const paused_at = event?.recorded_at ?? (state.status === 'paused' ? state.paused_at : undefined);
    const previous = (event?.data as EventDataByType['ExecutionPaused'] | undefined)?.previous_status;
    return { ...receipt, previous_status: previous ?? state.status, paused_at };
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Answers(answers.cancelAnswer, 400, 404, 409, 412, 503)
  async cancel(
    @Param('id', { schema: executionId }) named: NamedExecution,
    @Body({ schema: orEmpty(contract.cancelCommand) }) body: contract.CancelBody,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const handled = await this.ask(CancelExecution, 'cancel', named, body, request);
    // A sealed execution is told the truth as a success: whoever cancels wants it over, and it is.
    const receipt = handled.verdict === 'conflict' ? stamp(reply, handled) : settled(reply, handled, 'cancel');
    const answer = { ...receipt, ...cancelled(handled) };
    if (!body.cascade) return answer;
    const { ask } = asking(request, named, body, door('cancel'));
    return { ...answer, ...cascadeAnswer(await this.commands.execute(new CascadeCancel(ask, body.reason, handled))) };
  }

  private ask<Body extends Ids>(
    command: new (ask: Asked<Body>['ask'], body: Body, attempt?: number) => Asked<Body>,
    kind: string,
    named: NamedExecution,
    body: Body,
    request: WithActor,
  ): Promise<Handled> {
    const { ask, attempt } = asking(request, named, body, door(kind));
    return this.commands.execute(new command(ask, body, attempt));
  }
}
