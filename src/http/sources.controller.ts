import { Controller, Headers, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ReportExecution } from '../application/commands/report.handler.js';
import { digestOf } from '../application/digest.js';
import { STATUS_WORDS } from '../application/ports.js';
import { receiptOf, type Receipt } from '../application/reply.js';
import { sourceAnswer } from '../contract/answers.js';
import { invalid, Problem } from '../contract/problem.js';
import { readExecutionId } from '../contract/primitives.js';
import { readStatus } from '../contract/to-input.js';
import type { Description } from '../domain/events.js';
import { compact } from '../domain/json.js';
import type { Report } from '../domain/report.js';
import type { Vocabulary } from '../domain/words.js';
import { isSignedByGitHub } from '../sources/github-signature.js';
import { readGitHubDelivery } from '../sources/github.js';
import type { SourceReport } from '../sources/source-report.js';
import { Needs, type WithActor } from './access.js';
import type { WithRawBody } from './body.js';
import { originOf } from './asking.js';
import { Answers } from './openapi.js';

/** How GitHub's door is kept: by secrets, any of which will do, so that one can be replaced; or by being this machine's alone. */
export interface GitHubDoor {
  readonly secrets: readonly string[];
  /** Whether it stands open without a secret: on loopback and without keys, for behind a proxy loopback is the world. */
  readonly open: boolean;
}
export const GITHUB_DOOR = Symbol('GitHubDoor');

/** Foreign dialects (wire.md, `POST /sources/github`). */
@Controller('sources')
@Needs('public')
export class SourcesController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(GITHUB_DOOR) private readonly door: GitHubDoor,
    @Inject(STATUS_WORDS) private readonly words: Vocabulary,
  ) {}

  @Post('github')
  @HttpCode(202)
  @Answers(sourceAnswer, 400, 401, 404, 503)
  async github(
    @Req() request: WithActor & WithRawBody,
    @Headers('x-github-event') event: string | undefined,
    @Headers('x-github-delivery') delivery: string | undefined,
    @Headers('x-hub-signature-256') signature: string | undefined,
  ) {
    this.admit(request.rawBody, signature);
    if (event === undefined) throw invalid('X-GitHub-Event', 'expected the name of the event');
    const reading = readGitHubDelivery(event, delivery, request.body);
    if ('malformed' in reading) throw Problem.of('validation', `not a ${event} delivery: ${reading.malformed}`);
    if ('ignored' in reading) return { receipts: [], ignored: reading.ignored };
    const receipts: Receipt[] = [];
    for (const report of reading.reports) {
      receipts.push(receiptOf(await this.commands.execute(commandOf(report, request, this.words))));
    }
    return { receipts };
  }

  private admit(body: Buffer | undefined, signature: string | undefined): void {
    const { secrets, open } = this.door;
    if (secrets.length === 0) {
      if (!open) throw Problem.of('no_such_endpoint', 'this endpoint opens when GITHUB_WEBHOOK_SECRET is set');
      return;
    }
    // Each is tried, so that the time taken does not tell which one it was.
    const fitting = secrets.filter((secret) => isSignedByGitHub(secret, body ?? Buffer.alloc(0), signature));
    if (fitting.length === 0)
      throw Problem.of('unauthorized', 'X-Hub-Signature-256 is missing or was not made with the secret');
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
      ...(event_id === undefined ? {} : { id: event_id }),
      ...(occurred_at === undefined ? {} : { occurred_at }),
    },
    report,
  );
}
