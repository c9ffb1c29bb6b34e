import { Controller, Headers, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ReportExecution } from '../application/commands/report.handler.js';
import { digestOf } from '../application/digest.js';
import { FreshExecutions } from '../application/fresh-executions.js';
import { STATUS_WORDS } from '../application/ports.js';
import { receiptOf, type Receipt } from '../application/reply.js';
import { sourceAnswer } from '../contract/answers.js';
import { invalid, Problem } from '../contract/problem.js';
import { readExecutionId } from '../contract/primitives.js';
import { readStatus } from '../contract/to-input.js';
import type { Description } from '../domain/events.js';
import type { TerminalExecution } from '../domain/execution.js';
import { compact } from '../domain/json.js';
import type { Report } from '../domain/report.js';
import type { Vocabulary } from '../domain/words.js';
import { redactedIn, Redaction } from '../redaction/redaction.js';
import { readGitHubDelivery } from '../sources/github.js';
import type { SourceReport } from '../sources/source-report.js';
import { Needs, type WithActor } from './access.js';
import { originOf } from './asking.js';
import { Answers } from './openapi.js';

/** Foreign dialects (wire.md, `POST /sources/github`). Who may is asked before: see `registerSources`. */
@Controller('sources')
export class SourcesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly executions: FreshExecutions,
    @Inject(STATUS_WORDS) private readonly words: Vocabulary,
    private readonly redaction: Redaction,
  ) {}

  @Post('github')
  @Needs('public', { source: 'github' })
  @HttpCode(202)
  @Answers(sourceAnswer, 400, 401, 404, 503)
  async github(
    @Req() request: WithActor,
    @Headers('x-github-event') event: string | undefined,
    @Headers('x-github-delivery') delivery: string | undefined,
  ) {
    if (event === undefined) throw invalid('X-GitHub-Event', 'expected the name of the event');
    const reading = readGitHubDelivery(event, delivery, request.body);
    if ('malformed' in reading) throw Problem.of('validation', `not a ${event} delivery: ${reading.malformed}`);
    if ('ignored' in reading) return { receipts: [], ignored: reading.ignored };
    const receipts: Receipt[] = [];
    for (const report of reading.reports) {
      const addressed = await this.redaction.body(await this.addressed(report));
      receipts.push(receiptOf(await this.commands.execute(commandOf(addressed, request, this.words))));
    }
    return { receipts };
  }

  /** The report, about an execution of its own where it was started again under the id of one that had ended. */
  private async addressed({ again, ...report }: SourceReport): Promise<SourceReport> {
    if (again === undefined) return report;
    const first = (await this.executions.one(report.execution_id))?.state as Partial<TerminalExecution> | undefined;
    const ended = first?.completed_at;
    const isAnother = ended !== undefined && ended < again.started_at;
    return isAnother ? { ...report, execution_id: again.execution_id } : report;
  }
}

function commandOf(source: SourceReport, request: WithActor, words: Vocabulary): ReportExecution {
  const named = readExecutionId(source.execution_id);
  if (typeof named === 'string') throw invalid('execution_id', named);
  const { run_id, workflow_id, parent_execution_id, target, labels } = source;
  const { status_reason, message, completed_at, duration_ms, occurred_at, event_id } = source;
  const report = compact({
    kind: 'report',
    door: 'fire_and_forget',
    ...readStatus(source.status, words, status_reason),
    authority: source.inferred ? 'watchdog' : 'worker',
    status_reason,
    message,
    completed_at,
    duration_ms,
    description: compact({ run_id, workflow_id, parent_execution_id, target, labels }) as Description,
  }) as Report;
  return new ReportExecution(
    {
      executionId: named.executionId,
      origin: originOf(request, 'github'),
      digest: digestOf('report', source),
      received: source,
      redacted: redactedIn(source),
      ...(event_id === undefined ? {} : { id: event_id }),
      ...(occurred_at === undefined ? {} : { occurred_at }),
    },
    report,
  );
}
