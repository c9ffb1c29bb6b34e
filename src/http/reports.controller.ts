import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { ReportExecution } from '../application/deciding/command-handlers.js';
import { HandleExecution } from '../application/deciding/handle-execution.js';
import { RUNTIME, STATUS_WORDS, type Runtime } from '../application/ports.js';
import type { DecisionResult } from '../application/request.js';
import { executionView } from '../application/reading/execution-view.js';
import { eventAnswer, heartbeatAnswer, strictAnswer } from '../contract/answers.js';
import { Problem } from '../contract/problem.js';
import type { NamedExecution } from '../contract/primitives.js';
import { eventReport, heartbeat, progressReport, statusReport } from '../contract/reports.js';
import type { EventReport, HeartbeatBody, ProgressReport, StatusReport } from '../contract/reports.js';
import { fromEvent, fromProgress, fromStatus } from '../contract/to-input.js';
import { withUnplaced } from '../contract/unplaced.js';
import { compact } from '../domain/json.js';
import type { Heartbeat, Report } from '../domain/report.js';
import { STATUSES } from '../domain/status.js';
import type { Vocabulary } from '../domain/words.js';
import { Needs, type WithActor } from './access.js';
import {
  toRequest,
  receiptOrProblem,
  setExecutionHeaders,
  type IncomingRequest,
  type Endpoint,
} from './incoming-request.js';
import { nextTurnOf } from './body.js';
import { extra } from './extras.js';
import { Metrics } from './metrics.js';
import { Answers } from './openapi.js';
import { Id } from './parameters.js';
import { MayBeStrict } from './strict.js';

const EVENTS: Endpoint = { source: 'events', kind: 'report', keepsReport: true, schema: eventReport };
const STATUS: Endpoint = {
  source: 'status',
  kind: 'report',
  conditional: true,
  keepsReport: true,
  schema: statusReport,
};
const PROGRESS: Endpoint = {
  source: 'progress',
  kind: 'report',
  conditional: true,
  keepsReport: true,
  schema: progressReport,
};
const HEARTBEAT: Endpoint = { source: 'heartbeat', kind: 'heartbeat', schema: heartbeat };

/** What a fire-and-forget report is answered with, whatever the verdict. */
export function eventReceipt(handled: DecisionResult, reply: FastifyReply) {
  const { applied, created } = handled;
  return {
    success: true,
    ...(applied && created ? { created: true } : {}),
    ...(applied && !created ? { updated: true } : {}),
    ...setExecutionHeaders(reply, handled),
  };
}

/** The endpoints of producers, one report at a time (docs/http-api.md, Reports). */
@Controller()
@Needs('report', { reach: 'named' })
export class ReportsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly executions: HandleExecution,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(STATUS_WORDS) private readonly words: Vocabulary,
    private readonly metrics: Metrics,
  ) {}

  @Post('workflow/executions/events')
  @HttpCode(200)
  @MayBeStrict()
  @Answers(eventAnswer, 400, 503)
  async event(
    @Body({ schema: eventReport }) body: EventReport,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const report = fromEvent(body, this.words);
    const asked = toRequest(request, body.execution_id, withUnplaced(body, report, this.words), EVENTS);
    return eventReceipt(await this.report(asked, report, request), reply);
  }

  @Post('executions/:id/status')
  @HttpCode(200)
  @MayBeStrict()
  @Answers(strictAnswer, 400, 404, 409, 412, 503)
  async status(
    @Id() named: NamedExecution,
    @Body({ schema: statusReport }) body: StatusReport,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const report = fromStatus(body, named, this.words);
    if (typeof report.status === 'object') {
      this.metrics.unknownWords.count(STATUS.source, body.status);
      const detail = `status: ${JSON.stringify(body.status)} is not known; expected one of ${STATUSES.join(', ')}`;
      throw Problem.refused('unsupported_status', detail, { allowed: [...STATUSES] });
    }
    const asked = toRequest(request, named, withUnplaced(body, report, this.words), STATUS);
    const handled = await this.report(asked, report, request);
    return this.shown(handled, report.status ?? 'progress', reply);
  }

  @Post('executions/:id/progress')
  @HttpCode(200)
  @MayBeStrict()
  @Answers(strictAnswer, 400, 404, 409, 412, 503)
  async progress(
    @Id() named: NamedExecution,
    @Body({ schema: progressReport }) body: ProgressReport,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const asked = toRequest(request, named, body, PROGRESS);
    const handled = await this.report(asked, fromProgress(body, named), request);
    return this.shown(handled, 'progress', reply);
  }

  @Post('executions/:id/heartbeat')
  @HttpCode(200)
  @MayBeStrict()
  @Answers(heartbeatAnswer, 400, 404, 503)
  async heartbeat(
    @Id() named: NamedExecution,
    @Body({ schema: heartbeat }) body: HeartbeatBody,
    @Req() request: WithActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { envelope, attempt } = toRequest(request, named, body, HEARTBEAT);
    const beat = compact({ kind: 'heartbeat' as const, attempt, worker: body.worker });
    const handled = await this.commands.execute(new ReportExecution({ ...envelope, input: beat as Heartbeat }));
    if (handled.state.status === 'none') receiptOrProblem(reply, handled, 'heartbeat');
    return { ...setExecutionHeaders(reply, handled), cancelled: handled.state.status === 'cancelled' };
  }

  private async report({ envelope }: IncomingRequest, report: Report, request: WithActor): Promise<DecisionResult> {
    await nextTurnOf(request);
    return this.commands.execute(new ReportExecution({ ...envelope, input: report }));
  }

  private async shown(handled: DecisionResult, requested: string, reply: FastifyReply) {
    const receipt = receiptOrProblem(reply, handled, requested);
    const refused = await extra('refused_count', () => this.executions.refusals.count(handled.executionId));
    return Object.assign(executionView(handled, this.runtime), refused, receipt);
  }
}
