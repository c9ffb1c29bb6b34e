import { applyDecorators, Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type * as z from 'zod';
import { commandOf } from '../application/deciding/command-handlers.js';
import { CascadeCancel } from '../application/deciding/cascade-cancel.handler.js';
import { HandleExecution } from '../application/deciding/handle-execution.js';
import { RUNTIME, type Runtime } from '../application/ports.js';
import { RefusedWhilePaused } from '../application/reading/refused-while-paused.handler.js';
import type { DecisionResult } from '../application/request.js';
import { executionView } from '../application/reading/execution-view.js';
import { derivedId } from '../application/deciding/digest.js';
import * as answers from '../contract/answers.js';
import * as contract from '../contract/commands.js';
import type { AbortBody, CancelBody, DispatchBody, PauseBody, RegisterBody, ResumeBody } from '../contract/commands.js';
import type { NamedExecution } from '../contract/primitives.js';
import { commandInput, type CommandBodies } from '../contract/to-input.js';
import { Needs } from './access.js';
import { toRequest, requestIdOf, receiptOrProblem, setExecutionHeaders, type Endpoint } from './incoming-request.js';
import { nextTurnOf } from './body.js';
import { extra } from './extras.js';
import { Answers } from './openapi.js';
import { cancelled, cascadeAnswer, paused, resumed } from './outcomes.js';
import { Http, Id, Said, type HttpCall } from './parameters.js';

/** Every command's endpoint is conditional but register's: before it there is no revision to name. */
const endpointOf = (kind: string): Endpoint => ({ source: kind, kind, conditional: kind !== 'register' });

/** The endpoint of a command about an execution that is there. */
const Asks = (command: string, answer: z.ZodType): MethodDecorator =>
  applyDecorators(Post(`:id/${command}`), HttpCode(200), Answers(answer, 400, 404, 409, 412, 503));

/** The id of an execution that was given none. Two callers that both count from 1 do not mean one execution. */
const idOf = ({ request: { apiKey } }: HttpCall, requestId: string): string =>
  derivedId('execution', ...(apiKey ? [apiKey.name] : []), requestId);

/** What an operator or a submitter asks for (docs/http-api.md, Commands). */
@Controller('executions')
@Needs('command', { reach: 'named' })
export class CommandsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly executions: HandleExecution,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  @Post()
  @Answers(answers.strictAnswer, 400, 409, 503)
  async register(@Said(contract.registerCommand) body: RegisterBody, @Http() http: HttpCall) {
    const id = requestIdOf(http.request, body.command_id);
    const named = body.execution_id ?? {
      executionId: id === undefined ? this.runtime.newExecutionId() : idOf(http, id),
    };
    const handled = await this.ask('register', named, body, http);
    const receipt = receiptOrProblem(http.reply, handled, 'register');
    const opened = handled.created && !handled.replayed;
    void http.reply.status(opened ? 201 : 200);
    if (opened) void http.reply.header('location', `/api/v1/executions/${encodeURIComponent(handled.executionId)}`);
    const refused = await extra('refused_count', () => this.executions.refusals.count(handled.executionId));
    return { ...executionView(handled, this.runtime), ...refused, ...receipt };
  }

  @Asks('dispatch', answers.receiptAnswer)
  async dispatch(@Id() id: NamedExecution, @Said(contract.dispatchCommand) body: DispatchBody, @Http() http: HttpCall) {
    return receiptOrProblem(http.reply, await this.ask('dispatch', id, body, http), 'dispatch');
  }

  @Asks('abort', answers.receiptAnswer)
  async abort(
    @Id() id: NamedExecution,
    @Body({ schema: contract.abortCommand }) body: AbortBody,
    @Http() http: HttpCall,
  ) {
    return receiptOrProblem(http.reply, await this.ask('abort', id, body, http), 'abort');
  }

  @Asks('resume', answers.resumeAnswer)
  async resume(@Id() id: NamedExecution, @Said(contract.resumeCommand) body: ResumeBody, @Http() http: HttpCall) {
    const handled = await this.ask('resume', id, body, http);
    const answer = { ...receiptOrProblem(http.reply, handled, 'resume'), ...resumed(handled) };
    if (answer.previous_status !== 'paused') return answer;
    const whilePaused = new RefusedWhilePaused(handled.executionId, handled.event!.revision);
    const { refused_while_paused: refused, omitted } = await extra('refused_while_paused', () =>
      this.queries.execute(whilePaused),
    );
    if (refused === undefined) return { ...answer, omitted };
    const truncated = refused.more ? { truncated: ['refused_while_paused'] } : {};
    return { ...answer, refused_while_paused: refused.events, ...truncated };
  }

  @Asks('pause', answers.pauseAnswer)
  async pause(@Id() id: NamedExecution, @Said(contract.pauseCommand) body: PauseBody, @Http() http: HttpCall) {
    const handled = await this.ask('pause', id, body, http);
    return { ...receiptOrProblem(http.reply, handled, 'pause'), ...paused(handled) };
  }

  @Asks('cancel', answers.cancelAnswer)
  async cancel(@Id() id: NamedExecution, @Said(contract.cancelCommand) body: CancelBody, @Http() http: HttpCall) {
    const handled = await this.ask('cancel', id, body, http);
    // A sealed execution is told the truth as a success: whoever cancels wants it over, and it is.
    const receipt =
      handled.verdict === 'conflict'
        ? setExecutionHeaders(http.reply, handled)
        : receiptOrProblem(http.reply, handled, 'cancel');
    const answer = { ...receipt, ...cancelled(handled) };
    if (!body.cascade) return answer;
    const { envelope } = toRequest(http.request, id, body, endpointOf('cancel'));
    const cascade = new CascadeCancel(envelope, body.reason, handled);
    const { children, omitted } = await extra('children', () => this.commands.execute(cascade));
    return { ...answer, ...(children ? cascadeAnswer(children) : { omitted }) };
  }

  private async ask<K extends keyof CommandBodies>(
    kind: K,
    named: NamedExecution,
    body: CommandBodies[K],
    { request }: HttpCall,
  ): Promise<DecisionResult> {
    const { envelope, attempt } = toRequest(request, named, body, endpointOf(kind));
    await nextTurnOf(request);
    const input = commandInput(kind, body, attempt, envelope.digest);
    return this.commands.execute(commandOf(kind, { ...envelope, input }));
  }
}
